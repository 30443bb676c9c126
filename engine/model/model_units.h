// model_units.h: the units that a world model works in: its inputs and targets are normalised, and it predicts how the
// state changes.
//
//   x = [s, a], less its mean, by its sd;  y = [s' - s, r] likewise;  z' = z + shift + scale (predicted y)
//
// When the statistics are measured anew the weights may follow, so that the function of raw numbers stays.
//
// Thread   values; any
#pragma once

#include <string>
#include <vector>

#include "engine/base/archive.h"
#include "engine/nets/parameters.h"
#include "engine/replay/episode_buffer.h"

namespace equipoise::model {

constexpr float kClampLimit = 10.0f;  // of normalised states and mean deltas in imagination

// As entries ".x_mean", ".x_sd", ".y_mean" and ".y_sd" behind a name.
void PutNormaliser(const replay::Normaliser& n, const std::string& name, ArchiveWriter& out);
replay::Normaliser NormaliserFrom(const ArchiveReader& in, const std::string& name);
// `count` states behind the others, before actions and reward (> 0), or those removed (< 0); one that is not ready stays
// so. `states`: how many there were.
void EditNormaliser(int64_t states, int64_t count, const replay::Normaliser& inserted, replay::Normaliser* n);

// Of an affine layer on x (weights w [inputs, H], biases b): W (x - m)/s = W' (x - m')/s' + ... Adam's moments follow the
// gradients: x' = ratio^-1 x - d with d = (m' - m)/s' makes dL/dW' = ratio^-1 dL/dW - d dL/db (what the two have in
// common is not kept, so the second moment adds their squares).
void RescaleInputs(const replay::Normaliser& before, const replay::Normaliser& now, int w, int b, nets::Parameters* net,
                   nets::Adam* adam);
// Of the columns that predict means of y: the first ones of w [H, columns] and b. Their gradients become old sd / new sd
// to the power of `gradient_power` as large: 1 under an error in units of y, -1 under one in the model's own sds where
// those follow.
void RescaleMeans(const replay::Normaliser& before, const replay::Normaliser& now, int w, int b, int gradient_power,
                  nets::Parameters* net, nets::Adam* adam);

struct RolloutUnits {
  RolloutUnits(int64_t states, int64_t actions, const replay::Normaliser& n);
  std::vector<float> action_scale, action_shift;  // of raw actions, to be inputs
  std::vector<float> delta_shift, delta_scale;    // of predicted changes, in units of z
};

// Predicted means [rows, states + 1] as a rollout takes them: changes of states within the limit, the reward as it is.
void ClampMeans(int64_t rows, int64_t states, float* mean);

// Imagined states that are angles stay in [-pi, pi] as real ones do: one that left comes back by a whole turn, and the
// derivative is that of doing nothing. It was clamped before, so a kept step remembers it as it was then: behind a turn
// nothing tells that its derivative is 0.
class Angles {
 public:
  Angles(std::vector<int> wrapped, int64_t states, const replay::Normaliser& n);
  void Resize(int64_t slots, int64_t rows);
  void Wrap(int64_t slot, float* z);
  // The states that Wrap was given, from those it left; valid until the next call.
  const float* Unwrapped(int64_t slot, const float* z);

 private:
  size_t Slot(int64_t slot) const { return static_cast<size_t>(slot * rows_) * turn_.size(); }

  std::vector<int> wrapped_;
  int64_t states_, rows_ = 0;
  std::vector<float> turn_, zero_;  // a whole turn and the angle 0 in normalised units, of each
  std::vector<float> before_;       // [slots, rows, wrapped]: angles before they came back
  std::vector<float> z_;
};

}  // namespace equipoise::model
