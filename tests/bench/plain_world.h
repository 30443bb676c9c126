// plain_world.h: rolling through a world model in plain LibTorch operations, for what rolls through its model by itself
// and not through the parts of a back end: planners and targets that look ahead.
//
// Thread   one at a time, without gradients
#pragma once

#include <memory>
#include <string>

#include "engine/model/world_model.h"
#include "tests/engine/model/fixed_model.h"

namespace equipoise::bench {

// `inner`, a feed-forward model or a dropout LSTM, which outlives it; every rollout takes all rows at once.
class PlainWorld : public test::FixedModel {
 public:
  explicit PlainWorld(const model::WorldModel& inner) : inner_(inner) {}
  int64_t states() const override { return inner_.states(); }
  int64_t actions() const override { return inner_.actions(); }
  int64_t carry_size() const override { return inner_.carry_size(); }
  bool trained() const override { return inner_.trained(); }
  const replay::Normaliser& normaliser() const override { return inner_.normaliser(); }
  model::Belief Draw(int64_t count, Stream& stream) const override { return inner_.Draw(count, stream); }
  int64_t beliefs_limit() const override { return inner_.beliefs_limit(); }
  model::Belief Nth(int64_t i) const override { return inner_.Nth(i); }
  bool has_spread() const override { return inner_.has_spread(); }
  int64_t rows_at_once() const override { return 1 << 20; }
  std::unique_ptr<model::Rollout> NewRollout() const override;
  void BurnIn(const float*, int64_t, int64_t, const model::Belief&, float*, Team*) const override {}

 private:
  const model::WorldModel& inner_;
};

}  // namespace equipoise::bench
