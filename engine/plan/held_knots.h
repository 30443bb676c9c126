// held_knots.h: the actions of a rollout are the knots of candidates, each held for some steps.
//
// Shapes   knots [n, K, A]; row r follows candidate r / particles. states [n, steps, S]: what the first particle of each
//          candidate was in before every step, denormalised
// Thread   one rollout at a time
#pragma once

#include "engine/model/action_source.h"
#include "engine/plan/plan_shape.h"
#include "engine/replay/episode_buffer.h"

namespace equipoise::plan {

class HeldKnots : public model::ActionSource {
 public:
  // All are borrowed for the rollout; `states` may be null.
  void Set(const float* knots, const PlanShape& shape, int64_t particles, const replay::Normaliser& normaliser,
           float* states);
  void Begin(int64_t rows, int64_t horizon, bool gradients) override;
  void Act(int64_t t, const float* z, float* action) override;

 private:
  const float* knots_ = nullptr;
  PlanShape shape_;
  int64_t particles_ = 1, rows_ = 0;
  const replay::Normaliser* normaliser_ = nullptr;
  float* states_ = nullptr;
};

}  // namespace equipoise::plan
