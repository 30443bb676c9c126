#include "engine/model/feedforward/heads.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/nets/kernels/kernels.h"

namespace equipoise::model {

int64_t Heads::Step(int64_t rows, const float* out, const float* z, const float* noise, const RolloutUnits& units,
                    float* z_next, float* reward) const {
  const float *shift = units.delta_shift.data(), *scale = units.delta_scale.data();
  if (kind == HeadKind::kMeans) return nets::MeanStep(rows, states, out, z, shift, scale, kClampLimit, z_next, reward);
  return nets::BoundedStep(rows, states, out, z, noise, shift, scale, low, high, kClampLimit, z_next, reward);
}

void Heads::StepBackward(int64_t rows, const float* out, const float* z_next, const float* noise,
                         const RolloutUnits& units, const float* dreward, float* dz_next, float* dout) const {
  const float* scale = units.delta_scale.data();
  if (kind == HeadKind::kMeans) {
    nets::MeanStepBackward(rows, states, out, z_next, scale, kClampLimit, dreward, dz_next, dout);
  } else {
    nets::BoundedStepBackward(rows, states, out, z_next, noise, scale, low, high, kClampLimit, dreward, dz_next, dout);
  }
}

void Heads::RewardSd(int64_t rows, const float* out, float* sd) const {
  if (kind == HeadKind::kMeans) {
    std::fill_n(sd, rows, 0.0f);
    return;
  }
  const int64_t D = outputs();
  std::vector<float> last(static_cast<size_t>(2 * rows));  // mean and raw log-variance of the reward alone
  for (int64_t r = 0; r < rows; ++r) last[static_cast<size_t>(2 * r + 1)] = out[r * 2 * D + 2 * D - 1];
  nets::BoundedSd(rows, 1, last.data(), low + D - 1, high + D - 1, sd);
}

void Heads::Sums(int64_t rows, const float* out, const float* y, double* sums, float* dout, float* dlow,
                 float* dhigh) const {
  const int64_t D = outputs();
  const float scale = 1.0f / static_cast<float>(rows * D);
  if (kind == HeadKind::kBounded) {
    nets::BoundedNll(rows, D, out, y, low, high, scale, sums, dout, dlow, dhigh);
    return;
  }
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t j = 0; j < D; ++j) {
      const float e = out[r * D + j] - y[r * D + j];
      sums[j] += static_cast<double>(e) * e;
      if (dout != nullptr) dout[r * D + j] = scale * e;
    }
  }
}

void Heads::WeighByVariance(int64_t rows, const float* out, double beta, float* dout) const {
  const int64_t D = outputs();
  std::vector<float> sd(static_cast<size_t>(rows * D));
  nets::BoundedSd(rows, D, out, low, high, sd.data());
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t j = 0; j < D; ++j) {
      const auto weight = static_cast<float>(std::pow(sd[static_cast<size_t>(r * D + j)], 2 * beta));
      dout[r * 2 * D + j] *= weight;
      dout[r * 2 * D + D + j] *= weight;
    }
  }
}

}  // namespace equipoise::model
