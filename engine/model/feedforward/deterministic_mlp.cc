#include "engine/model/feedforward/deterministic_mlp.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/model/feedforward/deterministic_mlp_settings.h"
#include "engine/model/model_parts.h"

namespace equipoise::model {

std::unique_ptr<WorldModel> NewDeterministicMlp(const ModelPlan& plan, const config::Settings& s) {
  const DeterministicMlpSettings& mlp = s.Of<DeterministicMlpSettings>();
  FeedForwardSpec spec;
  spec.states = plan.states;
  spec.actions = plan.actions;
  spec.wrapped = plan.wrapped;
  spec.hidden = mlp.hidden;
  spec.layers = mlp.layers;
  spec.activation = ActivationOf(mlp.activation);
  return std::make_unique<DeterministicMlp>(std::move(spec), static_cast<uint64_t>(s.run.seed), *plan.parts);
}

DeterministicMlp::DeterministicMlp(FeedForwardSpec spec, uint64_t seed, const ModelParts& parts)
    : FeedForward(std::move(spec), DeterministicMlpInfo().id, seed, parts) {}

int DeterministicMlp::NextWork(const nets::Standing& now) const {
  const DeterministicMlpSettings& mlp = now.settings.Of<DeterministicMlpSettings>();
  return static_cast<int>(std::lround(mlp.steps * (trained() ? 1.0 : mlp.first_fit_factor)));
}

nets::TrainReport DeterministicMlp::Train(const nets::TrainInputs& in) {
  const DeterministicMlpSettings& mlp = in.settings.Of<DeterministicMlpSettings>();
  nets::TrainReport report;
  if (in.steps > 0 || !trained()) {
    if (trained()) report.scalars["mlp.unseen_error"] = Measure(in.data, in.data.size() - 1, AllInUse()).error;
    FitPlan plan;
    plan.batch = mlp.batch;
    plan.lr = mlp.lr;
    plan.lr_final = mlp.lr_final;
    plan.clip = mlp.clip;
    plan.decay_in = plan.decay_hidden = plan.decay_out = mlp.decay;
    plan.loss_steps = static_cast<int>(std::min<int64_t>(mlp.loss_steps, in.data.horizon()));
    const FitOutcome fit = Fit(in, plan, mlp.compensate_normaliser);
    const MemberOutcome& only = fit.members.front();
    report.steps = fit.steps;
    report.skipped = only.skipped;
    report.reloaded = only.reloaded;
    if (fit.steps > 0) {
      const std::vector<double> nats = Nats(only.sums, only.rows);
      const double squares = std::accumulate(only.sums.begin(), only.sums.end(), 0.0);
      report.scalars.insert(
          {{"mlp.train_nll", only.rows > 0 ? std::accumulate(nats.begin(), nats.end(), 0.0) : NAN},
           {"mlp.train_error", std::sqrt(squares / (only.rows * static_cast<double>(only.sums.size())))},
           {"mlp.gradient_norm", only.gradient_norm},
           {"mlp.clipped_share", only.clipped_share}});
      if (mlp.loss_steps > 1) report.scalars["mlp.far_error"] = only.rows > 0 ? std::sqrt(only.far) : NAN;
    }
  }
  if (members().front().adam.rate < 1) report.step_share["mlp.lr"] = members().front().adam.rate;
  return report;
}

void DeterministicMlp::OnSettings(const config::Settings& before, const config::Settings& after) {
  if (after.Of<DeterministicMlpSettings>().lr != before.Of<DeterministicMlpSettings>().lr)
    members().front().adam.rate = 1.0;
}

}  // namespace equipoise::model
