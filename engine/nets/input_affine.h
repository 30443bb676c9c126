// input_affine.h: a network whose inputs are normalised otherwise from now on, and that computes the same.
//
//   p = (x - m) / s, p' = (x - m') / s':  W'_j = (s'_j / s_j) W_j,  b' = b + sum_j ((m'_j - m_j) / s_j) W_j
//
// Moments follow by what W_j is counted in; what the shift of means mixes into them is small and left out.
//
// Thread   no state
#pragma once

#include <vector>

#include "engine/nets/parameters.h"

namespace equipoise::nets {

struct InputAffine {
  std::vector<float> mean, sd;  // [inputs]
};
// Of blocks "w0" and "b0". adam null: no moments.
void MoveInputs(const InputAffine& from, const InputAffine& to, Parameters* net, Adam* adam);

}  // namespace equipoise::nets
