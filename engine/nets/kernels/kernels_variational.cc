// The passes over weights that are normals (kernels.h), with their gradients.
#include <algorithm>

#include "engine/nets/kernels/kernels.h"
#include "engine/nets/kernels/kernels_math.h"
#include "engine/nets/kernels/kernels_rows.h"

namespace equipoise::nets {
namespace {

constexpr float kLeastVariance = 1e-12f;

EQ_CLONES void KlTerms(int64_t count, const float* mean, const float* rho, float p, float scale, float* term,
                       float* dmean, float* drho) {
  const float precision = 1.0f / (p * p), log_p = Log(p);
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float s = Softplus(rho[i]), m = mean[i];
    term[i] = log_p - Log(s) + 0.5f * (s * s + m * m) * precision - 0.5f;
    dmean[i] = scale * m * precision;
    drho[i] = scale * (s * precision - 1.0f / s) * Sigmoid(rho[i]);
  }
}

}  // namespace

EQ_CLONES void Variances(int64_t count, const float* rho, float* variance) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float s = Softplus(rho[i]);
    variance[i] = s * s;
  }
}

EQ_CLONES void Squares(int64_t count, const float* x, float* y) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) y[i] = x[i] * x[i];
}

EQ_CLONES void AddNoise(int64_t count, const float* variance, const float* eps, float* root, float* act) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float v = variance[i];
    root[i] = v <= kLeastVariance ? 0.0f : __builtin_sqrtf(v);
    act[i] += root[i] * eps[i];
  }
}

EQ_CLONES void NoiseBackward(int64_t count, const float* root, const float* eps, const float* dact, float* dvariance) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float r = root[i];
    dvariance[i] = r == 0.0f ? 0.0f : 0.5f * dact[i] * eps[i] / r;
  }
}

EQ_CLONES void VariancesBackward(int64_t count, const float* rho, const float* dvariance, float* drho) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) drho[i] += 2.0f * Softplus(rho[i]) * dvariance[i] * Sigmoid(rho[i]);
}

EQ_CLONES void SquaresBackward(int64_t count, const float* x, const float* dsquare, float* dx) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) dx[i] += 2.0f * x[i] * dsquare[i];
}

double NormalKl(int64_t count, const float* mean, const float* rho, float p, float scale, float* dmean, float* drho) {
  constexpr int64_t kAtOnce = 4096;
  const Scratch s(kAtOnce, 3);
  double sum = 0;
  for (int64_t first = 0; first < count; first += kAtOnce) {
    const int64_t n = std::min(kAtOnce, count - first);
    KlTerms(n, mean + first, rho + first, p, scale, s[0], s[1], s[2]);
    for (int64_t i = 0; i < n; ++i) sum += s[0][i];
    for (int64_t i = 0; dmean != nullptr && i < n; ++i) {
      dmean[first + i] += s[1][i];
      drho[first + i] += s[2][i];
    }
  }
  return sum;
}

}  // namespace equipoise::nets
