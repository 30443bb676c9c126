#include "tests/bench/flop.h"

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
  double policy = PolicyStepFlop(s.model.hidden, s.mb.hidden, s.mb.trajectories, horizon, z);
  if (s.mb.mode == "dreamer") {
    policy = PolicyStepFlop(s.model.hidden, s.mb.hidden, s.mb.starts, s.mb.imagination, z) +
             ValueStepFlop(s.mb.value_hidden, s.mb.starts, s.mb.imagination, z) +
             CellFlop(s.model.hidden, z) * static_cast<double>(s.mb.burn_in_episodes * horizon) / s.mb.burn_in_every;
  }
  return s.model.steps * FitFlop(s.model.hidden, s.model.batch, horizon, z) + s.mb.steps * policy +
         s.sac.updates_per_step * static_cast<double>(horizon) *
             SacUpdateFlop(s.sac.hidden, s.sac.layers, s.sac.batch, z) +
         CheckFlop(s.model.hidden, s.mb.hidden, s.sac.hidden, s.sac.layers,
                   static_cast<int64_t>(s.eps.masks) * s.eps.rollouts, horizon, z);
}

}  // namespace equipoise::bench
