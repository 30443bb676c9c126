// check.h: the equivalent policy set check: does the model prove that the model-based policy is better?
//
// For every dropout mask w_i, roll both policies through the model from the same starts with the same noise:
//   Delta_i = J(pi_mb | w_i) - J(pi_mf | w_i)                         (Freed et al. 2024, eq. 3 and A.2.4)
// proved  <=>  every Delta_i is finite and > 0.
//
// Streams  each mask has its own ("eps.mask", "eps.start", "eps.act", "eps.dyn" of seed, iteration, mask), so neither
// the
//          order of evaluation nor stopping early nor the number of threads can change a Delta_i
// Units    J is the undiscounted sum of raw rewards, by the mean reward head (which removes the reward noise exactly)
// Cost     2 K M T model and policy steps, no gradient
#pragma once

#include <functional>

#include "engine/base/team.h"
#include "engine/config/settings.h"
#include "engine/env/distractors.h"
#include "engine/eps/decision.h"
#include "engine/model/world_model.h"
#include "engine/nets/policy.h"
#include "engine/replay/start_pool.h"

namespace equipoise::eps {

enum class Pairing { kNone, kStarts, kNoise };  // what both policies share beside the mask

struct CheckInputs {
  const model::WorldModel& model;
  const nets::Policy* model_based;
  const nets::Policy* model_free;  // null: only predict the model-based policy's return
  const learn::StartPool& starts;
  const env::Distractors* distractors;  // null when they are off
  int64_t physics_states;
  int horizon;
  uint64_t seed, iteration;
  int masks, rollouts;
  Pairing pairing = Pairing::kNoise;
  bool early_exit = false;
  std::function<void(int done, int total)> progress;  // in masks; may be empty
  Team* team = nullptr;                               // who shares the work; null: this thread alone
};

// As the settings ask for it. One learner alone has nothing to prove: its return is predicted, with fewer masks
// (`model_free` null).
CheckInputs CheckInputsOf(const config::Settings& s, const model::WorldModel& model, const nets::Policy& model_based,
                          const nets::Policy* model_free, const learn::StartPool& starts,
                          const env::Distractors* distractors, int64_t physics_states, int horizon, int episode);

// Fills delta, returns, errors, evaluated, proved, masks, rollouts, seed, pairing and clamped_fraction; pick and reason
// are the arbiter's. A mask under which any return is not finite has Delta = -infinity.
Decision Check(const CheckInputs& in);

}  // namespace equipoise::eps
