// reference.h: world models and imagination in them, in plain ATen operations with automatic gradients: step by step
// from the equations of dropout_lstm.h and feedforward/heads.h, one time step after the other and states in raw units,
// so that it shares neither code nor arrangement with the hand-written passes that it checks.
//
// Shapes   rows n, hidden H, states S, actions A, outputs D = S + 1; x [n, S + A] and y [n, D] normalised;
//          masks [n, mask layers, H]
// Thread   no state; polls for interrupts at every time step
#pragma once

#include <functional>
#include <vector>

#include "engine/model/dropout_lstm.h"
#include "engine/model/feedforward/feed_forward.h"
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

// One member of a feed-forward model. The sd of means alone is 0.
struct ReferenceMember {
  nets::MlpSpec spec;
  HeadKind heads = HeadKind::kMeans;
  std::vector<at::Tensor> blocks;
  at::Tensor low, high;  // [D], undefined for means
};
ReferenceHeads ReferenceStep(const ReferenceMember& member, const at::Tensor& x);
// The loss of heads.h: x [n, S + A], y [n, D].
at::Tensor ReferenceLoss(const ReferenceMember& member, const at::Tensor& x, const at::Tensor& y);

// What imagination needs to know of any model.
struct ReferenceUnits {
  int64_t states = 0;
  std::vector<int> wrapped;
  at::Tensor x_mean, x_sd, y_mean, y_sd;
};
// One step of the network, [n, S + A] normalised: the next one after the last.
using ReferenceNetwork = std::function<ReferenceHeads(const at::Tensor& x)>;

struct ReferenceTrajectory {
  at::Tensor state;                // [T + 1, n, S], raw units
  at::Tensor reward;               // [T, n], means, raw units
  at::Tensor log_prob;             // [T, n]
  at::Tensor clamped;              // number of state entries that left the range of the data
  std::vector<at::Tensor> states;  // those of `state`, each as what follows it depends on it
};
// start [n, S] raw; action_noise [T, n, A], dynamics_noise [T, n, S]; the carry is left as it is after the last step.
// `detach_input`: no gradient through what the policy sees.
ReferenceTrajectory ReferenceImagine(const ReferenceUnits& units, const ReferenceNetwork& network,
                                     const nets::ReferencePolicy& policy, const at::Tensor& start,
                                     const at::Tensor& action_noise, const at::Tensor& dynamics_noise,
                                     bool detach_input);
// In the dropout LSTM.
ReferenceTrajectory ReferenceImagine(const ReferenceModel& model, const nets::ReferencePolicy& policy,
                                     const at::Tensor& start, ReferenceCarry* carry, const at::Tensor& masks,
                                     const at::Tensor& action_noise, const at::Tensor& dynamics_noise,
                                     bool detach_input);

}  // namespace equipoise::model
