// exploration_noise.h: what is added to the actions of a policy without spread, so that it sees what they lead to.
//
//   white               n_t = sd N_t
//   Ornstein-Uhlenbeck  n_t = (1 - theta) n_{t-1} + sd N_t,  n_{-1} = 0
//
// Thread   a value; any
#pragma once

namespace equipoise::learn {

struct ExplorationNoise {
  double sd = 0, theta = 1;  // theta 1: white
  // n_t, from n_{t-1} and a draw of N(0, 1).
  double Next(double before, double drawn) const { return (1 - theta) * before + sd * drawn; }
};

}  // namespace equipoise::learn
