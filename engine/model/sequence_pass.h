// sequence_pass.h: the dropout LSTM over whole recorded trajectories (teacher forcing), forwards and backwards through
// time.
//
// Everything that does not depend on h_{t-1} (input layer, its half of the gates, the layers behind the cell) is one
// matrix product over all T steps; only h_{t-1} W_h is sequential.
//
// Shapes   x [T, B, inputs], y [T, B, outputs], normalised; beliefs: B of them, one per trajectory
// Thread   a pass belongs to one thread
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/dropout_lstm.h"
#include "engine/nets/kernels/gemm.h"

namespace equipoise::model {

class SequencePass {
 public:
  // `heads` false stops behind the cell (burn-in).
  void Forward(const LstmSpec& spec, const nets::Parameters& net, const float* x, int64_t horizon, int64_t batch,
               const Belief& beliefs, bool heads);
  // State before step t, [B, H] each; t = T is the state after the last step.
  const float* hidden(int64_t t) const { return h_.data() + t * batch_ * spec_.hidden; }
  const float* cell(int64_t t) const { return c_.data() + t * batch_ * spec_.hidden; }
  const float* heads() const { return out_.data(); }  // [T, B, 2D]

  // Sum over trajectories and time of -log p(y). `scale` > 0 also prepares Backward: gradients are those of scale *
  // sum. `physics` outputs and the reward are summed apart from the other (distractor) outputs.
  void Loss(const float* y, float scale, int64_t physics, double* physics_sum, double* other_sum);
  // The same sum by output [D].
  std::vector<double> LossByOutput(const float* y) const;
  // Adds dLoss/dW to gradient (flat, the network's layout). Call after Loss with scale > 0; destroys the pass's
  // buffers.
  void Backward(const nets::Parameters& net, const float* x, const Belief& beliefs, float* gradient);

 private:
  LstmSpec spec_;
  int64_t horizon_ = 0, batch_ = 0;
  // W_h, or its transpose, as the factor of one product a step; by group of gates.
  void SetRecurrent(const nets::Parameters& net, bool transpose);
  std::vector<nets::Factor> recurrent_;
  std::vector<float> e_, gates_, masked_h_, h_, c_, first_in_, u_, v_, out_, dout_, work_, work2_, dh_, dc_;
};

}  // namespace equipoise::model
