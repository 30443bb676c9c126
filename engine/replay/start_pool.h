// start_pool.h: states an episode can start in, drawn from the task's own reset rule; the reset distribution is assumed
// known (Freed et al. 2024, 3.2). Fresh resets cost nothing and no interaction.
//
// Shapes   physics observations [size, ds]; Fill writes rows of the width that observations have now
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/random.h"
#include "engine/env/distractors.h"

namespace equipoise::learn {

class StartPool {
 public:
  StartPool() = default;
  StartPool(std::vector<float> observations, int64_t physics_states)
      : states_(std::move(observations)), width_(physics_states) {}

  int64_t size() const { return width_ > 0 ? static_cast<int64_t>(states_.size()) / width_ : 0; }
  // `count` uniform starts, raw, [count, ds (+ distractors at t = 0 when not null)]. Distractor phases come from a
  // second stream, so that the physics part of the draw does not depend on them.
  void Fill(int64_t count, const env::Distractors* distractors, Stream& stream, Stream& phases, float* out) const;

 private:
  std::vector<float> states_;
  int64_t width_ = 0;
};

}  // namespace equipoise::learn
