// The passes over heads of feed-forward models (kernels.h): means alone, and Gaussians whose log-variance is softly
// bounded, with their gradients.
#include <algorithm>
#include <vector>

#include "engine/nets/kernels/kernels.h"
#include "engine/nets/kernels/kernels_math.h"
#include "engine/nets/kernels/kernels_rows.h"

namespace equipoise::nets {
namespace {

// Of one entry: its log-variance, and the derivatives of that by raw (up * down), low (1 - down) and high
// (down * (1 - up)).
struct Bounded {
  float log_variance, up, down;
};
EQ_INLINE Bounded BoundedOf(float raw, float low, float high) {
  const float first = high - Softplus(high - raw);
  return {low + Softplus(first - low), Sigmoid(high - raw), Sigmoid(first - low)};
}

EQ_CLONES void Terms(int64_t count, float scale, const float* mean, const float* raw, const float* y, const float* low,
                     const float* high, float* term, float* dmean, float* draw, float* dlow, float* dhigh) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const Bounded b = BoundedOf(raw[i], low[i], high[i]);
    const float precision = Exp(-b.log_variance), e = y[i] - mean[i], squared = e * e * precision, q = 1.0f - squared;
    term[i] = squared + b.log_variance;
    dmean[i] = -2.0f * scale * e * precision;
    draw[i] = scale * q * b.up * b.down;
    dhigh[i] = scale * q * b.down * (1.0f - b.up);
    dlow[i] = scale * q * (1.0f - b.down);
  }
}

EQ_CLONES void Sds(int64_t count, const float* raw, const float* low, const float* high, float* sd) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) sd[i] = Exp(0.5f * BoundedOf(raw[i], low[i], high[i]).log_variance);
}

EQ_CLONES void NextStates(int64_t count, float limit, const float* mean, const float* raw, const float* low,
                          const float* high, const float* z, const float* eps, const float* k0, const float* k1,
                          float* z_next) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float lower = mean[i] < -limit ? -limit : mean[i];
    const float m = lower > limit ? limit : lower;
    const float sd = Exp(0.5f * BoundedOf(raw[i], low[i], high[i]).log_variance);
    z_next[i] = z[i] + k0[i] + k1[i] * (m + sd * eps[i]);
  }
}

EQ_CLONES void NextStatesGradient(int64_t count, float limit, const float* mean, const float* raw, const float* low,
                                  const float* high, const float* z_next, const float* eps, const float* k1, float* dz,
                                  float* dmean, float* draw) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float g = z_next[i] < limit && z_next[i] > -limit ? dz[i] : 0.0f;
    const Bounded b = BoundedOf(raw[i], low[i], high[i]);
    dz[i] = g;
    dmean[i] = mean[i] < limit && mean[i] > -limit ? g * k1[i] : 0.0f;
    draw[i] = 0.5f * g * k1[i] * eps[i] * Exp(0.5f * b.log_variance) * b.up * b.down;
  }
}

EQ_CLONES void NextMeans(int64_t count, float limit, const float* mean, const float* z, const float* k0,
                         const float* k1, float* z_next) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float lower = mean[i] < -limit ? -limit : mean[i];
    const float m = lower > limit ? limit : lower;
    z_next[i] = z[i] + k0[i] + k1[i] * m;
  }
}

EQ_CLONES void NextMeansGradient(int64_t count, float limit, const float* mean, const float* z_next, const float* k1,
                                 float* dz, float* dmean) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float g = z_next[i] < limit && z_next[i] > -limit ? dz[i] : 0.0f;
    dz[i] = g;
    dmean[i] = mean[i] < limit && mean[i] > -limit ? g * k1[i] : 0.0f;
  }
}

void AddColumns(int64_t rows, int64_t cols, const float* flat, double* sums) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < cols; ++j) sums[j] += flat[r * cols + j];
}

}  // namespace

int64_t MeanStep(int64_t rows, int64_t states, const float* out, const float* z, const float* k0, const float* k1,
                 float limit, float* z_next, float* reward) {
  const int64_t n = rows * states, stride = states + 1;
  const Scratch s(n, 3);
  Gather(rows, states, out, stride, 0, s[0]);
  Repeat(rows, states, k0, s[1]);
  Repeat(rows, states, k1, s[2]);
  NextMeans(n, limit, s[0], z, s[1], s[2], z_next);
  for (int64_t r = 0; r < rows; ++r) reward[r] = out[r * stride + states];
  return Clamp(n, limit, z_next);
}

void MeanStepBackward(int64_t rows, int64_t states, const float* out, const float* z_next, const float* k1, float limit,
                      const float* dreward, float* dz_next, float* dout) {
  const int64_t n = rows * states, stride = states + 1;
  const Scratch s(n, 3);
  Gather(rows, states, out, stride, 0, s[0]);
  Repeat(rows, states, k1, s[1]);
  NextMeansGradient(n, limit, s[0], z_next, s[1], dz_next, s[2]);
  Scatter(rows, states, s[2], dout, stride, 0);
  for (int64_t r = 0; r < rows; ++r) dout[r * stride + states] = dreward[r];
}

void BoundedNll(int64_t rows, int64_t outputs, const float* out, const float* y, const float* low, const float* high,
                float scale, double* term_sum, float* dout, float* dlow, float* dhigh) {
  const int64_t n = rows * outputs;
  const Scratch s(n, 9);
  Gather(rows, outputs, out, 2 * outputs, 0, s[0]);
  Gather(rows, outputs, out, 2 * outputs, outputs, s[1]);
  Repeat(rows, outputs, low, s[2]);
  Repeat(rows, outputs, high, s[3]);
  Terms(n, scale, s[0], s[1], y, s[2], s[3], s[4], s[5], s[6], s[7], s[8]);
  AddColumns(rows, outputs, s[4], term_sum);
  if (dout == nullptr) return;
  Scatter(rows, outputs, s[5], dout, 2 * outputs, 0);
  Scatter(rows, outputs, s[6], dout, 2 * outputs, outputs);
  std::vector<double> sums(static_cast<size_t>(2 * outputs), 0.0);
  AddColumns(rows, outputs, s[7], sums.data());
  AddColumns(rows, outputs, s[8], sums.data() + outputs);
  for (int64_t j = 0; j < outputs; ++j) {
    dlow[j] = static_cast<float>(sums[static_cast<size_t>(j)]);
    dhigh[j] = static_cast<float>(sums[static_cast<size_t>(outputs + j)]);
  }
}

void BoundedSd(int64_t rows, int64_t outputs, const float* out, const float* low, const float* high, float* sd) {
  const int64_t n = rows * outputs;
  const Scratch s(n, 3);
  Gather(rows, outputs, out, 2 * outputs, outputs, s[0]);
  Repeat(rows, outputs, low, s[1]);
  Repeat(rows, outputs, high, s[2]);
  Sds(n, s[0], s[1], s[2], sd);
}

int64_t BoundedStep(int64_t rows, int64_t states, const float* out, const float* z, const float* eps, const float* k0,
                    const float* k1, const float* low, const float* high, float limit, float* z_next, float* reward) {
  const int64_t n = rows * states, stride = 2 * (states + 1);
  const Scratch s(n, 6);
  Gather(rows, states, out, stride, 0, s[0]);
  Gather(rows, states, out, stride, states + 1, s[1]);
  Repeat(rows, states, low, s[2]);
  Repeat(rows, states, high, s[3]);
  Repeat(rows, states, k0, s[4]);
  Repeat(rows, states, k1, s[5]);
  NextStates(n, limit, s[0], s[1], s[2], s[3], z, eps, s[4], s[5], z_next);
  for (int64_t r = 0; r < rows; ++r) reward[r] = out[r * stride + states];
  return Clamp(n, limit, z_next);
}

void BoundedStepBackward(int64_t rows, int64_t states, const float* out, const float* z_next, const float* eps,
                         const float* k1, const float* low, const float* high, float limit, const float* dreward,
                         float* dz_next, float* dout) {
  const int64_t n = rows * states, stride = 2 * (states + 1);
  const Scratch s(n, 7);
  Gather(rows, states, out, stride, 0, s[0]);
  Gather(rows, states, out, stride, states + 1, s[1]);
  Repeat(rows, states, low, s[2]);
  Repeat(rows, states, high, s[3]);
  Repeat(rows, states, k1, s[4]);
  NextStatesGradient(n, limit, s[0], s[1], s[2], s[3], z_next, eps, s[4], dz_next, s[5], s[6]);
  Scatter(rows, states, s[5], dout, stride, 0);
  Scatter(rows, states, s[6], dout, stride, states + 1);
  for (int64_t r = 0; r < rows; ++r) {
    dout[r * stride + states] = dreward[r];
    dout[r * stride + 2 * states + 1] = 0.0f;
  }
}

}  // namespace equipoise::nets
