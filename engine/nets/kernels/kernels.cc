#include "engine/nets/kernels/kernels.h"

#include <algorithm>
#include <cmath>

#include "engine/nets/kernels/kernels_math.h"

namespace equipoise::nets {

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

EQ_CLONES void SwishInPlace(int64_t count, float* x, float* slope) {
  if (slope == nullptr) {
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) x[i] *= Sigmoid(x[i]);
    return;
  }
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float s = Sigmoid(x[i]);
    slope[i] = s * (1.0f + x[i] * (1.0f - s));
    x[i] *= s;
  }
}

EQ_CLONES void SwishBackward(int64_t count, const float* slope, float* d) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) d[i] *= slope[i];
}

EQ_CLONES void EluInPlace(int64_t count, float* x) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    // e^x - 1 = 2 tanh(x/2) / (1 - tanh(x/2)), which keeps its digits near 0.
    const float t = Tanh(0.5f * x[i]);
    x[i] = x[i] > 0.0f ? x[i] : 2.0f * t / (1.0f - t);
  }
}

EQ_CLONES void EluBackward(int64_t count, const float* y, float* d) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) d[i] = y[i] > 0.0f ? d[i] : d[i] * (y[i] + 1.0f);
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

namespace {

// One row, given its mean and 1 / sd.
EQ_INLINE void NormaliseRow(int64_t cols, const float* x, float mean, float k, const float* gain, const float* bias,
                            float* xhat, float* y) {
#pragma omp simd
  for (int64_t j = 0; j < cols; ++j) {
    const float v = (x[j] - mean) * k;
    xhat[j] = v;
    y[j] = Relu(v * gain[j] + bias[j]);
  }
}

EQ_INLINE float InverseSd(float sum_of_squares, float share) {
  return 1.0f / __builtin_sqrtf(sum_of_squares * share + 1e-5f);
}

}  // namespace

EQ_CLONES void LayerNormRelu(int64_t rows, int64_t cols, const float* x, const float* gain, const float* bias,
                             float* xhat, int64_t xhat_stride, float* inverse_sd, float* y) {
  const float share = 1.0f / static_cast<float>(cols);
  int64_t r = 0;
  // The sum over one row is a chain of dependent additions, and a processor has time for four.
  for (; r + 4 <= rows; r += 4) {
    const float *x0 = x + r * cols, *x1 = x0 + cols, *x2 = x1 + cols, *x3 = x2 + cols;
    float m0 = 0.0f, m1 = 0.0f, m2 = 0.0f, m3 = 0.0f;
#pragma omp simd reduction(+ : m0, m1, m2, m3)
    for (int64_t j = 0; j < cols; ++j) {
      m0 += x0[j];
      m1 += x1[j];
      m2 += x2[j];
      m3 += x3[j];
    }
    m0 *= share;
    m1 *= share;
    m2 *= share;
    m3 *= share;
    float s0 = 0.0f, s1 = 0.0f, s2 = 0.0f, s3 = 0.0f;
#pragma omp simd reduction(+ : s0, s1, s2, s3)
    for (int64_t j = 0; j < cols; ++j) {
      s0 += (x0[j] - m0) * (x0[j] - m0);
      s1 += (x1[j] - m1) * (x1[j] - m1);
      s2 += (x2[j] - m2) * (x2[j] - m2);
      s3 += (x3[j] - m3) * (x3[j] - m3);
    }
    const float mean[4] = {m0, m1, m2, m3}, square[4] = {s0, s1, s2, s3};
    for (int64_t i = 0; i < 4; ++i) {
      inverse_sd[r + i] = InverseSd(square[i], share);
      NormaliseRow(cols, x0 + i * cols, mean[i], inverse_sd[r + i], gain, bias, xhat + (r + i) * xhat_stride,
                   y + (r + i) * cols);
    }
  }
  for (; r < rows; ++r) {
    const float* in = x + r * cols;
    float mean = 0.0f, square = 0.0f;
#pragma omp simd reduction(+ : mean)
    for (int64_t j = 0; j < cols; ++j) mean += in[j];
    mean *= share;
#pragma omp simd reduction(+ : square)
    for (int64_t j = 0; j < cols; ++j) square += (in[j] - mean) * (in[j] - mean);
    inverse_sd[r] = InverseSd(square, share);
    NormaliseRow(cols, in, mean, inverse_sd[r], gain, bias, xhat + r * xhat_stride, y + r * cols);
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

namespace {
EQ_CLONES void AccumulateArray(int64_t count, float scale, const float* part, float* sum) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) sum[i] += scale * part[i];
}
}  // namespace

void Accumulate(float scale, const std::vector<float>& part, std::vector<float>* sum) {
  AccumulateArray(static_cast<int64_t>(part.size()), scale, part.data(), sum->data());
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
