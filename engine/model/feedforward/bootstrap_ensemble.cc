#include "engine/model/feedforward/bootstrap_ensemble.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "engine/model/model_parts.h"

namespace equipoise::model {
namespace {

FitPlan PlanOf(const BootstrapEnsembleSettings& s) {
  FitPlan plan;
  plan.batch = s.batch;
  plan.lr = s.lr;
  plan.lr_final = s.lr_final;
  plan.clip = s.clip;
  plan.decay_in = s.decay_in;
  plan.decay_hidden = s.decay_hidden;
  plan.decay_out = s.decay_out;
  plan.beta_nll = s.beta_nll;
  plan.bound_penalty = s.bound_penalty;
  plan.bootstrap = s.bootstrap;
  plan.holdout = s.holdout;
  plan.patience = s.patience;
  plan.epoch = s.epoch;
  plan.elites = s.elites;
  return plan;
}

}  // namespace

std::unique_ptr<WorldModel> NewBootstrapEnsemble(const ModelPlan& plan, const config::Settings& s) {
  const BootstrapEnsembleSettings& ensemble = s.Of<BootstrapEnsembleSettings>();
  FeedForwardSpec spec;
  spec.states = plan.states;
  spec.actions = plan.actions;
  spec.wrapped = plan.wrapped;
  spec.heads = HeadKind::kBounded;
  spec.hidden = ensemble.hidden;
  spec.layers = ensemble.layers;
  spec.activation = ActivationOf(ensemble.activation);
  spec.members = ensemble.members;
  spec.low = ensemble.log_variance_low;
  spec.high = ensemble.log_variance_high;
  return std::make_unique<BootstrapEnsemble>(std::move(spec), static_cast<uint64_t>(s.run.seed), *plan.parts);
}

BootstrapEnsemble::BootstrapEnsemble(FeedForwardSpec spec, uint64_t seed, const ModelParts& parts)
    : FeedForward(std::move(spec), BootstrapEnsembleInfo().id, seed, parts) {}

int BootstrapEnsemble::NextWork(const nets::Standing& now) const {
  const BootstrapEnsembleSettings& s = now.settings.Of<BootstrapEnsembleSettings>();
  return static_cast<int>(std::lround(s.steps * (trained() ? 1.0 : s.first_fit_factor)));
}

nets::TrainReport BootstrapEnsemble::Train(const nets::TrainInputs& in) {
  const BootstrapEnsembleSettings& s = in.settings.Of<BootstrapEnsembleSettings>();
  nets::TrainReport report;
  if (in.steps > 0 || !trained()) {
    if (trained()) {
      // The newest episode is new to it: afterwards no one can say what it had not known.
      const Measured newest = Measure(in.data, in.data.size() - 1, AllInUse());
      report.scalars = {{"ensemble.unseen_error", newest.error},
                        {"ensemble.epistemic", newest.epistemic},
                        {"ensemble.aleatoric", newest.aleatoric},
                        {"ensemble.at_upper_bound", newest.at_upper}};
    }
    const FitOutcome fit = Fit(in, PlanOf(s), s.compensate_normaliser);
    report.steps = fit.steps;
    double nll = 0, norm = 0, clipped = 0;
    const auto share = 1.0 / static_cast<double>(fit.members.size());
    for (const MemberOutcome& member : fit.members) {
      report.skipped += member.skipped;
      report.reloaded = report.reloaded || member.reloaded;
      norm += share * member.gradient_norm;
      clipped += share * member.clipped_share;
      if (member.rows == 0) nll = NAN;
      const std::vector<double> nats = Nats(member.sums, member.rows);
      nll += share * std::accumulate(nats.begin(), nats.end(), 0.0);
    }
    if (fit.steps > 0) {
      report.scalars.insert(
          {{"ensemble.train_nll", nll}, {"ensemble.gradient_norm", norm}, {"ensemble.clipped_share", clipped}});
      if (s.holdout > 0) report.scalars["ensemble.holdout_error"] = std::sqrt(fit.holdout_error());
      if (s.patience > 0) report.scalars["ensemble.fit_steps"] = fit.steps;
    }
  }
  double rate = 1;  // the least of theirs
  for (const Member& member : members()) rate = std::min(rate, member.adam.rate);
  if (rate < 1) report.step_share["ensemble.lr"] = rate;
  return report;
}

void BootstrapEnsemble::OnSettings(const config::Settings& before, const config::Settings& after) {
  if (after.Of<BootstrapEnsembleSettings>().lr == before.Of<BootstrapEnsembleSettings>().lr) return;
  for (Member& member : members()) member.adam.rate = member.bounds_adam.rate = 1.0;
}

}  // namespace equipoise::model
