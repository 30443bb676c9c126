// unrolled_loss.h: the loss of a network of means over several of its own steps, and its gradient: what it predicts is
// what it predicts on from (Nagabandi et al. 2018).
//
//   d_0 = 0;  out_h = mlp([z_h + d_h, a_h]);  d_{h+1} = d_h + k (out_h - y_h);  k = sd of a change / sd of the state
//   loss = 1/(2 H n D) sum_{h=1..H} [ |d_h / k|^2 + (reward of out_{h-1} - that of y_{h-1})^2 ]
//   g_h = d_h / (k^2 H n D) + (I + dmlp/dz)^T g_{h+1}
//
// With one step it is the loss of means (heads.h). Angles that its own steps carry across pi come back, as imagined ones
// do.
//
// Shapes   x [H, n, states + actions] and y [H, n, D], D = states + 1: recorded steps, normalised, time first
// Thread   one
#pragma once

#include <memory>
#include <vector>

#include "engine/model/model_units.h"
#include "engine/nets/network_parts.h"

namespace equipoise::model {

class UnrolledLoss {
 public:
  // `parts` outlive it.
  UnrolledLoss(const nets::NetworkParts& parts, const nets::MlpSpec& spec, int64_t rows, int steps,
               const replay::Normaliser& normaliser, std::vector<int> wrapped);

  // Adds the gradient; to sums [D] the sum over rows of the squared errors of the first step. Returns the loss.
  double Differentiate(const nets::Weights& net, const float* x, const float* y, nets::Gradient* gradient,
                       double* sums);
  // Of the last call: the mean over rows and states of d_H^2, in sds of the states.
  double far() const { return far_; }

 private:
  const int64_t rows_, inputs_, outputs_;
  const int steps_;
  const std::vector<float> scale_;  // k
  Angles angles_;
  std::vector<std::unique_ptr<nets::NetworkPass>> passes_;  // of each step
  std::vector<float> x_, apart_, z_, gradient_, dx_;        // inputs [H, n, I]; d_1 .. d_H [H, n, S]
  double far_ = 0;
};

}  // namespace equipoise::model
