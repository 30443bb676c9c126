// q_error.h: what critics said of the states of a real episode, against what the policy that acted then earned there.
//
//   R_t = sum_{k=t}^{T-2} gamma^{k-t} r_k + tail_t,   tail_t = gamma^{T-1-t} Q_{T-1},   Q_t = Q(s_t, a_t)
//   means over t < T/2:  q = mean Q_t,  monte_carlo = mean R_t,  tail = mean tail_t,  error = q - monte_carlo
//
// Episodes end by time alone and the critics' value goes on beyond that (sac.h), so the return is continued with what
// they say of the last step that was taken: nothing is drawn, and the states of the second half, whose return would
// consist of little else, are left out. The price: an excess that is the same in all states shows in R_t too, by
// gamma^{T-1-t} of it; monte_carlo - tail is what rewards alone make. One episode is one sample of R_t: only the mean
// of many says whether the critics overestimate.
//
// Q must be that of the policy that acted: no entropy in its target, and the policy as it is now.
//
// Shapes   q, rewards [T], T >= 2
// Units    discounted, raw reward
// Thread   any; no state
#pragma once

#include <cstdint>
#include <vector>

#include "engine/replay/episode_buffer.h"

namespace equipoise::learn {

struct QError {
  double q = 0, monte_carlo = 0, tail = 0;
  double error() const { return q - monte_carlo; }
};
// What no value should exceed for long: the largest discounted return that began at any step of the first half of any
// recorded episode, continued beyond its end at its own pace.
//   max_t R_t / (1 - gamma^{T-t}),  R_t = sum_{k>=t} gamma^{k-t} r_k
// 0 where nothing is recorded.
double BestReturn(const replay::EpisodeBuffer& data, double gamma);

QError CompareWithReturn(const std::vector<double>& q, const std::vector<float>& rewards, double gamma);

}  // namespace equipoise::learn
