// value_bound.h: what a value may say at most, by the rewards that were seen.
//
//   |V(s)| <= max |r| / (1 - gamma)    for every state and policy, as long as no reward is larger than those recorded
//
// A value that is learned from its own predictions may run away where states lie far from the data. Held to this where
// it is built upon, what it is fitted to stays where a return can be.
//
// Thread   any; no state
#pragma once

#include <cstdint>

#include "engine/replay/episode_buffer.h"

namespace equipoise::learn {

// The bound in raw rewards; infinity where all recorded rewards are zero.
double LargestValue(const replay::EpisodeBuffer& data, double gamma);
// Brings `values` [count] into [-bound, bound]. What is not a number stays so.
void HoldValues(float bound, int64_t count, float* values);
// No gradient goes through those that are held.
void CutHeld(float bound, int64_t count, const float* values, float* dvalues);

}  // namespace equipoise::learn
