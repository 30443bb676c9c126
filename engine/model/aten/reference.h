// reference.h: the dropout LSTM and imagination in it, in plain ATen operations with automatic gradients: step by step
// from the equations of dropout_lstm.h, one time step after the other and states in raw units, so that it shares
// neither code nor arrangement with the hand-written passes that it checks.
//
// Shapes   rows n, hidden H, states S, actions A, outputs D = S + 1; x [n, S + A] and y [n, D] normalised;
//          masks [n, mask layers, H]
// Thread   no state; polls for interrupts at every time step
#pragma once

#include <vector>

#include "engine/model/dropout_lstm.h"
#include "engine/nets/aten/reference.h"

namespace equipoise::model {

struct ReferenceModel {
  LstmSpec spec;
  std::vector<at::Tensor> blocks;         // by LstmBlock
  at::Tensor x_mean, x_sd, y_mean, y_sd;  // the normaliser
};
struct ReferenceCarry {
  at::Tensor h, c;  // [n, H]
};
struct ReferenceHeads {
  at::Tensor mean, sd;  // [n, D], normalised units
};

ReferenceCarry ReferenceStart(const ReferenceModel& model, int64_t rows);
// One step of the network; advances the carry.
ReferenceHeads ReferenceStep(const ReferenceModel& model, const at::Tensor& x, const at::Tensor& masks,
                             ReferenceCarry* carry);
// -log p of every output: x [T, B, S + A], y [T, B, D] -> [T, B, D].
at::Tensor ReferenceNll(const ReferenceModel& model, const at::Tensor& x, const at::Tensor& y, const at::Tensor& masks);

struct ReferenceTrajectory {
  at::Tensor state;     // [T + 1, n, S], raw units
  at::Tensor reward;    // [T, n], means, raw units
  at::Tensor log_prob;  // [T, n]
  at::Tensor clamped;   // number of state entries that left the range of the data
};
// start [n, S] raw; action_noise [T, n, A], dynamics_noise [T, n, S]; the carry is left as it is after the last step.
// `detach_input`: no gradient through what the policy sees.
ReferenceTrajectory ReferenceImagine(const ReferenceModel& model, const nets::ReferencePolicy& policy,
                                     const at::Tensor& start, ReferenceCarry* carry, const at::Tensor& masks,
                                     const at::Tensor& action_noise, const at::Tensor& dynamics_noise,
                                     bool detach_input);

}  // namespace equipoise::model
