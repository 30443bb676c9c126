// activation.h: what follows a layer of a perceptron, where it is a function of one number: all but layer normalisation,
// which has weights of its own.
//
// Thread   no state; callers own all buffers
#pragma once

#include <cstdint>

#include "engine/nets/mlp.h"

namespace equipoise::nets {

// In place. `slope` [count] is what the derivative of kSwish is kept in; null where it is not wanted.
void Activate(Activation activation, int64_t count, float* h, float* slope);
// d *= the derivative, from what became of h.
void ActivateBackward(Activation activation, int64_t count, const float* h, const float* slope, float* d);

}  // namespace equipoise::nets
