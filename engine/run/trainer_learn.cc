// The learning half of the trainer: fits, policy training, the check and what is measured of the model; see trainer.h.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "engine/base/clock.h"
#include "engine/base/flush_to_zero.h"
#include "engine/base/interrupt.h"
#include "engine/config/config_file.h"
#include "engine/learn/q_error.h"
#include "engine/model/diagnostics.h"
#include "engine/run/decision_moment.h"
#include "engine/run/trainer.h"

namespace equipoise::run {
namespace {

// What guards did (guard.h) to a learner; its scalars stand in those records alone to which they apply.
struct Guarded {
  std::string key, who;  // "mb", "The model-based policy"
  int skipped;
  bool reloaded;
  std::map<std::string, double> step_share;  // by setting
};

void Report(const Guarded& g, EpisodeRecord* record, const std::function<void(const std::string&)>& say) {
  for (const auto& [setting, share] : g.step_share) record->scalars["guard." + setting] = share;
  if (g.skipped == 0) return;
  record->guard_tripped = true;
  record->scalars["guard." + g.key + "_skipped"] = g.skipped;
  std::string text = g.who + " skipped " + std::to_string(g.skipped) + " steps whose loss or gradient was not finite";
  if (g.reloaded) {
    text += " and went back to the weights from before this training. From now on it takes";
    const char* before = " ";
    for (const auto& [setting, share] : g.step_share) {
      text += before + config::ToText(share) + " of " + setting;
      before = " and ";
    }
    text += ", until that is set by hand";
  }
  say(text + ".");
}

}  // namespace

learn::TrainInputs Trainer::Inputs(int steps, Phase phase) {
  return {data_,
          model_.get(),
          starts_,
          settings_,
          static_cast<uint64_t>(picked_) + 1,
          steps,
          [this, phase](int done, int total) { hooks_.progress(phase, done, total); },
          &team_};
}

void Trainer::Learn(EpisodeRecord* record) {
  if (sac_ == nullptr || model_ == nullptr) {
    if (model_ != nullptr) LearnModelSide(record);
    if (sac_ != nullptr) LearnModelFree(record);
    return;
  }
  // SAC needs nothing of the model's side, so both train at once; each has its own streams, record and report.
  EpisodeRecord beside;
  team_.Beside([&] { LearnModelSide(record); }, [&] { LearnModelFree(&beside); });
  record->seconds.insert(beside.seconds.begin(), beside.seconds.end());
  record->scalars.insert(beside.scalars.begin(), beside.scalars.end());
  record->gradient_steps += beside.gradient_steps;
  record->guard_tripped = record->guard_tripped || beside.guard_tripped;
}

void Trainer::LearnModelSide(EpisodeRecord* record) {
  const ScopedFlushToZero flush;
  const config::Settings& s = settings_;
  double start = MonotonicSeconds();
  model_->set_dropout(s.model.dropout);
  const double factor = model_->trained() ? 1.0 : s.model.first_fit_factor;
  const int steps = static_cast<int>(std::lround(s.model.steps * factor));
  // A frozen model's function stays as it is, and what it is fed is a part of that.
  if (steps > 0 || !model_->trained()) model_->Refit(data_, s.model.compensate_normaliser);
  const model::FitReport fit = model_->Fit(
      data_, s, static_cast<uint64_t>(picked_) + 1, steps,
      [this](int done, int total) { hooks_.progress(Phase::kModelFit, done, total); }, &team_);
  record->seconds[Name(Phase::kModelFit)] = MonotonicSeconds() - start;
  record->gradient_steps += fit.steps;
  if (steps > 0) {
    record->scalars["model.train_nll"] = fit.train_nll;
    record->scalars["model.gradient_norm"] = fit.gradient_norm;
    record->scalars["model.clipped_share"] = fit.clipped_share;
  }
  record->scalars["model.prior"] = fit.prior;
  record->scalars["model.eta_over_n"] = s.model.eta / static_cast<double>(data_.size());
  Guarded guarded{"model", "The model fit", fit.skipped, fit.reloaded, {}};
  if (model_->adam().rate < 1) guarded.step_share["model.lr"] = model_->adam().rate;
  Report(guarded, record, hooks_.guard);
  if (!model_->trained()) return;
  start = MonotonicSeconds();
  const learn::TrainReport report = model_based_->Train(Inputs(s.mb.steps, Phase::kModelPolicy));
  record->seconds[Name(Phase::kModelPolicy)] = MonotonicSeconds() - start;
  record->gradient_steps += s.mb.steps;
  record->scalars.insert(report.scalars.begin(), report.scalars.end());
  Report({"mb", "The model-based policy", report.skipped, report.reloaded, report.step_share}, record, hooks_.guard);
}

void Trainer::LearnModelFree(EpisodeRecord* record) {
  const ScopedFlushToZero flush;
  const config::Settings& s = settings_;
  // One episode's worth of updates for each episode that is new since the last training.
  const double episodes = picked_ == 0 && s.sac.train_on_random ? s.run.random_episodes : 1;
  const int updates = static_cast<int>(std::lround(episodes * horizon() * s.sac.updates_per_step));
  const double start = MonotonicSeconds();
  const learn::TrainReport report = sac_->Train(Inputs(updates, Phase::kSac));
  record->seconds[Name(Phase::kSac)] = MonotonicSeconds() - start;
  record->gradient_steps += updates;
  record->scalars.insert(report.scalars.begin(), report.scalars.end());
  Report({"sac", "SAC", report.skipped, report.reloaded, report.step_share}, record, hooks_.guard);
}

eps::Decision Trainer::MakeDecision() {
  const ScopedFlushToZero flush;
  const config::Settings& s = settings_;
  eps::Decision decision;
  const PolicyStanding standing{model_ == nullptr || model_->trained(),
                                model_based_ == nullptr || model_based_->finite(), sac_ == nullptr || sac_->finite()};
  const bool both = arbiter_->NeedsCheck();
  const bool skip = both && s.eps.skip_forced && arbiter_->WillForce(s.eps.force_every);
  if (model_ != nullptr && model_->trained() && standing.model_based_finite && standing.model_free_finite && !skip) {
    const double start = MonotonicSeconds();
    eps::CheckInputs inputs =
        CheckInputsOf(s, *model_, model_based_->policy(), both ? &sac_->policy() : nullptr, starts_,
                      ActiveDistractors(), data_.physics_states(), horizon(), picked_ + 1);
    inputs.progress = [this](int done, int total) { hooks_.progress(Phase::kCheck, done, total); };
    inputs.team = &team_;
    decision = eps::Check(inputs);
    decision.seconds = MonotonicSeconds() - start;
  }
  decision.force_every = both ? s.eps.force_every : 0;
  arbiter_->Decide(s.eps.force_every, standing, &decision);
  return decision;
}

void Trainer::Predict(const eps::Decision& decision, EpisodeRecord* record) const {
  // A check that stopped early saw a censored set of masks: no prediction is better than a wrong one.
  if (decision.evaluated == 0 || decision.evaluated < decision.masks) return;
  std::vector<double> returns = decision.pick == eps::Pick::kModelBased ? decision.return_mb : decision.return_mf;
  if (returns.empty()) return;
  double sum = 0;
  for (double r : returns) sum += r;
  record->predicted_mean = sum / static_cast<double>(returns.size());
  record->predicted_lo = model::Quantile(returns, 0.05);
  record->predicted_hi = model::Quantile(returns, 0.95);
}

void Trainer::Examine(EpisodeRecord* record) {
  if (model_ == nullptr || !model_->trained()) return;
  const ScopedFlushToZero flush;
  const double start = MonotonicSeconds();
  const auto seed = static_cast<uint64_t>(settings_.run.seed), iteration = static_cast<uint64_t>(picked_);
  Stream masks(seed, "examine.mask", iteration), noise(seed, "examine.noise", iteration);
  const model::Belief beliefs = model_->Draw(settings_.log.holdout_masks, masks);
  const int64_t newest = data_.size() - 1;
  const model::DropoutLstm::Nll nll = model_->Evaluate(data_, newest, beliefs, data_.physics_states());
  record->nll = nll.physics;
  if (data_.distracted()) record->nll_distractors = nll.distractors;
  model::OpenLoop open = model::CompareOpenLoop(*model_, data_, newest, beliefs, noise);
  record->open_loop_error = std::move(open.median);
  record->open_loop_lo = std::move(open.lo);
  record->open_loop_hi = std::move(open.hi);
  record->coverage = open.coverage;
  record->seconds[kExamineSeconds] = MonotonicSeconds() - start;
}

void Trainer::ExamineCritics(EpisodeRecord* record) {
  // Entropy that is counted in the value is no part of the return.
  if (record->decision.pick != eps::Pick::kModelFree || settings_.sac.entropy_in_target || horizon() < 2) return;
  const ScopedFlushToZero flush;
  const int64_t newest = data_.size() - 1, T = data_.horizon(), S = data_.states();
  std::vector<float> states(static_cast<size_t>(T * S));
  for (int64_t t = 0; t < T; ++t) data_.Observation(newest, t, states.data() + t * S);
  const replay::Episode& episode = data_[newest];
  const std::vector<double> q = sac_->ClimbedQ(settings_, states.data(), episode.actions.data(), T);
  const learn::QError found = learn::CompareWithReturn(q, episode.rewards, settings_.sac.gamma);
  record->scalars["sac.q_acted"] = found.q;
  record->scalars["sac.monte_carlo"] = found.monte_carlo;
  record->scalars["sac.monte_carlo_tail"] = found.tail;
  record->scalars["sac.q_minus_return"] = found.error();
}

}  // namespace equipoise::run
