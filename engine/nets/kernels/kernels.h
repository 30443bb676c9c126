// kernels.h: the elementwise arithmetic of the CPU path, fused into few passes; matrix products are gemm.h's.
//
// Plain C++ on float32 arrays, row-major; every pass is one loop that the compiler vectorises for the processor it
// finds at run time (baseline x86-64, AVX2, AVX-512). exp, log and tanh are polynomials with a relative error of a few
// units in the last place (below 5e-7). NaN goes through every pass, ReLU included.
//
// Shapes   rows n, columns as named; "gates" are [n, 4H] in the order input, forget, cell, output
// Thread   no state; callers own all buffers. Single-threaded
#pragma once

#include <cstdint>
#include <vector>

#include "engine/nets/spread.h"

namespace equipoise::nets {

// db[:] += sum over rows of d[r,:].
void AddColumnSums(int64_t rows, int64_t cols, const float* d, int64_t stride, float* db);

void TanhInPlace(int64_t count, float* x);
void TanhBackward(int64_t count, const float* y, float* d);  // d *= 1 - y^2
void ReluInPlace(int64_t count, float* x);
void ReluBackward(int64_t count, const float* y, float* d);  // d = 0 where y <= 0
// y = x sigmoid(x). Its derivative cannot be told from y, so it is kept in `slope` [count]; null: it is not wanted.
void SwishInPlace(int64_t count, float* x, float* slope);
void SwishBackward(int64_t count, const float* slope, float* d);  // d *= slope
void EluInPlace(int64_t count, float* x);                         // y = x where x > 0, else e^x - 1
void EluBackward(int64_t count, const float* y, float* d);        // d *= y + 1 where y <= 0

// y = relu(y) * mask, row r under mask row r % mask_rows (rows mask_stride apart).
void ReluMask(int64_t rows, int64_t cols, float* y, int64_t stride, const float* mask, int64_t mask_rows,
              int64_t mask_stride);
// d = d * mask where y > 0, else 0.
void ReluMaskBackward(int64_t rows, int64_t cols, const float* y, int64_t y_stride, float* d, int64_t d_stride,
                      const float* mask, int64_t mask_rows, int64_t mask_stride);
// y = x * mask (strided both ways).
void MultiplyMask(int64_t rows, int64_t cols, const float* x, int64_t x_stride, const float* mask, int64_t mask_rows,
                  int64_t mask_stride, float* y, int64_t y_stride);

// Gates (pre-activations) become activations in place; c = f c_prev + i g; h = o tanh(c).
void LstmForward(int64_t rows, int64_t hidden, float* gates, const float* c_prev, float* c, float* h);
// In: activations, c_prev, c, dh and dc (gradients that reach h_t and c_t). Out: gates become gradients of the
// pre-activations, dc becomes the gradient of c_{t-1}.
void LstmBackward(int64_t rows, int64_t hidden, float* gates, const float* c_prev, const float* c, const float* dh,
                  float* dc);

// LayerNorm (eps 1e-5, gain, bias) then ReLU: y = relu(xhat * gain + bias); keeps xhat [rows, cols], inverse_sd [rows].
// xhat_stride is cols, or 0 where xhat is not needed: then one row has room for all, and stays in the first cache.
void LayerNormRelu(int64_t rows, int64_t cols, const float* x, const float* gain, const float* bias, float* xhat,
                   int64_t xhat_stride, float* inverse_sd, float* y);
// d (gradient of y) becomes the gradient of x; dgain, dbias are added to when not null.
void LayerNormReluBackward(int64_t rows, int64_t cols, const float* y, const float* xhat, const float* inverse_sd,
                           const float* gain, float* d, float* dgain, float* dbias);

// Tanh-Gaussian policy head. raw [rows, 2A] = mean | raw sd; u = mean + sigma eps, a = tanh(u); sigma: spread.h.
// log pi = sum_j [-eps^2/2 - log sigma - log(2 pi)/2 - 2 (log 2 - u - softplus(-2u))]   (stable in u)
// Without spread eps is not looked at and log pi is 0.
void TanhGaussian(int64_t rows, int64_t actions, const float* raw, const float* eps, Spread spread, float* action,
                  float* log_prob);
// da [rows, A], dlog_prob [rows] -> draw [rows, 2A], eps being constant.
void TanhGaussianBackward(int64_t rows, int64_t actions, const float* raw, const float* eps, Spread spread,
                          const float* action, const float* da, const float* dlog_prob, float* draw);
// The same head read the other way: u is given, and so is its log-density under another mean and spread than it was
// drawn from. Latents [rows, A]: u of TanhGaussian, which cannot be had back from a near +-1. Not without spread.
void Latents(int64_t rows, int64_t actions, const float* raw, const float* eps, Spread spread, float* u);
void LogDensity(int64_t rows, int64_t actions, const float* raw, const float* u, Spread spread, float* log_prob);
// dlog_prob [rows] -> draw [rows, 2A], u being constant: the score.
void LogDensityBackward(int64_t rows, int64_t actions, const float* raw, const float* u, Spread spread,
                        const float* dlog_prob, float* draw);
// Sum over rows and actions of KL(pi | pi_b) = log(s_b/s) + (s^2 + (m - m_b)^2) / (2 s_b^2) - 1/2, raw and raw_b
// [rows, 2A] under the same spread: that of the Gaussians, which is that of what tanh makes of them. Where draw is not
// null, scale times its derivatives by raw are added.
double GaussianKl(int64_t rows, int64_t actions, const float* raw, const float* raw_b, Spread spread, float scale,
                  float* draw);

// Gaussian negative log-likelihood of targets y [rows, D] under heads out [rows, 2D] = mean | raw sd with
// sd = min(softplus(raw) + sd_min, sd_max). Writes the sum over rows of the first `counted` outputs' terms and of the
// last one's (the reward) to *counted_sum, of the others' to *other_sum; when dout is not null also dout = scale *
// gradient of the sum over ALL outputs.
void GaussianNll(int64_t rows, int64_t outputs, const float* out, const float* y, float sd_min, float sd_max,
                 float scale, int64_t counted, double* counted_sum, double* other_sum, float* dout);
// The same by output: sums [outputs] over the rows.
void GaussianNllByOutput(int64_t rows, int64_t outputs, const float* out, const float* y, float sd_min, float sd_max,
                         double* sums);

// The standard deviations of such raw ones; in place where sd is raw.
void SoftplusSd(int64_t count, const float* raw, float sd_min, float sd_max, float* sd);

// One imagined step in normalised units. out [rows, 2D], D = S + 1:
//   z' = clamp(z + k0 + k1 (clamp(mean) + sd eps)),  r = mean of the reward head          (clamps at +-limit)
// Returns the number of clamped entries.
int64_t HeadStep(int64_t rows, int64_t states, const float* out, const float* z, const float* eps, const float* k0,
                 const float* k1, float sd_min, float sd_max, float limit, float* z_next, float* reward);
// dz_next [rows, S] and dreward [rows] -> dout [rows, 2D]; dz_next becomes the gradient of z through the sum.
void HeadStepBackward(int64_t rows, int64_t states, const float* out, const float* z_next, const float* eps,
                      const float* k1, float sd_min, float sd_max, float limit, const float* dreward, float* dz_next,
                      float* dout);

// The same of a network that predicts the mean alone, out [rows, D]: z' = clamp(z + k0 + k1 clamp(mean)), no noise.
int64_t MeanStep(int64_t rows, int64_t states, const float* out, const float* z, const float* k0, const float* k1,
                 float limit, float* z_next, float* reward);
void MeanStepBackward(int64_t rows, int64_t states, const float* out, const float* z_next, const float* k1, float limit,
                      const float* dreward, float* dz_next, float* dout);

// Heads out [rows, 2D] = mean | raw log-variance, which the bounds low and high [D] hold softly (Chua et al. 2018):
//   l1 = high - softplus(high - raw),  l = low + softplus(l1 - low),  sd = exp(l / 2)
// Per output j, the sum over rows of (y - mean)^2 exp(-l) + l, which is twice the negative log-likelihood less log(2 pi),
// is added to term_sum[j]. When dout is not null also dout = scale * its gradient, and likewise dlow and dhigh [D].
void BoundedNll(int64_t rows, int64_t outputs, const float* out, const float* y, const float* low, const float* high,
                float scale, double* term_sum, float* dout, float* dlow, float* dhigh);
// The standard deviations [rows, D] of such heads.
void BoundedSd(int64_t rows, int64_t outputs, const float* out, const float* low, const float* high, float* sd);
// As HeadStep, with these heads.
int64_t BoundedStep(int64_t rows, int64_t states, const float* out, const float* z, const float* eps, const float* k0,
                    const float* k1, const float* low, const float* high, float limit, float* z_next, float* reward);
void BoundedStepBackward(int64_t rows, int64_t states, const float* out, const float* z_next, const float* eps,
                         const float* k1, const float* low, const float* high, float limit, const float* dreward,
                         float* dz_next, float* dout);

// Of numbers that are normals of their own, N(m, s^2) with s = softplus(rho) (variational.h).
void Variances(int64_t count, const float* rho, float* variance);  // s^2
void Squares(int64_t count, const float* x, float* y);
// act += root eps with root = sqrt(variance), or 0 where that is below 1e-6.
void AddNoise(int64_t count, const float* variance, const float* eps, float* root, float* act);
// The derivative by `variance` from that by act.
void NoiseBackward(int64_t count, const float* root, const float* eps, const float* dact, float* dvariance);
// drho += dvariance 2 s ds/drho
void VariancesBackward(int64_t count, const float* rho, const float* dvariance, float* drho);
// dx += 2 x dsquare
void SquaresBackward(int64_t count, const float* x, const float* dsquare, float* dx);
// Sum of KL(N(m, s^2) | N(0, p^2)) = log(p/s) + (s^2 + m^2) / (2 p^2) - 1/2. Where dmean is not null, scale times its
// derivatives are added.
double NormalKl(int64_t count, const float* mean, const float* rho, float p, float scale, float* dmean, float* drho);

// y = x * scale + shift, per column.
void Affine(int64_t rows, int64_t cols, const float* x, int64_t x_stride, const float* scale, const float* shift,
            float* y, int64_t y_stride);
// y += x * scale, per column.
void AddScaled(int64_t rows, int64_t cols, const float* x, int64_t x_stride, const float* scale, float* y,
               int64_t y_stride);

// sum += scale * part: partial gradients of one size, added up.
void Accumulate(float scale, const std::vector<float>& part, std::vector<float>* sum);

// One Adam step on flat arrays; `scale` multiplies the gradient first (clipping). correction1 = 1 - beta1^t,
// likewise 2.
void AdamStep(int64_t count, float* p, const float* g, float* m, float* v, float scale, float lr, float beta1,
              float beta2, float eps, double correction1, double correction2);
double SumOfSquares(int64_t count, const float* x);
// target += tau (source - target)
void Lerp(int64_t count, float tau, const float* source, float* target);

}  // namespace equipoise::nets
