#include "engine/plan/plan_shape.h"

#include <algorithm>

#include "engine/base/check.h"

namespace equipoise::plan {

PlanShape ShapeAt(int64_t step, int64_t horizon, int64_t knots, int64_t hold, int64_t actions) {
  const int64_t left = horizon - step, whole = (left + hold - 1) / hold;
  EQ_CHECK(left > 0, "there is nothing left to be planned");
  PlanShape shape;
  shape.knots = knots > 0 ? std::min(knots, whole) : whole;
  shape.actions = actions;
  shape.hold = hold;
  shape.steps = std::min(shape.knots * hold, left);
  return shape;
}

std::vector<float> Shifted(const std::vector<float>& plan, int64_t passed, const PlanShape& now, Behind behind) {
  std::vector<float> out(static_cast<size_t>(now.size()), 0.0f);
  const int64_t had = now.actions > 0 ? static_cast<int64_t>(plan.size()) / now.actions : 0;
  if (had == 0) return out;
  for (int64_t k = 0; k < now.knots; ++k) {
    int64_t from = (passed + k * now.hold) / now.hold;
    if (from >= had && behind == Behind::kZero) break;
    from = std::min(from, had - 1);
    std::copy_n(plan.begin() + from * now.actions, now.actions, out.begin() + k * now.actions);
  }
  return out;
}

}  // namespace equipoise::plan
