// infer_noise.h: under which noise a model would have done what really happened.
//
//   z_{t+1} = mean(z_t, a_t) + sd(z_t, a_t) xi_t    =>    xi_t = (z_{t+1} - mean) / sd, of each state
//
// With it the model repeats the recorded steps, however wrong its means are; how it is spread says whether sd is right:
// then it has mean 0 and spread 1. 0 where the model knows no spread.
//
// Shapes   z [T + 1, rows, S] in the model's units, action [T, rows, A] raw; xi [T, rows, S]; row r under belief r % count
// Thread   one
#pragma once

#include <vector>

#include "engine/model/world_model.h"

namespace equipoise::model {

// From the start of an episode, where the model carries something on. `wrapped` states are angles.
void InferNoise(const WorldModel& model, int64_t rows, int64_t horizon, const Belief& beliefs,
                const std::vector<int>& wrapped, const float* z, const float* action, float* xi);

}  // namespace equipoise::model
