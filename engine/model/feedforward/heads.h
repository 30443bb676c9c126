// heads.h: what the outputs of a feed-forward model mean: means of [state delta, reward], or Gaussians whose
// log-variance is softly bounded (kernels.h).
//
//   means    loss = (1/2n D) sum (y - mean)^2
//   bounded  loss = (1/n D) sum [(y - mean)^2 exp(-l) + l]       twice the negative log-likelihood, less log(2 pi)
//
// Shapes   out [n, width], y [n, D] normalised, D = states + 1, reward last
// Thread   no state
#pragma once

#include <cstdint>

#include "engine/model/model_units.h"

namespace equipoise::model {

enum class HeadKind { kMeans, kBounded };

inline int64_t HeadWidth(HeadKind kind, int64_t states) { return (kind == HeadKind::kMeans ? 1 : 2) * (states + 1); }

struct Heads {
  HeadKind kind = HeadKind::kMeans;
  int64_t states = 0;
  const float *low = nullptr, *high = nullptr;  // bounds of the log-variances [D]; null for means
  int64_t outputs() const { return states + 1; }
  int64_t width() const { return HeadWidth(kind, states); }

  // Returns the number of clamped states. Means use no noise, which may then be null.
  int64_t Step(int64_t rows, const float* out, const float* z, const float* noise, const RolloutUnits& units,
               float* z_next, float* reward) const;
  // `dz_next` becomes the derivative by z through the sum, `dout` [rows, width] that by the outputs.
  void StepBackward(int64_t rows, const float* out, const float* z_next, const float* noise, const RolloutUnits& units,
                    const float* dreward, float* dz_next, float* dout) const;
  // The spread of the predicted reward, in units of y: 0 for means.
  void RewardSd(int64_t rows, const float* out, float* sd) const;

  // Adds, for each output, the sum over rows of (y - mean)^2, for bounded ones of the term above. When `dout` is not
  // null, also the derivatives of the loss: of outputs and (bounded) of the bounds [D].
  void Sums(int64_t rows, const float* out, const float* y, double* sums, float* dout = nullptr, float* dlow = nullptr,
            float* dhigh = nullptr) const;
  // Of bounded heads, whose likelihood takes next to nothing from what is noisy: derivatives `dout` of the loss, each
  // times the variance^beta of its output, which is no part of the derivative (Seitzer et al. 2022). Those of the bounds
  // stay.
  void WeighByVariance(int64_t rows, const float* out, double beta, float* dout) const;
};

}  // namespace equipoise::model
