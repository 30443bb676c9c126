// check.h: the equivalent policy set check: which policies does the model prove to be worse than another one?
//
// For every dropout mask w_i, roll every policy through the model from the same starts with the same noise. For two of
// them, p preferred to q:
//   Delta_i = J(q | w_i) - J(p | w_i)                                 (Freed et al. 2024, eq. 3 and A.2.4)
//   q dominates p  <=>  every Delta_i is finite and > 0;   p dominates q  <=>  every Delta_i is finite and < 0
// proved  <=>  the most preferred policy is dominated.
// With a bonus J + bonus I stands for J in every Delta: a policy may also win by what it would teach the model
// (information.h). I(p | w_i) is a mean over the same rollouts.
//
// A mask whose Delta_i lies within two standard errors of zero may be asked for more (`most_rollouts`): as many rollouts
// as it has, again and again, from the same streams as they go on. What a mask has got does not depend on others.
//
// Streams  each mask has its own ("eps.mask", "eps.start", "eps.act", "eps.dyn" of seed, iteration, mask), so neither
//          the order of evaluation nor stopping early nor the number of threads can change a Delta_i; "eps.probe" of
//          seed, iteration, the same for all masks
// Units    J is the undiscounted sum of raw rewards, by the mean reward head (which removes the reward noise exactly)
// Cost     P K M T model and policy steps, no gradient; with a bonus L model steps more for each of them
#pragma once

#include <functional>
#include <vector>

#include "engine/base/team.h"
#include "engine/config/settings.h"
#include "engine/env/distractors.h"
#include "engine/eps/decision.h"
#include "engine/model/world_model.h"
#include "engine/nets/policy.h"
#include "engine/replay/start_pool.h"

namespace equipoise::eps {

enum class Pairing { kNone, kStarts, kNoise };  // what the policies share beside the mask

struct ImaginedPolicy {
  Pick id;
  const nets::Policy* policy;
};

struct CheckInputs {
  const model::WorldModel& model;
  std::vector<ImaginedPolicy> policies;  // in order of preference; one alone: only its return is predicted
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
  double bonus = 0;       // of a nat of information, in raw reward; 0: it does not count, and is not measured
  int probes = 0;         // L: worlds that it is measured by
  int most_rollouts = 0;  // of a mask whose sign is in doubt; 0: M

  // Rollouts of a mask are drawn block by block: M, then as many as there are, up to most_rollouts. 0: there is no such
  // block.
  int BlockSize(int block) const;
  // Which streams the draws of a policy come from where they are not shared: 0 for the least preferred one.
  int StreamOf(size_t policy) const { return static_cast<int>(policies.size() - 1 - policy); }
};

// As the settings ask for it. One policy alone has nothing to prove: its return is predicted, with fewer masks. Where a
// model's beliefs can be counted there are no more masks than beliefs, and mask i is the i-th of them: a member of an
// ensemble asked twice would be no second world.
CheckInputs CheckInputsOf(const config::Settings& s, const model::WorldModel& model,
                          std::vector<ImaginedPolicy> policies, const learn::StartPool& starts,
                          const env::Distractors* distractors, int64_t physics_states, int horizon, int episode);

// What every rollout of one block of `count` masks from `first` on starts from and is disturbed by, for one policy.
// Shapes   M its rollouts; row m * count + i is rollout m under mask first + i: start [M count, S] normalised, action_noise
//          [T, M count, A], dynamics_noise [T, M count, S], the noise of distractors last
struct Draws {
  std::vector<float> start, action_noise, dynamics_noise;
};
Draws DrawsOf(const CheckInputs& in, size_t policy, int first, int count, int block = 0);

// The worlds that information is measured by: the first ones where they can be counted.
model::Belief ProbesOf(const CheckInputs& in);

// The belief that one mask is.
model::Belief MaskOf(const CheckInputs& in, int mask);

// Fills policies, comparisons, decisive, evaluated, proved, masks, rollouts, seed, pairing, bonus, most_rollouts, mask_rollouts and clamped_fraction;
// pick and reason are the arbiter's. A mask under which any return of a comparison is not finite has Delta = -infinity
// there.
Decision Check(const CheckInputs& in);

// Of a decision's comparisons: is this policy (by its place in `policies`) worse than another under every mask?
// Where the check stopped early, nobody is.
bool Dominated(const Decision& decision, size_t policy);

}  // namespace equipoise::eps
