#include "engine/nets/kernels.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/nets/kernels_math.h"

extern "C" void sgemm_(const char*, const char*, const int*, const int*, const int*, const float*, const float*,
                       const int*, const float*, const int*, const float*, float*, const int*);

namespace equipoise::nets {
namespace {

constexpr float kHalfLogTwoPi = 0.918938533204672742f;
constexpr float kLogTwo = 0.693147180559945309f;

}  // namespace

void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda,
          const float* b, int64_t ldb, float beta, float* c, int64_t ldc) {
  if (m == 0 || n == 0) return;
  // Row-major C = op(A) op(B) is column-major C' = op(B)' op(A)'.
  const char ta = transpose_a ? 'T' : 'N', tb = transpose_b ? 'T' : 'N';
  const int im = static_cast<int>(m), in = static_cast<int>(n), ik = static_cast<int>(k);
  const int ia = static_cast<int>(lda), ib = static_cast<int>(ldb), ic = static_cast<int>(ldc);
  const float one = 1.0f;
  sgemm_(&tb, &ta, &in, &im, &ik, &one, b, &ib, a, &ia, &beta, c, &ic);
}

void UseOneThreadPerKernel() {
  at::set_num_threads(1);
  // at::set_num_threads does not reach a pthread OpenBLAS; the symbol is absent when another BLAS is installed.
  using SetThreads = void (*)(int);
  if (auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(1);
}

void FillBias(int64_t rows, int64_t cols, const float* bias, float* y, int64_t stride) {
  for (int64_t r = 0; r < rows; ++r) std::copy(bias, bias + cols, y + r * stride);
}

EQ_CLONES void AddColumnSums(int64_t rows, int64_t cols, const float* d, int64_t stride, float* db) {
  for (int64_t r = 0; r < rows; ++r) {
    const float* row = d + r * stride;
#pragma omp simd
    for (int64_t j = 0; j < cols; ++j) db[j] += row[j];
  }
}

EQ_CLONES void TanhInPlace(int64_t count, float* x) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) x[i] = Tanh(x[i]);
}

EQ_CLONES void TanhBackward(int64_t count, const float* y, float* d) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) d[i] *= 1.0f - y[i] * y[i];
}

EQ_CLONES void ReluInPlace(int64_t count, float* x) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) x[i] = Relu(x[i]);
}

EQ_CLONES void ReluBackward(int64_t count, const float* y, float* d) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) d[i] = y[i] > 0.0f ? d[i] : 0.0f;
}

EQ_CLONES void ReluMask(int64_t rows, int64_t cols, float* y, int64_t stride, const float* mask, int64_t mask_rows,
                        int64_t mask_stride) {
  for (int64_t r = 0; r < rows; ++r) {
    float* row = y + r * stride;
    const float* m = mask + (r % mask_rows) * mask_stride;
#pragma omp simd
    for (int64_t j = 0; j < cols; ++j) row[j] = Relu(row[j]) * m[j];
  }
}

EQ_CLONES void ReluMaskBackward(int64_t rows, int64_t cols, const float* y, int64_t y_stride, float* d,
                                int64_t d_stride, const float* mask, int64_t mask_rows, int64_t mask_stride) {
  for (int64_t r = 0; r < rows; ++r) {
    const float* row = y + r * y_stride;
    float* grad = d + r * d_stride;
    const float* m = mask + (r % mask_rows) * mask_stride;
#pragma omp simd
    for (int64_t j = 0; j < cols; ++j) grad[j] = row[j] > 0.0f ? grad[j] * m[j] : 0.0f;
  }
}

EQ_CLONES void MultiplyMask(int64_t rows, int64_t cols, const float* x, int64_t x_stride, const float* mask,
                            int64_t mask_rows, int64_t mask_stride, float* y, int64_t y_stride) {
  for (int64_t r = 0; r < rows; ++r) {
    const float* in = x + r * x_stride;
    float* out = y + r * y_stride;
    const float* m = mask + (r % mask_rows) * mask_stride;
#pragma omp simd
    for (int64_t j = 0; j < cols; ++j) out[j] = in[j] * m[j];
  }
}

EQ_CLONES void LstmForward(int64_t rows, int64_t hidden, float* gates, const float* c_prev, float* c, float* h) {
  for (int64_t r = 0; r < rows; ++r) {
    float* gi = gates + r * 4 * hidden;
    float *gf = gi + hidden, *gg = gf + hidden, *go = gg + hidden;
    const float* previous = c_prev + r * hidden;
    float *cell = c + r * hidden, *out = h + r * hidden;
#pragma omp simd
    for (int64_t j = 0; j < hidden; ++j) {
      const float i = Sigmoid(gi[j]), f = Sigmoid(gf[j]), g = Tanh(gg[j]), o = Sigmoid(go[j]);
      gi[j] = i;
      gf[j] = f;
      gg[j] = g;
      go[j] = o;
      const float value = f * previous[j] + i * g;
      cell[j] = value;
      out[j] = o * Tanh(value);
    }
  }
}

EQ_CLONES void LstmBackward(int64_t rows, int64_t hidden, float* gates, const float* c_prev, const float* c,
                            const float* dh, float* dc) {
  for (int64_t r = 0; r < rows; ++r) {
    float* gi = gates + r * 4 * hidden;
    float *gf = gi + hidden, *gg = gf + hidden, *go = gg + hidden;
    const float *previous = c_prev + r * hidden, *cell = c + r * hidden, *grad = dh + r * hidden;
    float* carry = dc + r * hidden;
#pragma omp simd
    for (int64_t j = 0; j < hidden; ++j) {
      const float i = gi[j], f = gf[j], g = gg[j], o = go[j], t = Tanh(cell[j]);
      const float d = carry[j] + grad[j] * o * (1.0f - t * t);
      go[j] = grad[j] * t * o * (1.0f - o);
      gi[j] = d * g * i * (1.0f - i);
      gg[j] = d * i * (1.0f - g * g);
      gf[j] = d * previous[j] * f * (1.0f - f);
      carry[j] = d * f;
    }
  }
}

EQ_CLONES void LayerNormRelu(int64_t rows, int64_t cols, const float* x, const float* gain, const float* bias,
                             float* xhat, float* inverse_sd, float* y) {
  const float share = 1.0f / static_cast<float>(cols);
  for (int64_t r = 0; r < rows; ++r) {
    const float* in = x + r * cols;
    float *hat = xhat + r * cols, *out = y + r * cols;
    float sum = 0.0f;
#pragma omp simd reduction(+ : sum)
    for (int64_t j = 0; j < cols; ++j) sum += in[j];
    const float mean = sum * share;
    float square = 0.0f;
#pragma omp simd reduction(+ : square)
    for (int64_t j = 0; j < cols; ++j) square += (in[j] - mean) * (in[j] - mean);
    const float k = 1.0f / __builtin_sqrtf(square * share + 1e-5f);
    inverse_sd[r] = k;
#pragma omp simd
    for (int64_t j = 0; j < cols; ++j) {
      const float v = (in[j] - mean) * k;
      hat[j] = v;
      out[j] = Relu(v * gain[j] + bias[j]);
    }
  }
}

EQ_CLONES void LayerNormReluBackward(int64_t rows, int64_t cols, const float* y, const float* xhat,
                                     const float* inverse_sd, const float* gain, float* d, float* dgain, float* dbias) {
  const float share = 1.0f / static_cast<float>(cols);
  for (int64_t r = 0; r < rows; ++r) {
    const float *out = y + r * cols, *hat = xhat + r * cols;
    float* grad = d + r * cols;
    float a = 0.0f, b = 0.0f;
#pragma omp simd reduction(+ : a, b)
    for (int64_t j = 0; j < cols; ++j) {
      const float g = out[j] > 0.0f ? grad[j] : 0.0f;
      grad[j] = g;
      a += g * gain[j];
      b += g * gain[j] * hat[j];
    }
    if (dgain != nullptr) {
#pragma omp simd
      for (int64_t j = 0; j < cols; ++j) {
        dgain[j] += grad[j] * hat[j];
        dbias[j] += grad[j];
      }
    }
    a *= share;
    b *= share;
    const float k = inverse_sd[r];
#pragma omp simd
    for (int64_t j = 0; j < cols; ++j) grad[j] = k * (grad[j] * gain[j] - a - hat[j] * b);
  }
}

// The heads are narrow (a few actions or states) and their rows hold two halves, so a loop over one row hardly fills a
// vector. Each pass below therefore gathers rows into flat arrays, works on those in one long loop, and scatters back.
namespace {

// `fields` arrays of `count` floats, valid until the next call on this thread.
struct Scratch {
  Scratch(int64_t count, int fields) : count_(count) {
    thread_local std::vector<float> memory;
    memory.resize(static_cast<size_t>(count * fields));
    base_ = memory.data();
  }
  float* operator[](int field) const { return base_ + field * count_; }

 private:
  int64_t count_;
  float* base_;
};

// Columns [first, first + cols) of x [rows, stride] to or from a flat [rows, cols].
void Gather(int64_t rows, int64_t cols, const float* x, int64_t stride, int64_t first, float* flat) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < cols; ++j) flat[r * cols + j] = x[r * stride + first + j];
}
void Scatter(int64_t rows, int64_t cols, const float* flat, float* x, int64_t stride, int64_t first) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < cols; ++j) x[r * stride + first + j] = flat[r * cols + j];
}

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

// A row of per-column constants repeated for all rows.
void Repeat(int64_t rows, int64_t cols, const float* row, float* flat) {
  for (int64_t r = 0; r < rows; ++r) std::copy(row, row + cols, flat + r * cols);
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

int64_t HeadStep(int64_t rows, int64_t states, const float* out, const float* z, const float* eps, const float* k0,
                 const float* k1, float sd_min, float sd_max, float limit, float* z_next, float* reward) {
  const int64_t n = rows * states, stride = 2 * (states + 1);
  const Scratch s(n, 4);
  Gather(rows, states, out, stride, 0, s[0]);
  Gather(rows, states, out, stride, states + 1, s[1]);
  Repeat(rows, states, k0, s[2]);
  Repeat(rows, states, k1, s[3]);
  NextStates(n, sd_min, sd_max, limit, s[0], s[1], z, eps, s[2], s[3], z_next);
  int64_t clamped = 0;
  for (int64_t i = 0; i < n; ++i) {
    const float next = z_next[i];
    // A NaN is neither above nor below and so stays one: the check must see it.
    z_next[i] = next > limit ? limit : next < -limit ? -limit : next;
    clamped += z_next[i] != next && next == next;
  }
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

EQ_CLONES void Affine(int64_t rows, int64_t cols, const float* x, int64_t x_stride, const float* scale,
                      const float* shift, float* y, int64_t y_stride) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < cols; ++j) y[r * y_stride + j] = x[r * x_stride + j] * scale[j] + shift[j];
}

EQ_CLONES void AddScaled(int64_t rows, int64_t cols, const float* x, int64_t x_stride, const float* scale, float* y,
                         int64_t y_stride) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < cols; ++j) y[r * y_stride + j] += x[r * x_stride + j] * scale[j];
}

EQ_CLONES void AdamStep(int64_t count, float* p, const float* g, float* m, float* v, float scale, float lr, float beta1,
                        float beta2, float eps, double correction1, double correction2) {
  const float rate = static_cast<float>(lr / correction1), root = static_cast<float>(1.0 / std::sqrt(correction2));
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float grad = g[i] * scale;
    const float first = beta1 * m[i] + (1.0f - beta1) * grad;
    const float second = beta2 * v[i] + (1.0f - beta2) * grad * grad;
    m[i] = first;
    v[i] = second;
    p[i] -= rate * first / (__builtin_sqrtf(second) * root + eps);
  }
}

double SumOfSquares(int64_t count, const float* x) {
  // Four accumulators in a fixed order: the same bits whatever the processor, and quick beside the gradient itself.
  double s[4] = {0, 0, 0, 0};
  int64_t i = 0;
  for (; i + 4 <= count; i += 4)
    for (int k = 0; k < 4; ++k) s[k] += static_cast<double>(x[i + k]) * x[i + k];
  for (; i < count; ++i) s[0] += static_cast<double>(x[i]) * x[i];
  return (s[0] + s[1]) + (s[2] + s[3]);
}

EQ_CLONES void Lerp(int64_t count, float tau, const float* source, float* target) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) target[i] += tau * (source[i] - target[i]);
}

}  // namespace equipoise::nets
