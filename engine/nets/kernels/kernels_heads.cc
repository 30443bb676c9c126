// The passes over network heads (kernels.h): policy samples, likelihoods and imagined steps, with their gradients.
#include <algorithm>
#include <cmath>

#include "engine/nets/kernels/kernels.h"
#include "engine/nets/kernels/kernels_math.h"
#include "engine/nets/kernels/kernels_rows.h"

namespace equipoise::nets {
namespace {

constexpr float kHalfLogTwoPi = 0.918938533204672742f;
constexpr float kLogTwo = 0.693147180559945309f;

// sigma and its derivative by raw; either may be where raw was.
EQ_CLONES void SoftplusSigma(int64_t count, const float* raw, float* sigma, float* slope) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float x = raw[i];
    sigma[i] = Softplus(x) + 1e-3f;
    slope[i] = Sigmoid(x);
  }
}
EQ_CLONES void SigmoidSigma(int64_t count, float most, const float* raw, float* sigma, float* slope) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float s = Sigmoid(raw[i]);
    sigma[i] = most * s + 1e-4f;
    slope[i] = most * s * (1.0f - s);
  }
}
EQ_CLONES void LogClampSigma(int64_t count, const float* raw, float* sigma, float* slope) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float x = raw[i], low = x < -20.0f ? -20.0f : x, clamped = low > 2.0f ? 2.0f : low;
    const float s = Exp(clamped);
    sigma[i] = s;
    slope[i] = x < -20.0f || x > 2.0f ? 0.0f : s;
  }
}
void Sigma(int64_t count, Spread spread, const float* raw, float* sigma, float* slope) {
  switch (spread.kind) {
    case Spread::Kind::kSoftplus:
      return SoftplusSigma(count, raw, sigma, slope);
    case Spread::Kind::kSigmoid:
      return SigmoidSigma(count, spread.most, raw, sigma, slope);
    case Spread::Kind::kLogClamp:
      return LogClampSigma(count, raw, sigma, slope);
    case Spread::Kind::kNone:
      return;
  }
}

EQ_CLONES void SquashedSample(int64_t count, const float* mean, const float* sigma, const float* eps, float* action,
                              float* term) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float u = mean[i] + sigma[i] * eps[i];
    action[i] = Tanh(u);
    term[i] = -0.5f * eps[i] * eps[i] - Log(sigma[i]) - kHalfLogTwoPi - 2.0f * (kLogTwo - u - Softplus(-2.0f * u));
  }
}

EQ_CLONES void SquashedGradient(int64_t count, const float* sigma, const float* slope, const float* eps,
                                const float* action, const float* da, const float* dlog_prob, float* dmean,
                                float* dspread) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    // d log pi / du = 2 tanh(u); -eps^2/2 is constant under the reparameterisation.
    const float du = da[i] * (1.0f - action[i] * action[i]) + dlog_prob[i] * 2.0f * action[i];
    dmean[i] = du;
    dspread[i] = (du * eps[i] - dlog_prob[i] / sigma[i]) * slope[i];
  }
}

EQ_CLONES void SquashedMean(int64_t count, const float* mean, float* action) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) action[i] = Tanh(mean[i]);
}
EQ_CLONES void SquashedMeanGradient(int64_t count, const float* action, const float* da, float* dmean) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) dmean[i] = da[i] * (1.0f - action[i] * action[i]);
}

EQ_CLONES void Unsquashed(int64_t count, const float* mean, const float* sigma, const float* eps, float* u) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) u[i] = mean[i] + sigma[i] * eps[i];
}

EQ_CLONES void DensityTerms(int64_t count, const float* mean, const float* sigma, const float* u, float* term) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float eps = (u[i] - mean[i]) / sigma[i];
    term[i] = -0.5f * eps * eps - Log(sigma[i]) - kHalfLogTwoPi - 2.0f * (kLogTwo - u[i] - Softplus(-2.0f * u[i]));
  }
}

EQ_CLONES void Score(int64_t count, const float* mean, const float* sigma, const float* slope, const float* u,
                     const float* dlog_prob, float* dmean, float* dspread) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float inverse = 1.0f / sigma[i], eps = (u[i] - mean[i]) * inverse;
    dmean[i] = dlog_prob[i] * eps * inverse;
    dspread[i] = dlog_prob[i] * (eps * eps - 1.0f) * inverse * slope[i];
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

namespace {

void SumRows(int64_t rows, int64_t cols, const float* flat, float* sums) {
  for (int64_t r = 0; r < rows; ++r) {
    float sum = 0.0f;
    for (int64_t j = 0; j < cols; ++j) sum += flat[r * cols + j];
    sums[r] = sum;
  }
}
void RepeatAlong(int64_t rows, int64_t cols, const float* of_rows, float* flat) {
  for (int64_t r = 0; r < rows; ++r) std::fill_n(flat + r * cols, cols, of_rows[r]);
}

}  // namespace

void TanhGaussian(int64_t rows, int64_t actions, const float* raw, const float* eps, Spread spread, float* action,
                  float* log_prob) {
  const int64_t n = rows * actions;
  const Scratch s(n, 3);
  Gather(rows, actions, raw, 2 * actions, 0, s[0]);
  if (spread.deterministic()) {
    SquashedMean(n, s[0], action);
    std::fill_n(log_prob, rows, 0.0f);
    return;
  }
  Gather(rows, actions, raw, 2 * actions, actions, s[1]);
  Sigma(n, spread, s[1], s[1], s[2]);
  SquashedSample(n, s[0], s[1], eps, action, s[2]);
  SumRows(rows, actions, s[2], log_prob);
}

void TanhGaussianBackward(int64_t rows, int64_t actions, const float* raw, const float* eps, Spread spread,
                          const float* action, const float* da, const float* dlog_prob, float* draw) {
  const int64_t n = rows * actions;
  const Scratch s(n, 5);
  if (spread.deterministic()) {
    SquashedMeanGradient(n, action, da, s[2]);
    std::fill_n(s[3], n, 0.0f);
  } else {
    Gather(rows, actions, raw, 2 * actions, actions, s[0]);
    Sigma(n, spread, s[0], s[0], s[4]);
    RepeatAlong(rows, actions, dlog_prob, s[1]);
    SquashedGradient(n, s[0], s[4], eps, action, da, s[1], s[2], s[3]);
  }
  Scatter(rows, actions, s[2], draw, 2 * actions, 0);
  Scatter(rows, actions, s[3], draw, 2 * actions, actions);
}

void Latents(int64_t rows, int64_t actions, const float* raw, const float* eps, Spread spread, float* u) {
  const int64_t n = rows * actions;
  const Scratch s(n, 3);
  Gather(rows, actions, raw, 2 * actions, 0, s[0]);
  Gather(rows, actions, raw, 2 * actions, actions, s[1]);
  Sigma(n, spread, s[1], s[1], s[2]);
  Unsquashed(n, s[0], s[1], eps, u);
}

void LogDensity(int64_t rows, int64_t actions, const float* raw, const float* u, Spread spread, float* log_prob) {
  const int64_t n = rows * actions;
  const Scratch s(n, 3);
  Gather(rows, actions, raw, 2 * actions, 0, s[0]);
  Gather(rows, actions, raw, 2 * actions, actions, s[1]);
  Sigma(n, spread, s[1], s[1], s[2]);
  DensityTerms(n, s[0], s[1], u, s[2]);
  SumRows(rows, actions, s[2], log_prob);
}

void LogDensityBackward(int64_t rows, int64_t actions, const float* raw, const float* u, Spread spread,
                        const float* dlog_prob, float* draw) {
  const int64_t n = rows * actions;
  const Scratch s(n, 6);
  Gather(rows, actions, raw, 2 * actions, 0, s[0]);
  Gather(rows, actions, raw, 2 * actions, actions, s[1]);
  Sigma(n, spread, s[1], s[1], s[2]);
  RepeatAlong(rows, actions, dlog_prob, s[3]);
  Score(n, s[0], s[1], s[2], u, s[3], s[4], s[5]);
  Scatter(rows, actions, s[4], draw, 2 * actions, 0);
  Scatter(rows, actions, s[5], draw, 2 * actions, actions);
}

double GaussianKl(int64_t rows, int64_t actions, const float* raw, const float* raw_b, Spread spread, float scale,
                  float* draw) {
  const int64_t n = rows * actions;
  const Scratch s(n, 6);
  Gather(rows, actions, raw, 2 * actions, 0, s[0]);
  Gather(rows, actions, raw, 2 * actions, actions, s[1]);
  Gather(rows, actions, raw_b, 2 * actions, 0, s[3]);
  Gather(rows, actions, raw_b, 2 * actions, actions, s[4]);
  Sigma(n, spread, s[4], s[4], s[5]);
  Sigma(n, spread, s[1], s[1], s[2]);
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) {
    const double sigma = s[1][i], from = s[4][i], away = static_cast<double>(s[0][i]) - s[3][i];
    sum += std::log(from / sigma) + (sigma * sigma + away * away) / (2 * from * from) - 0.5;
    if (draw == nullptr) continue;
    float* row = draw + i / actions * 2 * actions + i % actions;
    row[0] += static_cast<float>(scale * away / (from * from));
    row[actions] += static_cast<float>(scale * (sigma / (from * from) - 1 / sigma) * s[2][i]);
  }
  return sum;
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

void GaussianNllByOutput(int64_t rows, int64_t outputs, const float* out, const float* y, float sd_min, float sd_max,
                         double* sums) {
  const int64_t n = rows * outputs;
  const Scratch s(n, 5);
  Gather(rows, outputs, out, 2 * outputs, 0, s[0]);
  Gather(rows, outputs, out, 2 * outputs, outputs, s[1]);
  NllTerms(n, sd_min, sd_max, 0.0f, s[0], s[1], y, s[2], s[3], s[4]);
  std::fill_n(sums, outputs, 0.0);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < outputs; ++j) sums[j] += s[2][r * outputs + j];
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
