#include "engine/learn/expanded/value_expansion.h"

#include <algorithm>
#include <numeric>

#include "engine/base/check.h"
#include "engine/base/view.h"

namespace equipoise::learn {

void ExpandedTargets(int64_t horizon, int64_t n, double gamma, const float* recorded, const float* imagined,
                     const float* value, float* y, const double* paid) {
  for (int64_t i = 0; i < n; ++i) {
    double next = value[i];
    for (int64_t k = horizon; k >= 0; --k) {
      if (paid != nullptr) next += paid[k * n + i];
      next = (k > 0 ? imagined[(k - 1) * n + i] : recorded[i]) + gamma * next;
      y[k * n + i] = static_cast<float>(next);
    }
  }
}

void BlendedTargets(int64_t horizon, int64_t n, const double* mean, const double* variance, float* y, double* weights) {
  std::vector<double> weight(static_cast<size_t>(horizon + 1));
  for (int64_t i = 0; i < n; ++i) {
    double sum = 0, blended = 0;
    for (int64_t k = 0; k <= horizon; ++k) sum += weight[static_cast<size_t>(k)] = 1 / (variance[k * n + i] + 1e-8);
    for (int64_t k = 0; k <= horizon; ++k) {
      const double share = weight[static_cast<size_t>(k)] / sum;
      blended += share * mean[k * n + i];
      weights[k] += share / static_cast<double>(n);
    }
    y[i] = static_cast<float>(blended);
  }
}

ValueExpansion::ValueExpansion(const model::WorldModel* ahead, const ValueExpansionSettings& settings, int64_t rows,
                               int64_t states, int64_t actions, bool pays)
    : ahead_(ahead),
      settings_(settings),
      rows_(rows),
      states_(states),
      actions_(actions),
      horizon_(ahead != nullptr && ahead->trained() ? settings.horizon : 0),
      pays_(pays) {
  Room(s_, (horizon_ + 2) * rows * states);
  Room(a_, (horizon_ + 2) * rows * actions);
  Room(valued_, rows * actions);
  Room(value_, rows);
  Room(y_, (horizon_ + 1) * rows);
  paid_.assign(static_cast<size_t>((horizon_ + 1) * rows), 0.0);
  errors_.assign(static_cast<size_t>(fitted_horizon() + 1), 0.0);
  if (horizon_ == 0) return;
  EQ_CHECK(
      ahead->carry_size() == 0 && ahead->beliefs_limit() != model::WorldModel::kBeyondCount,
      "recorded steps go on in a model without a past, whose beliefs can be counted; \"" + ahead->id() + "\" is none");
  rollout_ = ahead->NewRollout();
  for (int64_t i = 0; i < ahead->beliefs_limit(); ++i) beliefs_.Append(ahead->Nth(i));
  Room(r_, horizon_ * rows);
  Room(z_, 2 * rows * states);
  still_.assign(static_cast<size_t>(rows * states), 0.0f);
  if (!blended()) return;
  weights_.assign(static_cast<size_t>(horizon_ + 1), 0.0);
  mean_.resize(static_cast<size_t>((horizon_ + 1) * rows));
  square_.resize(mean_.size());
}

// Steps 1 .. H from the recorded next states, to s_ and r_; of the actions all but the last are taken.
void ValueExpansion::Roll(const model::Belief& beliefs, const Recorded& batch, const Act& act) {
  const replay::Normaliser& norm = ahead_->normaliser();
  const int64_t S = states_, size = rows_ * S;
  const double reward_sd = norm.y_sd[static_cast<size_t>(S)], reward_mean = norm.y_mean[static_cast<size_t>(S)];
  for (int64_t i = 0; i < size; ++i) {
    const auto j = static_cast<size_t>(i % S);
    z_[static_cast<size_t>(i)] = static_cast<float>((batch.s_next[i] - norm.x_mean[j]) / norm.x_sd[j]);
  }
  rollout_->Begin(rows_, horizon_, false, &beliefs, nullptr);
  for (int64_t t = 0; t < horizon_; ++t) {
    const float* from = z_.data() + t % 2 * size;
    float *to = z_.data() + (t + 1) % 2 * size, *next = s_.data() + (t + 2) * size, *reward = r_.data() + t * rows_;
    float* action = a_.data() + (t + 1) * rows_ * actions_;
    act(t + 1, s_.data() + (t + 1) * size, false, action, paid_.data() + t * rows_);
    rollout_->Step(t, from, action, still_.data(), to, reward);
    for (int64_t i = 0; i < rows_; ++i) reward[i] = static_cast<float>(reward[i] * reward_sd + reward_mean);
    for (int64_t i = 0; i < size; ++i) {
      const auto j = static_cast<size_t>(i % S);
      next[i] = static_cast<float>(to[i] * norm.x_sd[j] + norm.x_mean[j]);
    }
  }
}

// Q' of step k, to value_.
void ValueExpansion::Value(int64_t k, const Act& act, Critics* critics, const std::vector<size_t>& chosen) {
  const float* s = s_.data() + k * rows_ * states_;
  act(k, s, true, valued_.data(), paid_.data() + (k - 1) * rows_);
  critics->Target(s, valued_.data(), chosen, value_.data());
}

ValueExpansion::Fit ValueExpansion::Targets(const Recorded& batch, double gamma, const Act& act, Critics* critics,
                                            const std::vector<size_t>& all) {
  ++batches_;
  std::copy_n(batch.s_next, rows_ * states_, s_.data() + rows_ * states_);
  if (blended()) {
    Blend(batch, gamma, act, critics, all);
    return {batch.s, batch.a, y_.data()};
  }
  if (horizon_ > 0) Roll(beliefs_, batch, act);
  Value(horizon_ + 1, act, critics, all);
  ExpandedTargets(horizon_, rows_, gamma, batch.r, r_.data(), value_.data(), y_.data(), pays_ ? paid_.data() : nullptr);
  if (fitted_horizon() == 0) return {batch.s, batch.a, y_.data()};
  std::copy_n(batch.s, rows_ * states_, s_.data());
  std::copy_n(batch.a, rows_ * actions_, a_.data());
  return {s_.data(), a_.data(), y_.data()};
}

void ValueExpansion::Blend(const Recorded& batch, double gamma, const Act& act, Critics* critics,
                           const std::vector<size_t>& all) {
  std::fill(mean_.begin(), mean_.end(), 0.0);
  std::fill(square_.begin(), square_.end(), 0.0);
  for (int64_t b = 0; b < beliefs_.count; ++b) {
    Roll(beliefs_.Part({b, 1}), batch, act);
    for (int64_t k = 0; k <= horizon_; ++k) {
      for (const size_t critic : all) {
        Value(k + 1, act, critics, {critic});
        for (int64_t i = 0; i < rows_; ++i) {
          double candidate = value_[static_cast<size_t>(i)];
          for (int64_t j = k; j >= 0; --j) {
            if (pays_) candidate += paid_[static_cast<size_t>(j * rows_ + i)];
            candidate = (j > 0 ? r_[static_cast<size_t>((j - 1) * rows_ + i)] : batch.r[i]) + gamma * candidate;
          }
          mean_[static_cast<size_t>(k * rows_ + i)] += candidate;
          square_[static_cast<size_t>(k * rows_ + i)] += candidate * candidate;
        }
      }
    }
  }
  const auto count = static_cast<double>(beliefs_.count) * static_cast<double>(all.size());
  for (size_t i = 0; i < mean_.size(); ++i) {
    mean_[i] /= count;
    square_[i] = std::max(0.0, square_[i] / count - mean_[i] * mean_[i]);  // now the variance
  }
  BlendedTargets(horizon_, rows_, mean_.data(), square_.data(), y_.data(), weights_.data());
}

void ValueExpansion::Count(const std::vector<double>& errors) {
  for (int64_t k = 0; k <= fitted_horizon(); ++k) {
    double sum = 0;
    for (int64_t i = 0; i < rows_; ++i) sum += errors[static_cast<size_t>(k * rows_ + i)];
    errors_[static_cast<size_t>(k)] += sum / static_cast<double>(rows_);
  }
}

std::vector<double> ValueExpansion::errors() const {
  std::vector<double> means = errors_;
  for (double& x : means) x /= static_cast<double>(std::max<int64_t>(batches_, 1));
  return means;
}

std::vector<double> ValueExpansion::weights() const {
  std::vector<double> means = weights_;
  for (double& x : means) x /= static_cast<double>(std::max<int64_t>(batches_, 1));
  return means;
}

std::map<std::string, double> ValueExpansion::Scalars(const std::string& id) const {
  const std::vector<double> by_step = errors(), trust = weights();
  std::map<std::string, double> scalars = {{id + ".td_error_recorded", by_step[0]}};
  if (by_step.size() > 1) {
    scalars[id + ".td_error_imagined"] =
        std::accumulate(by_step.begin() + 1, by_step.end(), 0.0) / static_cast<double>(by_step.size() - 1);
    scalars[id + ".td_error_furthest"] = by_step.back();
  }
  if (trust.empty()) return scalars;
  double trusted = 0;
  for (size_t k = 0; k < trust.size(); ++k) trusted += static_cast<double>(k) * trust[k];
  scalars[id + ".steps_trusted"] = trusted;
  scalars[id + ".weight_of_none"] = trust[0];
  return scalars;
}

}  // namespace equipoise::learn
