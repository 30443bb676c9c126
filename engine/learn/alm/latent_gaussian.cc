#include "engine/learn/alm/latent_gaussian.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"

namespace equipoise::learn {
namespace {

double Softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }
double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

void LatentGaussian(int64_t n, int64_t latent, const float* out, float* mean, float* sd) {
  for (int64_t i = 0; i < n; ++i) {
    const float *x = out + i * 2 * latent, *y = x + latent;
    for (int64_t j = 0; j < latent; ++j) {
      const double t = kLatentMostSd - Softplus(kLatentMostSd - static_cast<double>(y[j]));
      mean[i * latent + j] = static_cast<float>(kLatentMean * std::tanh(static_cast<double>(x[j]) / kLatentMean));
      sd[i * latent + j] = static_cast<float>(kLatentLeastSd + Softplus(t - kLatentLeastSd));
    }
  }
}

void LatentGaussianBackward(int64_t n, int64_t latent, const float* out, const float* dmean, const float* dsd,
                            float* dout) {
  for (int64_t i = 0; i < n; ++i) {
    const float *x = out + i * 2 * latent, *y = x + latent;
    float *dx = dout + i * 2 * latent, *dy = dx + latent;
    for (int64_t j = 0; j < latent; ++j) {
      const int64_t at = i * latent + j;
      const double flat = std::tanh(static_cast<double>(x[j]) / kLatentMean);
      const double below = kLatentMostSd - static_cast<double>(y[j]), t = kLatentMostSd - Softplus(below);
      dx[j] = static_cast<float>(static_cast<double>(dmean[at]) * (1 - flat * flat));
      dy[j] = static_cast<float>(static_cast<double>(dsd[at]) * Sigmoid(below) * Sigmoid(t - kLatentLeastSd));
    }
  }
}

double LatentKl(int64_t count, const float* mean, const float* sd, const float* q_mean, const float* q_sd, double scale,
                float* dmean, float* dsd) {
  double sum = 0;
  for (int64_t k = 0; k < count; ++k) {
    const double s = sd[k], q = q_sd[k], apart = static_cast<double>(mean[k]) - q_mean[k];
    sum += std::log(q / s) + (s * s + apart * apart) / (2 * q * q) - 0.5;
    dmean[k] += static_cast<float>(scale * apart / (q * q));
    dsd[k] += static_cast<float>(scale * (s / (q * q) - 1 / s));
  }
  return sum;
}

LatentPass::LatentPass(const nets::NetworkParts& parts, const nets::MlpSpec& spec, int64_t rows)
    : rows_(rows), latent_(spec.outputs / 2), pass_(parts.NewPass(spec, rows)) {
  for (auto* v : {&mean_, &sd_, &z_, &dmean_, &dsd_}) v->resize(static_cast<size_t>(rows_ * latent_));
}

void LatentPass::Sample(const nets::Weights& net, const float* x, const float* noise) {
  pass_->Forward(net, x);
  Draw(noise);
  noise_ = noise;
  std::fill(dmean_.begin(), dmean_.end(), 0.0f);
  std::fill(dsd_.begin(), dsd_.end(), 0.0f);
}

void LatentPass::Evaluate(const nets::Weights& net, const float* x, const float* noise) {
  pass_->Evaluate(net, x);
  Draw(noise);
  noise_ = nullptr;
}

void LatentPass::Draw(const float* noise) {
  LatentGaussian(rows_, latent_, pass_->output(), mean_.data(), sd_.data());
  for (size_t k = 0; k < z_.size(); ++k) z_[k] = noise != nullptr ? mean_[k] + sd_[k] * noise[k] : mean_[k];
}

double LatentPass::AddKl(const LatentPass& other, double scale) {
  return LatentKl(rows_ * latent_, mean_.data(), sd_.data(), other.mean_.data(), other.sd_.data(), scale, dmean_.data(),
                  dsd_.data());
}

void LatentPass::Backward(const float* dz, nets::Gradient* gradient, float* dx) {
  EQ_CHECK(noise_ != nullptr, "a latent that was not drawn");
  for (size_t k = 0; k < z_.size(); ++k) {
    dmean_[k] += dz[k];
    dsd_[k] += dz[k] * noise_[k];
  }
  LatentGaussianBackward(rows_, latent_, pass_->output(), dmean_.data(), dsd_.data(), pass_->output_gradient());
  pass_->Backward(gradient, dx);
}

}  // namespace equipoise::learn
