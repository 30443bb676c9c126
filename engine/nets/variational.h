// variational.h: a multilayer perceptron that is not sure of its weights: each weight and bias is a normal of its own
// (Blundell et al. 2015).
//
//   w ~ N(m, s^2),  s = softplus(rho)
//   act = h M + m_b + sqrt(h^2 S^2 + s_b^2) eps,  eps standard normal, of each row and unit   (Kingma et al. 2015)
//
// The second line is what the first makes of a row's activations, drawn there: rows do not share a draw, and gradients
// scatter less. A root below 1e-6 counts as 0, with no derivative.
//
// The first half of the parameters is the mlp of the means (mlp.h), with its blocks in its order; a block "rho.<name>"
// for each of them follows. So whatever computes an mlp computes that of the means.
//
// Shapes   x [rows, inputs]; noise: layer by layer [rows, width], the outputs' last
// Thread   a pass belongs to one thread
#pragma once

#include <cstdint>
#include <vector>

#include "engine/nets/mlp.h"
#include "engine/nets/parameters.h"

namespace equipoise::nets {

// Without layer normalisation or free outputs. The means start as an mlp does.
Parameters MakeVariational(const MlpSpec& spec, double rho, Stream& stream);
// One draw of all weights: an mlp.
Parameters DrawWeights(const Parameters& net, Stream& stream);
int64_t NoiseSize(const MlpSpec& spec, int64_t rows);

// KL(q | p) of all weights to the prior N(0, prior_sd^2), in nats; where `gradient` is not null, `share` times its
// derivatives are added.
double Divergence(const Parameters& net, double prior_sd, float share, float* gradient);

// s of rho, and back.
double SpreadOf(float rho);
float RhoOf(double s);

// How sure it is, over all weights.
struct Certainty {
  double sd = 0;               // geometric mean
  double signal_to_noise = 0;  // median of |m| / s
};
Certainty CertaintyOf(const Parameters& net);

class VariationalMlp {
 public:
  void Resize(const MlpSpec& spec, int64_t rows);
  // `noise` and x stay as they are until Backward.
  void Forward(const Parameters& net, const float* x, const float* noise);
  float* output() { return activation_.back().data(); }
  // The caller writes dLoss/dy here before Backward.
  float* output_gradient() { return gradient_.back().data(); }
  // Adds the parameters' gradient and writes that of the input, each unless it is null.
  void Backward(const Parameters& net, float* gradient, float* dx);

 private:
  int Rho(const Parameters& net, int64_t layer) const;  // block of the layer's rho; that of its bias follows
  int64_t Width(int64_t layer) const { return layer == spec_.layers ? spec_.outputs : spec_.hidden; }

  MlpSpec spec_;
  int64_t rows_ = 0;
  const float *x_ = nullptr, *noise_ = nullptr;
  // By layer, the outputs' last: activations, roots of their variances, and derivatives; squares of what goes in;
  // variances of weights and biases.
  std::vector<std::vector<float>> activation_, root_, gradient_, slope_, square_, variance_, bias_variance_;
  std::vector<float> dvariance_, dsquare_, dweights_;
};

}  // namespace equipoise::nets
