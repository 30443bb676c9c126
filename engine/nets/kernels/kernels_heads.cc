// The passes over network heads (kernels.h): policy samples, likelihoods and imagined steps, with their gradients.
#include <algorithm>

#include "engine/nets/kernels/kernels.h"
#include "engine/nets/kernels/kernels_math.h"
#include "engine/nets/kernels/kernels_rows.h"

namespace equipoise::nets {
namespace {

constexpr float kHalfLogTwoPi = 0.918938533204672742f;
constexpr float kLogTwo = 0.693147180559945309f;

EQ_CLONES void SquashedSample(int64_t count, float sigma_max, const float* mean, const float* spread, const float* eps,
                              float* action, float* term) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float sigma = sigma_max > 0.0f ? sigma_max * Sigmoid(spread[i]) + 1e-4f : Softplus(spread[i]) + 1e-3f;
    const float u = mean[i] + sigma * eps[i];
    action[i] = Tanh(u);
    term[i] = -0.5f * eps[i] * eps[i] - Log(sigma) - kHalfLogTwoPi - 2.0f * (kLogTwo - u - Softplus(-2.0f * u));
  }
}

EQ_CLONES void SquashedGradient(int64_t count, float sigma_max, const float* spread, const float* eps,
                                const float* action, const float* da, const float* dlog_prob, float* dmean,
                                float* dspread) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float s = Sigmoid(spread[i]);
    const float sigma = sigma_max > 0.0f ? sigma_max * s + 1e-4f : Softplus(spread[i]) + 1e-3f;
    const float dsigma = sigma_max > 0.0f ? sigma_max * s * (1.0f - s) : s;
    // d log pi / du = 2 tanh(u); -eps^2/2 is constant under the reparameterisation.
    const float du = da[i] * (1.0f - action[i] * action[i]) + dlog_prob[i] * 2.0f * action[i];
    dmean[i] = du;
    dspread[i] = (du * eps[i] - dlog_prob[i] / sigma) * dsigma;
  }
}

EQ_CLONES void NllTerms(int64_t count, float sd_min, float sd_max, float scale, const float* mean, const float* spread,
                        const float* y, float* term, float* dmean, float* dspread) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float soft = Softplus(spread[i]) + sd_min;
    const float sd = soft >= sd_max ? sd_max : soft;  // a NaN stays one
    const float inverse = 1.0f / sd, e = (y[i] - mean[i]) * inverse;
    term[i] = 0.5f * e * e + Log(sd) + kHalfLogTwoPi;
    dmean[i] = -scale * e * inverse;
    dspread[i] = soft >= sd_max ? 0.0f : scale * (1.0f - e * e) * inverse * Sigmoid(spread[i]);
  }
}

EQ_CLONES void Sds(int64_t count, const float* raw, float sd_min, float sd_max, float* sd) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float soft = Softplus(raw[i]) + sd_min;
    sd[i] = soft > sd_max ? sd_max : soft;
  }
}

EQ_CLONES void NextStates(int64_t count, float sd_min, float sd_max, float limit, const float* mean,
                          const float* spread, const float* z, const float* eps, const float* k0, const float* k1,
                          float* z_next) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float low = mean[i] < -limit ? -limit : mean[i];
    const float m = low > limit ? limit : low;
    const float soft = Softplus(spread[i]) + sd_min;
    const float sd = soft > sd_max ? sd_max : soft;
    z_next[i] = z[i] + k0[i] + k1[i] * (m + sd * eps[i]);
  }
}

EQ_CLONES void NextStatesGradient(int64_t count, float sd_min, float sd_max, float limit, const float* mean,
                                  const float* spread, const float* z_next, const float* eps, const float* k1,
                                  float* dz, float* dmean, float* dspread) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const bool kept = z_next[i] < limit && z_next[i] > -limit;
    const float g = kept ? dz[i] : 0.0f;
    dz[i] = g;
    dmean[i] = mean[i] < limit && mean[i] > -limit ? g * k1[i] : 0.0f;
    dspread[i] = Softplus(spread[i]) + sd_min < sd_max ? g * k1[i] * eps[i] * Sigmoid(spread[i]) : 0.0f;
  }
}

}  // namespace

void TanhGaussian(int64_t rows, int64_t actions, const float* raw, const float* eps, float sigma_max, float* action,
                  float* log_prob) {
  const int64_t n = rows * actions;
  const Scratch s(n, 3);
  Gather(rows, actions, raw, 2 * actions, 0, s[0]);
  Gather(rows, actions, raw, 2 * actions, actions, s[1]);
  SquashedSample(n, sigma_max, s[0], s[1], eps, action, s[2]);
  for (int64_t r = 0; r < rows; ++r) {
    float sum = 0.0f;
    for (int64_t j = 0; j < actions; ++j) sum += s[2][r * actions + j];
    log_prob[r] = sum;
  }
}

void TanhGaussianBackward(int64_t rows, int64_t actions, const float* raw, const float* eps, float sigma_max,
                          const float* action, const float* da, const float* dlog_prob, float* draw) {
  const int64_t n = rows * actions;
  const Scratch s(n, 4);
  Gather(rows, actions, raw, 2 * actions, actions, s[0]);
  for (int64_t r = 0; r < rows; ++r) std::fill_n(s[1] + r * actions, actions, dlog_prob[r]);
  SquashedGradient(n, sigma_max, s[0], eps, action, da, s[1], s[2], s[3]);
  Scatter(rows, actions, s[2], draw, 2 * actions, 0);
  Scatter(rows, actions, s[3], draw, 2 * actions, actions);
}

void GaussianNll(int64_t rows, int64_t outputs, const float* out, const float* y, float sd_min, float sd_max,
                 float scale, int64_t counted, double* counted_sum, double* other_sum, float* dout) {
  const int64_t n = rows * outputs;
  const Scratch s(n, 5);
  Gather(rows, outputs, out, 2 * outputs, 0, s[0]);
  Gather(rows, outputs, out, 2 * outputs, outputs, s[1]);
  NllTerms(n, sd_min, sd_max, scale, s[0], s[1], y, s[2], s[3], s[4]);
  double in_sum = 0, out_sum = 0;
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < outputs; ++j) (j < counted || j == outputs - 1 ? in_sum : out_sum) += s[2][r * outputs + j];
  *counted_sum = in_sum;
  *other_sum = out_sum;
  if (dout == nullptr) return;
  Scatter(rows, outputs, s[3], dout, 2 * outputs, 0);
  Scatter(rows, outputs, s[4], dout, 2 * outputs, outputs);
}

void SoftplusSd(int64_t count, const float* raw, float sd_min, float sd_max, float* sd) {
  Sds(count, raw, sd_min, sd_max, sd);
}

int64_t HeadStep(int64_t rows, int64_t states, const float* out, const float* z, const float* eps, const float* k0,
                 const float* k1, float sd_min, float sd_max, float limit, float* z_next, float* reward) {
  const int64_t n = rows * states, stride = 2 * (states + 1);
  const Scratch s(n, 4);
  Gather(rows, states, out, stride, 0, s[0]);
  Gather(rows, states, out, stride, states + 1, s[1]);
  Repeat(rows, states, k0, s[2]);
  Repeat(rows, states, k1, s[3]);
  NextStates(n, sd_min, sd_max, limit, s[0], s[1], z, eps, s[2], s[3], z_next);
  const int64_t clamped = Clamp(n, limit, z_next);
  for (int64_t r = 0; r < rows; ++r) reward[r] = out[r * stride + states];
  return clamped;
}

void HeadStepBackward(int64_t rows, int64_t states, const float* out, const float* z_next, const float* eps,
                      const float* k1, float sd_min, float sd_max, float limit, const float* dreward, float* dz_next,
                      float* dout) {
  const int64_t n = rows * states, stride = 2 * (states + 1);
  const Scratch s(n, 5);
  Gather(rows, states, out, stride, 0, s[0]);
  Gather(rows, states, out, stride, states + 1, s[1]);
  Repeat(rows, states, k1, s[2]);
  NextStatesGradient(n, sd_min, sd_max, limit, s[0], s[1], z_next, eps, s[2], dz_next, s[3], s[4]);
  Scatter(rows, states, s[3], dout, stride, 0);
  Scatter(rows, states, s[4], dout, stride, states + 1);
  for (int64_t r = 0; r < rows; ++r) {
    dout[r * stride + states] = dreward[r];
    dout[r * stride + 2 * states + 1] = 0.0f;
  }
}

}  // namespace equipoise::nets
