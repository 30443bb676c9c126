// transition_source.h: where a learner's batches of transitions come from.
//
//   RealTransitions  recorded steps, uniform; or a share of them from episodes that the learner acted itself, uniform
//                    among those (symmetric sampling: Ball, Smith, Kostrikov, Levine 2023)
//   Mixture          recorded steps and imagined ones (imagined_pool.h), by row or by update (mixture.h)
//
// Shapes   s and s_next [n, S], a [n, A], r [n]; raw
// Streams  "<id>.batch" of (iteration, update), by the learner's id: the same recorded steps whatever stands around it
// Thread   the learner's
#pragma once

#include <memory>
#include <string>

#include "engine/nets/trainable.h"

namespace equipoise::learn {

struct DrawInputs {
  const replay::EpisodeBuffer& data;
  const config::Settings& settings;
  const std::string& id;  // of the learner
  uint64_t iteration, update;
};

// Borrowed arrays of n rows each.
struct TransitionRows {
  int64_t n = 0;
  float *s = nullptr, *a = nullptr, *r = nullptr, *s_next = nullptr;
};

class TransitionSource {
 public:
  virtual ~TransitionSource() = default;
  // Fills all rows; returns how many of them were recorded, which come first.
  virtual int64_t Draw(const DrawInputs& in, const TransitionRows& rows) const = 0;
  // Updates that a learner makes for each one that it would make of recorded steps alone.
  virtual int UpdatesForOne(const config::Settings& settings) const {
    (void)settings;
    return 1;
  }
};

class RealTransitions : public TransitionSource {
 public:
  using Share = double (*)(const config::Settings& settings);
  RealTransitions() = default;
  // `source`: how the learner's episodes are marked (replay::Episode::source). `own`: their share, in [0, 1].
  RealTransitions(uint8_t source, Share own) : source_(source), own_(own) {}
  int64_t Draw(const DrawInputs& in, const TransitionRows& rows) const override;

 private:
  uint8_t source_ = 0;
  Share own_ = nullptr;  // null: none
};

}  // namespace equipoise::learn
