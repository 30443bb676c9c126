// mixture.h: batches of recorded steps and of imagined ones.
//
//   by row     round(real_share n) recorded rows first, then imagined ones; at least one of each unless the share is 0 or 1
//   by update  one update on recorded rows alone, then imagined_updates on imagined ones, and again
//
// With nothing imagined (a share of 1, no imagined updates, an empty pool) it draws what RealTransitions draws.
//
// Streams  "<id>.batch" as RealTransitions, "<id>.imagined" of (iteration, update)
#pragma once

#include <utility>

#include "engine/learn/imagined/imagined_pool.h"
#include "engine/learn/transition_source.h"

namespace equipoise::learn {

class Mixture : public TransitionSource {
 public:
  // The pool outlives it.
  explicit Mixture(const ImaginedPool& pool, RealTransitions real = {}) : pool_(pool), real_(std::move(real)) {}
  int64_t Draw(const DrawInputs& in, const TransitionRows& rows) const override;
  int UpdatesForOne(const config::Settings& settings) const override;

 private:
  const ImaginedPool& pool_;
  RealTransitions real_;
};

}  // namespace equipoise::learn
