// plan_shape.h: what a plan is: K knots of A numbers in [-1, 1], each held for so many steps.
//
// Thread   values; any
#pragma once

#include <cstdint>
#include <vector>

namespace equipoise::plan {

struct PlanShape {
  int64_t knots = 0, actions = 0;
  int64_t hold = 1;   // steps that a knot is held for
  int64_t steps = 0;  // that count, at most knots * hold: reward that cannot be earned any more is none
  int64_t size() const { return knots * actions; }
  bool operator==(const PlanShape& o) const {
    return knots == o.knots && actions == o.actions && hold == o.hold && steps == o.steps;
  }
};

// From a step of an episode of `horizon` steps: as many knots as there is time for, at most `knots`; 0: all of them.
PlanShape ShapeAt(int64_t step, int64_t horizon, int64_t knots, int64_t hold, int64_t actions);

// What remains of `plan` when `passed` of its steps are over, as a plan of shape `now`, which is held as long. Behind its
// end: zero, or its last knot again.
enum class Behind { kZero, kLast };
std::vector<float> Shifted(const std::vector<float>& plan, int64_t passed, const PlanShape& now, Behind behind);

}  // namespace equipoise::plan
