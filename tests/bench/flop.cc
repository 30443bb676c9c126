#include "tests/bench/flop.h"
#include "engine/eps/check_settings.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm_settings.h"

namespace equipoise::bench {

double MlpFlop(int64_t inputs, int64_t hidden, int64_t layers, int64_t outputs) {
  return 2.0 * static_cast<double>(inputs * hidden + (layers - 1) * hidden * hidden + hidden * outputs);
}

namespace {

// The input layer and the cell; the rest of the model is behind it.
double CellFlop(int64_t h, Size z) { return 2.0 * static_cast<double>((z.states + z.actions) * h + 2 * h * 4 * h); }

}  // namespace

double ModelFlop(int64_t h, Size z) {
  return CellFlop(h, z) + 2.0 * static_cast<double>(2 * h * h + h * 2 * (z.states + 1));
}

// Backwards every product costs two more: for the data and for the weights.
double FitFlop(int64_t hidden, int64_t batch, int64_t horizon, Size z) {
  return 3 * ModelFlop(hidden, z) * static_cast<double>(batch * horizon);
}

// The model's own weights want no gradient.
double PolicyStepFlop(int64_t hidden, int64_t policy_hidden, int64_t rows, int64_t horizon, Size z) {
  const double policy = MlpFlop(z.states, policy_hidden, 2, 2 * z.actions);
  return (2 * ModelFlop(hidden, z) + 3 * policy) * static_cast<double>(rows * horizon);
}

// Dreamer's critic: as the target, with the gradient of its input; and as what learns, weights included.
double ValueStepFlop(int64_t value_hidden, int64_t rows, int64_t horizon, Size z) {
  return (2 + 3) * MlpFlop(z.states, value_hidden, 2, 1) * static_cast<double>(rows * horizon);
}

// Actor: at the next state, and forwards and backwards at this one. Two critics: as targets, forwards and backwards on
// recorded actions, forwards and backwards for the actor's.
double SacUpdateFlop(int64_t hidden, int64_t layers, int64_t batch, Size z) {
  const double actor = MlpFlop(z.states, hidden, layers, 2 * z.actions);
  const double critic = MlpFlop(z.states + z.actions, hidden, layers, 1);
  // Each critic: the target, its own step, the actor's look at it. Back to the action only one of them in each row.
  return ((1 + 3) * actor + (2 * (1 + 3 + 1) + 1) * critic) * static_cast<double>(batch);
}

double CheckFlop(int64_t hidden, int64_t policy_mb, int64_t policy_mf, int64_t layers_mf, int64_t rows, int64_t horizon,
                 Size z) {
  const double policies =
      MlpFlop(z.states, policy_mb, 2, 2 * z.actions) + MlpFlop(z.states, policy_mf, layers_mf, 2 * z.actions);
  return (2 * ModelFlop(hidden, z) + policies) * static_cast<double>(rows * horizon);
}

double EpisodeFlop(const config::Settings& s, int64_t horizon, Size z) {
  const learn::SacSettings& sac = s.Of<learn::SacSettings>();
  const model::DropoutLstmSettings& lstm = s.Of<model::DropoutLstmSettings>();
  const learn::ModelBasedSettings& mb = s.Of<learn::ModelBasedSettings>();
  const eps::CheckSettings& eps = s.Of<eps::CheckSettings>();
  double policy = PolicyStepFlop(lstm.hidden, mb.hidden, mb.trajectories, horizon, z);
  if (mb.mode == "dreamer") {
    policy = PolicyStepFlop(lstm.hidden, mb.hidden, mb.starts, mb.imagination, z) +
             ValueStepFlop(mb.value_hidden, mb.starts, mb.imagination, z) +
             CellFlop(lstm.hidden, z) * static_cast<double>(mb.burn_in_episodes * horizon) / mb.burn_in_every;
  }
  return lstm.steps * FitFlop(lstm.hidden, lstm.batch, horizon, z) + mb.steps * policy +
         sac.updates_per_step * static_cast<double>(horizon) * SacUpdateFlop(sac.hidden, sac.layers, sac.batch, z) +
         CheckFlop(lstm.hidden, mb.hidden, sac.hidden, sac.layers, static_cast<int64_t>(eps.masks) * eps.rollouts,
                   horizon, z);
}

}  // namespace equipoise::bench
