#include "engine/model/feedforward/member_fit.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "engine/base/interrupt.h"
#include "engine/model/feedforward/unrolled_loss.h"
#include "engine/nets/guard.h"
#include "engine/nets/variational.h"

namespace equipoise::model {
namespace {

constexpr double kImprovement = 0.01;
constexpr int kTogether = 10;  // steps of one task

// Of one fit, what all members share.
struct Shared {
  const FitFrame& frame;
  const nets::TrainInputs& in;
  const FitPlan& plan;
  const Split& split;
  const replay::Normaliser& normaliser;
  std::vector<float> x_held, y_held;  // the rows held out

  uint64_t seed() const { return static_cast<uint64_t>(in.settings.run.seed); }
  double StepSize(int k) const { return plan.lr * (1.0 - (1.0 - plan.lr_final) * k / std::max(in.steps, 1)); }
  // The first step whose loss counts: the last quarter's, or its epoch's where the end is not known before.
  int CountedFrom(int k) const {
    return plan.patience > 0 ? k / plan.epoch * plan.epoch : in.steps - std::max(in.steps / 4, 1);
  }
};

// A member in training.
class InTraining {
 public:
  InTraining(const Shared& shared, Member* member, uint64_t index)
      : s_(shared),
        member_(*member),
        index_(index),
        net_(shared.frame.parts.NewWeights(&member->net, &member->adam)),
        gradient_(net_->NewGradient()) {
    const int64_t D = shared.frame.states + 1;
    if (shared.plan.prior) {
      auto pass = shared.frame.parts.NewVariationalPass(shared.frame.spec, shared.plan.batch);
      variational_ = pass.get();
      pass_ = std::move(pass);
      noise_.resize(static_cast<size_t>(nets::NoiseSize(shared.frame.spec, shared.plan.batch)));
      first_ = member->net.values;
    } else {
      pass_ = shared.frame.parts.NewPass(shared.frame.spec, shared.plan.batch);
    }
    if (shared.plan.loss_steps > 1) {
      unrolled_.emplace(shared.frame.parts, shared.frame.spec, shared.plan.batch, shared.plan.loss_steps,
                        shared.normaliser, shared.frame.wrapped);
      for (const int64_t row : shared.split.train)
        if (row % shared.in.data.horizon() + shared.plan.loss_steps <= shared.in.data.horizon()) starts_.push_back(row);
    }
    if (shared.frame.heads == HeadKind::kBounded) bounds_.emplace(&member->bounds, &member->bounds_adam);
    bounds_gradient_.resize(static_cast<size_t>(2 * D));
    x_.resize(static_cast<size_t>(shared.plan.loss_steps * shared.plan.batch * shared.frame.spec.inputs));
    y_.resize(static_cast<size_t>(shared.plan.loss_steps * shared.plan.batch * D));
    outcome_.sums.assign(static_cast<size_t>(D), 0.0);
    if (!shared.plan.bootstrap) return;
    Stream draw(shared.seed(), shared.frame.id + ".bootstrap", shared.in.iteration, index);
    const auto rows = static_cast<uint32_t>(shared.split.train.size());
    resample_.reserve(rows);
    for (uint32_t i = 0; i < rows; ++i) resample_.push_back(shared.split.train[draw.Below(rows)]);
  }

  void Step(int k) {
    PollInterrupt();
    const FitPlan& plan = s_.plan;
    const std::vector<int64_t>& rows = unrolled_ ? starts_ : resample_.empty() ? s_.split.train : resample_;
    Stream draw(s_.seed(), s_.frame.id + ".batch", s_.in.iteration, static_cast<uint64_t>(k));
    drawn_.resize(static_cast<size_t>(plan.batch));
    for (int64_t& row : drawn_) row = rows[draw.Below(static_cast<uint32_t>(rows.size()))];
    if (unrolled_) return StepUnrolled(k);
    s_.in.data.Rows(drawn_, s_.normaliser, x_.data(), y_.data());

    if (variational_ != nullptr) {
      Stream(s_.seed(), s_.frame.id + ".noise", s_.in.iteration, static_cast<uint64_t>(k), index_)
          .Normal(noise_.data(), noise_.size());
      variational_->SetNoise(noise_.data());
    }
    pass_->Forward(*net_, x_.data());
    const auto D = static_cast<size_t>(s_.frame.states + 1);
    std::vector<double> sums(D, 0.0);
    const Heads heads = CurrentHeads();
    heads.Sums(plan.batch, pass_->output(), y_.data(), sums.data(), pass_->output_gradient(), bounds_gradient_.data(),
               bounds_gradient_.data() + D);
    if (bounds_ && plan.beta_nll > 0)
      heads.WeighByVariance(plan.batch, pass_->output(), plan.beta_nll, pass_->output_gradient());
    double loss = std::accumulate(sums.begin(), sums.end(), 0.0);
    gradient_->Clear();
    gradient_->AddWeights(*net_, Decay());
    pass_->Backward(gradient_.get(), nullptr);
    if (variational_ != nullptr) {
      const double share = 2 * plan.prior->divergence / static_cast<double>(D * s_.split.train.size());
      outcome_.divergence =
          variational_->AddDivergence(*net_, plan.prior->prior_sd, static_cast<float>(share), gradient_.get());
      loss += share * outcome_.divergence;
    }
    const double lr = s_.StepSize(k);
    const nets::Adam::Outcome outcome = net_->Step(loss, *gradient_, lr, plan.clip);
    if (bounds_ && plan.bound_penalty > 0) StepBounds(outcome.applied ? loss : NAN, lr);
    Count(k, outcome, sums, 0);
  }

  // Judged by the rows held out; true: it improved.
  bool Look() {
    net_->Store();
    const double error = HoldoutError();
    if (!best_.net.values.empty() && !((best_error_ - error) / best_error_ > kImprovement)) return false;
    best_error_ = error;
    best_ = {member_.net, member_.bounds, {}, {}};
    return true;
  }
  // The weights that stay, to where they are kept.
  MemberOutcome Finish() {
    net_->Store();
    if (s_.plan.patience > 0 && !best_.net.values.empty()) {
      member_.net = best_.net;
      member_.bounds = best_.bounds;
    }
    outcome_.holdout_error = s_.split.holdout.empty() ? NAN : HoldoutError();
    outcome_.far /= std::max(outcome_.rows, 1.0);
    outcome_.skipped = net_->skipped();
    outcome_.reloaded = net_->reloaded();
    outcome_.gradient_norm /= std::max(steps_, 1);
    outcome_.clipped_share /= std::max(steps_, 1);
    const size_t half = first_.size() / 2;
    for (size_t i = half; i < first_.size(); ++i) {
      const double d = member_.net.values[i] - first_[i];
      outcome_.moved += d * d / static_cast<double>(half);
    }
    outcome_.moved = std::sqrt(outcome_.moved);
    return outcome_;
  }

 private:
  // From windows that begin at the rows drawn.
  void StepUnrolled(int k) {
    for (int64_t h = 0; h < s_.plan.loss_steps; ++h) {
      s_.in.data.Rows(drawn_, s_.normaliser, x_.data() + h * s_.plan.batch * s_.frame.spec.inputs,
                      y_.data() + h * s_.plan.batch * (s_.frame.states + 1));
      for (int64_t& row : drawn_) ++row;
    }
    gradient_->Clear();
    gradient_->AddWeights(*net_, Decay());
    std::vector<double> sums(outcome_.sums.size(), 0.0);
    const double loss = unrolled_->Differentiate(*net_, x_.data(), y_.data(), gradient_.get(), sums.data());
    const nets::Adam::Outcome outcome = net_->Step(loss, *gradient_, s_.StepSize(k), s_.plan.clip);
    Count(k, outcome, sums, unrolled_->far());
  }
  Heads CurrentHeads() const {
    Heads heads{s_.frame.heads, s_.frame.states, nullptr, nullptr};
    if (s_.frame.heads == HeadKind::kBounded) {
      heads.low = member_.bounds.at(0);
      heads.high = member_.bounds.at(1);
    }
    return heads;
  }
  // By block: weights alone.
  std::vector<float> Decay() const {
    std::vector<float> shares;
    const nets::Layout& layout = member_.net.layout;
    for (int i = 0; i < layout.size(); ++i) {
      const bool first = layout[i].name == "w0", last = layout[i].name == "w_out";
      const double decay = first ? s_.plan.decay_in : last ? s_.plan.decay_out : s_.plan.decay_hidden;
      shares.push_back(layout[i].name[0] == 'w' ? static_cast<float>(decay) : 0.0f);
    }
    return shares;
  }
  void StepBounds(double loss, double lr) {
    const size_t D = bounds_gradient_.size() / 2;
    for (size_t j = 0; j < D; ++j) {
      bounds_gradient_[j] -= static_cast<float>(s_.plan.bound_penalty);
      bounds_gradient_[D + j] += static_cast<float>(s_.plan.bound_penalty);
    }
    bounds_->Step(loss, bounds_gradient_, lr, s_.plan.clip);
  }
  void Count(int k, const nets::Adam::Outcome& outcome, const std::vector<double>& sums, double far) {
    ++steps_;
    if (k == s_.CountedFrom(k)) {
      std::fill(outcome_.sums.begin(), outcome_.sums.end(), 0.0);
      outcome_.rows = outcome_.far = 0;
    }
    if (!outcome.applied) return;
    outcome_.gradient_norm += outcome.norm;
    outcome_.clipped_share += outcome.clipped ? 1 : 0;
    if (k < s_.CountedFrom(k)) return;
    for (size_t j = 0; j < sums.size(); ++j) outcome_.sums[j] += sums[j];
    outcome_.rows += s_.plan.batch;
    outcome_.far += far * s_.plan.batch;
  }
  double HoldoutError() {
    const auto rows = static_cast<int64_t>(s_.split.holdout.size()), D = s_.frame.states + 1;
    held_.Resize(s_.frame.spec, rows, false);
    held_.Evaluate(member_.net, s_.x_held.data(), 0, rows);
    double sum = 0;
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t j = 0; j < D; ++j) {
        const double e = held_.output(r)[j] - s_.y_held[static_cast<size_t>(r * D + j)];
        sum += e * e;
      }
    }
    return sum / static_cast<double>(rows * D);
  }

  const Shared& s_;
  Member& member_;
  const uint64_t index_;
  std::unique_ptr<nets::Weights> net_;
  std::unique_ptr<nets::NetworkPass> pass_;
  nets::VariationalPass* variational_ = nullptr;  // pass_, where it is one
  std::vector<float> noise_, first_;              // of it, and all parameters as they were before the fit
  std::unique_ptr<nets::Gradient> gradient_;
  std::optional<nets::Guard> bounds_;
  std::vector<float> bounds_gradient_, x_, y_;
  std::optional<UnrolledLoss> unrolled_;
  std::vector<int64_t> resample_, starts_, drawn_;
  nets::MlpPass held_;
  Member best_;
  double best_error_ = 0;
  int steps_ = 0;
  MemberOutcome outcome_;
};

}  // namespace

double FitOutcome::holdout_error() const {
  double sum = 0;
  for (const MemberOutcome& member : members) sum += member.holdout_error / static_cast<double>(members.size());
  return sum;
}

Split SplitRows(const replay::EpisodeBuffer& data, double holdout, uint64_t seed, const std::string& id,
                uint64_t iteration) {
  Split split;
  split.train.resize(static_cast<size_t>(data.size() * data.horizon()));
  std::iota(split.train.begin(), split.train.end(), int64_t{0});
  const auto rows = split.train.size();
  const auto held = std::min(static_cast<size_t>(std::llround(holdout * static_cast<double>(rows))),
                             static_cast<size_t>(kMostHoldout));
  if (held == 0 || held >= rows) return split;
  // The last entries of a shuffle.
  Stream draw(seed, id + ".holdout", iteration);
  for (size_t i = 0; i < held; ++i)
    std::swap(split.train[rows - 1 - i], split.train[draw.Below(static_cast<uint32_t>(rows - i))]);
  split.holdout.assign(split.train.end() - static_cast<std::ptrdiff_t>(held), split.train.end());
  split.train.resize(rows - held);
  std::sort(split.train.begin(), split.train.end());
  std::sort(split.holdout.begin(), split.holdout.end());
  return split;
}

namespace {

// Those that erred least on what was held out; all where nothing was, or as many are asked for.
std::vector<int> Used(const std::vector<MemberOutcome>& members, int elites) {
  std::vector<int> used(members.size());
  std::iota(used.begin(), used.end(), 0);
  const auto error = [&members](int e) {
    const double held = members[static_cast<size_t>(e)].holdout_error;
    return std::isfinite(held) ? held : INFINITY;
  };
  if (elites <= 0 || static_cast<size_t>(elites) >= members.size() || std::isnan(members.front().holdout_error))
    return used;
  std::stable_sort(used.begin(), used.end(), [&](int a, int b) { return error(a) < error(b); });
  used.resize(static_cast<size_t>(elites));
  std::sort(used.begin(), used.end());
  return used;
}

}  // namespace

FitOutcome FitMembers(const FitFrame& frame, const nets::TrainInputs& in, const FitPlan& plan, const Split& split,
                      const replay::Normaliser& normaliser, std::vector<Member>* members) {
  Shared shared{frame, in, plan, split, normaliser, {}, {}};
  const auto held = static_cast<int64_t>(split.holdout.size());
  shared.x_held.resize(static_cast<size_t>(held * frame.spec.inputs));
  shared.y_held.resize(static_cast<size_t>(held * (frame.states + 1)));
  in.data.Rows(split.holdout, normaliser, shared.x_held.data(), shared.y_held.data());
  std::vector<std::unique_ptr<InTraining>> fits;
  for (size_t e = 0; e < members->size(); ++e) fits.push_back(std::make_unique<InTraining>(shared, &(*members)[e], e));
  const auto each = [&](const std::function<void(size_t)>& work) {
    RunTasks(in.team, static_cast<int>(fits.size()), [&](int e) { work(static_cast<size_t>(e)); });
  };
  const bool looks = plan.patience > 0 && held > 0;
  FitOutcome outcome;
  int calm = 0;
  for (int& k = outcome.steps; k < in.steps;) {
    int count = std::min(kTogether, in.steps - k);
    if (looks) count = std::min(count, plan.epoch - k % plan.epoch);
    each([&](size_t e) {
      for (int i = 0; i < count; ++i) fits[e]->Step(k + i);
    });
    k += count;
    in.progress(k, in.steps);
    if (!looks || (k % plan.epoch != 0 && k < in.steps)) continue;
    std::vector<char> improved(fits.size());
    each([&](size_t e) { improved[e] = fits[e]->Look() ? 1 : 0; });
    calm = std::count(improved.begin(), improved.end(), 1) > 0 ? 0 : calm + 1;
    if (calm > plan.patience) break;
  }
  if (outcome.steps < in.steps) in.progress(in.steps, in.steps);
  outcome.members.resize(fits.size());
  each([&](size_t e) { outcome.members[e] = fits[e]->Finish(); });
  outcome.used = Used(outcome.members, plan.elites);
  return outcome;
}

}  // namespace equipoise::model
