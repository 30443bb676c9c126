// imagined.h: what is asked for when somebody looks into a model's imagination, and what comes back.
//
// Actions of a policy: the very rollouts that the check summed for these masks (same starts, same noise).
// Actions of the real episode: from its real start; the only case in which reality can be compared with.
//   error(h)   root mean square over physics states of z_h - z_h(real), in standard deviations of the data
//   coverage   share of (step, state) where reality lies between the 5 % and 95 % quantile of the rollouts
//
// Units    rewards raw; poses as MuJoCo's qpos; observations as the policy sees them, distractors last
// Values   NaN: does not apply
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "engine/eps/pick.h"

namespace equipoise::run {

struct Imagine {
  int episode = 0;
  std::optional<eps::Pick> policy;  // whose actions; none: those of the real episode
  std::vector<int> masks;           // indices into the decision's masks
  int rollouts = 3;                 // shown of each
};

struct Trajectory {
  std::vector<double> qpos;              // [(T + 1) * qpos_size]
  std::vector<float> observation;        // [(T + 1) * states]
  std::vector<double> reward;            // [T]
  std::vector<double> information = {};  // [T] nats that the step would teach the model; empty: nobody asked
};

struct MaskImagined {
  int mask = -1;  // -1: all masks of the check together
  std::vector<Trajectory> rollouts;
  int measured = 0;    // rollouts behind the numbers below
  double delta = NAN;  // as logged
  double return_mean = NAN, return_sd = NAN;
  std::vector<double> reward_mean;  // [T]
  double clamped_fraction = NAN;    // share of imagined state entries that left the range of the data
  // Real actions only.
  std::vector<float> error, error_lo, error_hi;  // by horizon: median, 5 % and 95 % over rollouts
  double coverage = NAN, reward_error = NAN;     // mean |predicted - real| of a step's reward
};

struct Imagined {
  Imagine request;
  std::string problem;  // why there is no result; empty: there is one
  int horizon = 0, qpos_size = 0, states = 0;
  std::string rebuilt;  // of imagined poses, "x from the predicted velocity"; empty: nothing
  std::vector<MaskImagined> masks;
  MaskImagined all;       // numbers only; with a policy's actions: as logged
  bool has_real = false;  // false: the episode has not been acted yet
  Trajectory real;
  std::string real_note;  // how the real poses came about, when they could not be simulated again
};

}  // namespace equipoise::run
