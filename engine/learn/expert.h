// expert.h: who says what should have been done in an episode that somebody else acted.
//
// Thread   the trainer's
// Errors   Interrupted out of PollInterrupt
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/nets/trainable.h"

namespace equipoise::learn {

class Expert {
 public:
  virtual ~Expert() = default;
  // For every step of that episode what it would do there, after what was really done before: [T, A]. `after` is told of
  // every step.
  virtual std::vector<float> Label(const nets::TrainInputs& in, int64_t episode,
                                   const std::function<void(int64_t step)>& after) = 0;
};

}  // namespace equipoise::learn
