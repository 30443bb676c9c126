// latent_gaussian.h: bounded Gaussians of latents, as encoder and latent model say them, and their derivatives.
//
//   out = [x | y];  m = 30 tanh(x / 30);  sd = .1 + sp(t - .1),  t = 10 - sp(10 - y),  sp = softplus
//   z = m + sd eps                                                     reparameterised
//   KL(p | q) = sum_j log(sd_q / sd_p) + (sd_p^2 + (m_p - m_q)^2) / (2 sd_q^2) - 1/2
//
// so that -30 < m < 30 and .1 < sd < 10.0001.
//
// Shapes   out [n, 2L]; mean, sd, eps, z and their derivatives [n, L]
// Thread   a pass belongs to one thread; the rest has no state
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/nets/network_parts.h"

namespace equipoise::learn {

constexpr double kLatentMean = 30, kLatentLeastSd = 0.1, kLatentMostSd = 10;

void LatentGaussian(int64_t n, int64_t latent, const float* out, float* mean, float* sd);
// dout, from the derivatives by mean and sd.
void LatentGaussianBackward(int64_t n, int64_t latent, const float* out, const float* dmean, const float* dsd,
                            float* dout);
// The sum of KL(p | q) over `count` entries. `scale` times its derivatives by mean and sd of p are added to dmean, dsd.
double LatentKl(int64_t count, const float* mean, const float* sd, const float* q_mean, const float* q_sd, double scale,
                float* dmean, float* dsd);

// A network that says such Gaussians, on a fixed number of rows: forwards and back.
class LatentPass {
 public:
  // spec.outputs is 2L.
  LatentPass(const nets::NetworkParts& parts, const nets::MlpSpec& spec, int64_t rows);

  // Draws z; `x`, `noise` and `net` stay as they are until Backward.
  void Sample(const nets::Weights& net, const float* x, const float* noise);
  // The same z, of what will not be walked back. `noise` null: the mean.
  void Evaluate(const nets::Weights& net, const float* x, const float* noise);
  const std::vector<float>& mean() const { return mean_; }
  const std::vector<float>& sd() const { return sd_; }
  const std::vector<float>& z() const { return z_; }

  // After Sample: the sum over rows of KL(this | other). The loss has `scale` times that, which Backward then counts.
  double AddKl(const LatentPass& other, double scale);
  // dz: the loss's other derivatives, by z. As NetworkPass::Backward.
  void Backward(const float* dz, nets::Gradient* gradient, float* dx);

 private:
  void Draw(const float* noise);

  int64_t rows_, latent_;
  std::unique_ptr<nets::NetworkPass> pass_;
  std::vector<float> mean_, sd_, z_, dmean_, dsd_;
  const float* noise_ = nullptr;
};

}  // namespace equipoise::learn
