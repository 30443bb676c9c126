#include "engine/learn/critics.h"

#include <algorithm>

namespace equipoise::learn {

void Join(int64_t n, int64_t states, int64_t actions, const float* s, const float* a, float* joint) {
  for (int64_t i = 0; i < n; ++i) {
    std::copy_n(s + i * states, states, joint + i * (states + actions));
    std::copy_n(a + i * actions, actions, joint + i * (states + actions) + states);
  }
}

Critics::Critics(const nets::NetworkParts& parts, std::vector<TargetedNet>* critics, int64_t states, int64_t actions,
                 int64_t rows, Team* team, int64_t fit_rows)
    : states_(states),
      actions_(actions),
      rows_(rows),
      fit_rows_(fit_rows > 0 ? fit_rows : rows),
      team_(team),
      critics_(critics->size()),
      joint_(static_cast<size_t>(std::max(rows_, fit_rows_) * (states + actions))) {
  for (size_t j = 0; j < critics_.size(); ++j) {
    TargetedNet& from = (*critics)[j];
    Critic& c = critics_[j];
    c.net = parts.NewWeights(&from.net, &from.adam);
    c.target = parts.NewWeights(&from.target, nullptr);
    c.pass = parts.NewPass(from.spec, rows);
    c.q = c.pass->output();
    if (fit_rows_ != rows_) c.own_fit = parts.NewPass(from.spec, fit_rows_);
    c.fitted = c.fit().output();
    c.gradient = c.net->NewGradient();
    c.djoint.resize(static_cast<size_t>(rows * (states + actions)));
    c.climbed.reserve(static_cast<size_t>(rows));
  }
}

template <class Work>
void Critics::Each(size_t count, const Work& work) {
  RunTasks(team_, static_cast<int>(count), [&](int j) { work(critics_[static_cast<size_t>(j)]); });
}

void Critics::Target(const float* s, const float* a, const std::vector<size_t>& chosen, float* least) {
  Join(rows_, states_, actions_, s, a, joint_.data());
  RunTasks(team_, static_cast<int>(chosen.size()), [&](int k) {
    Critic& c = critics_[chosen[static_cast<size_t>(k)]];
    c.pass->Evaluate(*c.target, joint_.data());
  });
  std::copy_n(critics_[chosen[0]].q, rows_, least);
  for (size_t k = 1; k < chosen.size(); ++k) {
    const float* q = critics_[chosen[k]].q;
    for (int64_t i = 0; i < rows_; ++i) least[i] = std::min(least[i], q[i]);
  }
}

Critics::Fitted Critics::Fit(const float* s, const float* a, const float* y, double lr, double* errors) {
  const int64_t n = fit_rows_;
  Join(n, states_, actions_, s, a, joint_.data());
  Each(critics_.size(), [&](Critic& c) {
    c.fit().Forward(*c.net, joint_.data());
    float* dq = c.fit().output_gradient();
    c.loss = 0;
    for (int64_t i = 0; i < n; ++i) {
      const float error = c.fitted[i] - y[i];
      c.loss += static_cast<double>(error) * error / static_cast<double>(n);
      dq[i] = 2.0f * error / static_cast<float>(n);
    }
    c.gradient->Clear();
    c.fit().Backward(c.gradient.get(), nullptr);
    c.norm = c.net->Step(c.loss, *c.gradient, lr, 0.0).norm;
  });
  const auto count = static_cast<double>(critics_.size());
  Fitted fitted;
  for (const Critic& c : critics_) {
    fitted.loss += c.loss;
    fitted.norm += c.norm;
  }
  fitted.norm /= count;
  for (int64_t i = 0; i < n; ++i) {
    float least = critics_[0].fitted[i], largest = least;
    double sum = 0, square = 0;
    for (const Critic& c : critics_) {
      least = std::min(least, c.fitted[i]);
      largest = std::max(largest, c.fitted[i]);
      sum += c.fitted[i];
      if (errors != nullptr) square += static_cast<double>(c.fitted[i] - y[i]) * (c.fitted[i] - y[i]);
    }
    fitted.mean += sum / static_cast<double>(n * static_cast<int64_t>(critics_.size()));
    fitted.apart += (largest - least) / static_cast<double>(n);
    if (errors != nullptr) errors[i] = square / count;
  }
  return fitted;
}

Critics::Valued Critics::ActionGradient(const float* s, const float* a, CriticValue value, float factor, float* daction,
                                        float* dstate) {
  Join(rows_, states_, actions_, s, a, joint_.data());
  const size_t critics = value == CriticValue::kFirst ? 1 : critics_.size();
  Each(critics, [&](Critic& c) {
    c.pass->Forward(*c.net, joint_.data());
    c.climbed.clear();
  });
  const bool mean = value == CriticValue::kMean;
  const float share = factor / static_cast<float>(mean ? rows_ * static_cast<int64_t>(critics) : rows_);
  Valued valued;
  for (int64_t i = 0; i < rows_; ++i) {
    size_t least = 0;
    double sum = 0, largest = critics_[0].q[i];
    for (size_t j = 0; j < critics; ++j) {
      const float q = critics_[j].q[i];
      if (!(critics_[least].q[i] <= q)) least = j;
      sum += q;
      largest = std::max<double>(largest, q);
    }
    for (size_t j = mean ? 0 : least; j < (mean ? critics : least + 1); ++j) {
      critics_[j].pass->output_gradient()[i] = share;
      critics_[j].climbed.push_back(i);
    }
    valued.mean += (mean ? sum / static_cast<double>(critics) : critics_[least].q[i]) / static_cast<double>(rows_);
    valued.largest = i == 0 ? largest : std::max(valued.largest, largest);
  }
  Each(critics, [](Critic& c) { c.pass->BackwardInput(c.climbed, c.djoint.data()); });
  std::fill_n(daction, rows_ * actions_, 0.0f);
  if (dstate != nullptr) std::fill_n(dstate, rows_ * states_, 0.0f);
  for (size_t j = 0; j < critics; ++j) {
    const Critic& c = critics_[j];
    const float* djoint = c.djoint.data();
    for (const int64_t i : c.climbed) {
      for (int64_t k = 0; k < states_ && dstate != nullptr; ++k) dstate[i * states_ + k] += djoint[k];
      for (int64_t k = 0; k < actions_; ++k) daction[i * actions_ + k] += djoint[states_ + k];
      djoint += states_ + actions_;
    }
  }
  return valued;
}

void Critics::Polyak(double tau) {
  Each(critics_.size(), [tau](Critic& c) { c.target->MoveTowards(*c.net, tau); });
}

void Critics::Store() {
  for (Critic& c : critics_) {
    c.net->Store();
    c.target->Store();
  }
}

int Critics::skipped() const {
  int skipped = 0;
  for (const Critic& c : critics_) skipped += c.net->skipped();
  return skipped;
}

bool Critics::reloaded() const {
  return std::any_of(critics_.begin(), critics_.end(), [](const Critic& c) { return c.net->reloaded(); });
}

}  // namespace equipoise::learn
