#include "engine/model/feedforward/unrolled_loss.h"

#include <algorithm>
#include <utility>

namespace equipoise::model {

UnrolledLoss::UnrolledLoss(const nets::NetworkParts& parts, const nets::MlpSpec& spec, int64_t rows, int steps,
                           const replay::Normaliser& normaliser, std::vector<int> wrapped)
    : rows_(rows),
      inputs_(spec.inputs),
      outputs_(spec.outputs),
      steps_(steps),
      scale_(RolloutUnits(spec.outputs - 1, spec.inputs - spec.outputs + 1, normaliser).delta_scale),
      angles_(std::move(wrapped), spec.outputs - 1, normaliser) {
  const int64_t S = outputs_ - 1;
  for (int h = 0; h < steps; ++h) passes_.push_back(parts.NewPass(spec, rows));
  angles_.Resize(1, rows);
  x_.resize(static_cast<size_t>(steps * rows * inputs_));
  apart_.resize(static_cast<size_t>(steps * rows * S));
  for (auto* v : {&z_, &gradient_}) v->resize(static_cast<size_t>(rows * S));
  dx_.resize(static_cast<size_t>(rows * inputs_));
}

double UnrolledLoss::Differentiate(const nets::Weights& net, const float* x, const float* y, nets::Gradient* gradient,
                                   double* sums) {
  const int64_t S = outputs_ - 1, D = outputs_;
  const double share = 1.0 / static_cast<double>(steps_ * rows_ * D);
  double loss = 0;
  float *z = z_.data(), *g = gradient_.data();
  const float* k = scale_.data();
  std::copy_n(x, steps_ * rows_ * inputs_, x_.data());
  for (int h = 0; h < steps_; ++h) {
    float *now = x_.data() + h * rows_ * inputs_, *next = apart_.data() + h * rows_ * S;
    const float *before = h > 0 ? next - rows_ * S : nullptr, *want = y + h * rows_ * D;
    if (h > 0) {
      for (int64_t r = 0; r < rows_; ++r)
        for (int64_t j = 0; j < S; ++j) z[r * S + j] = now[r * inputs_ + j] + before[r * S + j];
      angles_.Wrap(0, z_.data());
      for (int64_t r = 0; r < rows_; ++r) std::copy_n(z_.data() + r * S, S, now + r * inputs_);
    }
    nets::NetworkPass& pass = *passes_[static_cast<size_t>(h)];
    pass.Forward(net, now);
    const float* out = pass.output();
    far_ = 0;
    for (int64_t r = 0; r < rows_; ++r) {
      for (int64_t j = 0; j < D; ++j) {
        const float e = out[r * D + j] - want[r * D + j];
        if (h == 0) sums[j] += static_cast<double>(e) * e;
        double counts = e;
        if (j < S) {
          float& apart = next[r * S + j];
          apart = (h > 0 ? before[r * S + j] : 0.0f) + k[j] * e;
          counts = static_cast<double>(apart) / k[j];
          far_ += static_cast<double>(apart) * apart / static_cast<double>(rows_ * S);
        } else {
          pass.output_gradient()[r * D + j] = static_cast<float>(share * e);
        }
        loss += 0.5 * share * counts * counts;
      }
    }
  }
  std::fill(gradient_.begin(), gradient_.end(), 0.0f);
  for (int h = steps_ - 1; h >= 0; --h) {
    nets::NetworkPass& pass = *passes_[static_cast<size_t>(h)];
    const float* next = apart_.data() + h * rows_ * S;
    for (int64_t r = 0; r < rows_; ++r) {
      for (int64_t j = 0; j < S; ++j) {
        g[r * S + j] += static_cast<float>(share * next[r * S + j] / (static_cast<double>(k[j]) * k[j]));
        pass.output_gradient()[r * D + j] = k[j] * g[r * S + j];
      }
    }
    pass.Backward(gradient, h > 0 ? dx_.data() : nullptr);
    if (h == 0) break;
    for (int64_t r = 0; r < rows_; ++r)
      for (int64_t j = 0; j < S; ++j) g[r * S + j] += dx_[static_cast<size_t>(r * inputs_ + j)];
  }
  return loss;
}

}  // namespace equipoise::model
