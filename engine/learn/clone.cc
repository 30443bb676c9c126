#include "engine/learn/clone.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/base/view.h"
#include "engine/learn/ppo.h"

namespace equipoise::learn {
namespace {

// Means and spreads of the columns of rows [n, width].
void Measure(const std::vector<float>& rows, std::vector<float>* mean, std::vector<float>* sd) {
  const size_t width = mean->size(), n = rows.size() / width;
  for (size_t j = 0; j < width; ++j) {
    double sum = 0, square = 0;
    for (size_t i = j; i < rows.size(); i += width) sum += rows[i];
    const double m = sum / static_cast<double>(n);
    for (size_t i = j; i < rows.size(); i += width) square += (rows[i] - m) * (rows[i] - m);
    (*mean)[j] = static_cast<float>(m);
    (*sd)[j] = std::max(1e-3f, static_cast<float>(std::sqrt(square / static_cast<double>(n))));
  }
}

}  // namespace

nets::Policy NewClonePolicy(int64_t states, int64_t actions, const config::Settings& s) {
  nets::Policy policy = NewPpoPolicy(PpoInfo().id, states, actions, s);
  policy.SetFreeSd(s.Of<CloneSettings>().sd);
  return policy;
}

double CloneLoss(int64_t rows, int64_t actions, const float* raw, const float* labels, float* draw) {
  const double share = 1.0 / static_cast<double>(rows * actions);
  double loss = 0;
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t j = 0; j < actions; ++j) {
      const int64_t m = r * 2 * actions + j;
      const double a = std::tanh(double{raw[m]}), off = a - double{labels[r * actions + j]};
      loss += share * off * off;
      draw[m] = static_cast<float>(2 * share * off * (1 - a * a));
      draw[m + actions] = 0.0f;
    }
  }
  return loss;
}

CloneLearner::CloneLearner(Teaching teaching, int64_t states, int64_t actions, const config::Settings& s,
                           const nets::NetworkParts& parts)
    : teaching_(std::move(teaching)),
      parts_(parts),
      policy_(NewClonePolicy(states, actions, s)),
      adam_(policy_.net.layout.total()) {}

bool CloneLearner::Counts(const replay::Episode& episode) const {
  return episode.source == teaching_.expert_source || episode.source == teaching_.own_source;
}

int CloneLearner::NextWork(const nets::Standing& now) const {
  const CloneSettings& clone = now.settings.Of<CloneSettings>();
  if (clone.epochs == 0 || !teaching_.due(now)) return 0;
  int64_t n = rows();
  for (int64_t i = seen_; i < now.data.size(); ++i) n += Counts(now.data[i]) ? now.data.horizon() : 0;
  const int64_t steps = clone.epochs * (n / std::min<int64_t>(clone.batch, std::max<int64_t>(1, n)));
  return static_cast<int>(clone.most_steps > 0 ? std::min<int64_t>(clone.most_steps, steps) : steps);
}

std::string CloneLearner::Waiting(const nets::Standing& now) const {
  return teaching_.waits && now.settings.Of<CloneSettings>().epochs > 0 ? teaching_.waits(now) : "";
}

int64_t CloneLearner::Unlabelled(const replay::EpisodeBuffer& data) const {
  int64_t episodes = 0;
  for (int64_t i = seen_; i < data.size(); ++i) episodes += data[i].source == teaching_.own_source;
  return episodes * data.horizon();
}

double CloneLearner::TakeUp(const TrainInputs& in, const std::function<void(int64_t states)>& planned) {
  const int64_t T = in.data.horizon(), S = in.data.states(), A = in.data.actions();
  double off = 0, compared = 0;
  int64_t labelled = 0;
  for (; seen_ < in.data.size(); ++seen_) {
    const replay::Episode& episode = in.data[seen_];
    if (!Counts(episode)) continue;
    const bool own = episode.source == teaching_.own_source;
    const std::vector<float> labels = own ? teaching_.expert->Label(in, seen_,
                                                                    [&](int64_t steps) {
                                                                      PollInterrupt();
                                                                      planned(labelled + steps);
                                                                    })
                                          : episode.actions;
    labelled += own ? T : 0;
    const auto first = states_.size();
    states_.resize(first + static_cast<size_t>(T * S));
    for (int64_t t = 0; t < T; ++t) in.data.Observation(seen_, t, states_.data() + first + static_cast<size_t>(t * S));
    labels_.insert(labels_.end(), labels.begin(), labels.end());
    if (!own) continue;
    const std::vector<float> still(static_cast<size_t>(A), 0.0f);
    std::vector<float> action(still.size());
    for (int64_t t = 0; t < T; ++t) {
      policy_.Act(states_.data() + first + static_cast<size_t>(t * S), still.data(), action.data());
      for (int64_t j = 0; j < A; ++j) off += std::fabs(double{View(action)[j]} - double{View(labels)[t * A + j]});
    }
    compared += static_cast<double>(T * A);
  }
  return compared > 0 ? off / compared : NAN;
}

TrainReport CloneLearner::Train(const TrainInputs& in) {
  const CloneSettings& clone = in.settings.Of<CloneSettings>();
  TrainReport report;
  if (adam_.rate < 1) report.step_share["clone.lr"] = adam_.rate;
  if (in.steps == 0) return report;
  // A plan for each state to be labelled, then the steps.
  const auto plans = static_cast<int>(Unlabelled(in.data)), work = plans + in.steps;
  const double off = TakeUp(in, [&](int64_t states) { in.progress(static_cast<int>(states), work); });
  if (std::isfinite(off)) report.scalars["clone.disagreement"] = off;
  const int64_t S = policy_.states(), A = policy_.actions(), n = rows();
  report.scalars["clone.states"] = static_cast<double>(n);
  if (!begun_) Measure(states_, &policy_.mean, &policy_.sd);
  begun_ = true;

  const int64_t batch = std::min<int64_t>(clone.batch, n), in_pass = n / batch;
  const std::unique_ptr<nets::Weights> weights = parts_.NewWeights(&policy_.net, &adam_);
  const std::unique_ptr<nets::Gradient> gradient = weights->NewGradient();
  const std::unique_ptr<nets::NetworkPass> pass = parts_.NewPass(policy_.spec, batch);
  std::vector<float> x(static_cast<size_t>(batch * S)), labels(static_cast<size_t>(batch * A));
  std::vector<uint32_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), 0u);
  double loss = 0, norm = 0;
  for (int step = 0; step < in.steps; ++step) {
    PollInterrupt();
    const int64_t k = step % in_pass;
    if (k == 0) {
      Stream shuffle(static_cast<uint64_t>(in.settings.run.seed), "clone.shuffle", in.iteration,
                     static_cast<uint64_t>(step / in_pass));
      for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[shuffle.Below(static_cast<uint32_t>(i))]);
    }
    for (int64_t i = 0; i < batch; ++i) {
      const auto row = static_cast<int64_t>(View(order)[k * batch + i]);
      for (int64_t j = 0; j < S; ++j)
        x[static_cast<size_t>(i * S + j)] = (View(states_)[row * S + j] - View(policy_.mean)[j]) / View(policy_.sd)[j];
      std::copy_n(labels_.data() + row * A, A, labels.data() + i * A);
    }
    pass->Forward(*weights, x.data());
    const double now = CloneLoss(batch, A, pass->output(), labels.data(), pass->output_gradient());
    gradient->Clear();
    pass->Backward(gradient.get(), nullptr);
    norm += gradient->Norm();
    loss += now;
    weights->Step(now, *gradient, clone.lr, clone.clip);
    in.progress(plans + step + 1, work);
  }
  weights->Store();
  policy_.SetFreeSd(clone.sd);
  report.steps = in.steps;
  report.skipped = weights->skipped();
  report.reloaded = weights->reloaded();
  report.scalars["clone.loss"] = loss / in.steps;
  report.scalars["clone.gradient_norm"] = norm / in.steps;
  if (adam_.rate < 1) report.step_share["clone.lr"] = adam_.rate;
  return report;
}

void CloneLearner::OnSettings(const config::Settings& before, const config::Settings& after) {
  const CloneSettings &was = before.Of<CloneSettings>(), &now = after.Of<CloneSettings>();
  if (now.lr != was.lr) adam_.rate = 1.0;
  if (now.sd != was.sd) policy_.SetFreeSd(now.sd);
}

void CloneLearner::EditStates(int64_t count, const replay::Normaliser& inserted) {
  const int64_t before = policy_.states(), after = before + count, n = rows();
  policy_.EditStates(count, count > 0 ? inserted.x_sd.front() : 1.0f, &adam_);
  // What it has learned from had none of them: they are where they are on average.
  std::vector<float> states(static_cast<size_t>(n * after), 0.0f);
  for (int64_t i = 0; i < n; ++i)
    std::copy_n(states_.data() + i * before, std::min(before, after), states.data() + i * after);
  states_ = std::move(states);
}

void CloneLearner::Save(ArchiveWriter& out) const {
  policy_.Save(out, "clone.policy");
  adam_.Save(out, "clone.adam");
  out.Put("clone.states", states_);
  out.Put("clone.labels", labels_);
  out.Put("clone.seen", std::vector<int64_t>{seen_, begun_ ? 1 : 0});
}

void CloneLearner::Load(const ArchiveReader& in) {
  policy_.Load(in, "clone.policy");
  adam_.Load(in, "clone.adam", policy_.net.layout.total());
  states_ = in.Floats("clone.states");
  labels_ = in.Floats("clone.labels");
  const std::vector<int64_t> seen = in.Ints("clone.seen");
  if (seen.size() != 2 || rows() * policy_.states() != static_cast<int64_t>(states_.size()))
    throw FormatError("clone.states: as many states as labels are needed");
  seen_ = seen[0];
  begun_ = seen[1] != 0;
}

}  // namespace equipoise::learn
