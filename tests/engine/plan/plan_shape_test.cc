// What a plan covers near the end of an episode, and what is left of one when some of it is over.
#include "engine/plan/plan_shape.h"

#include <gtest/gtest.h>

namespace equipoise::plan {
namespace {

TEST(PlanShape, NeverCountsRewardFromBehindTheEnd) {
  struct Case {
    int64_t step, knots, hold, expected_knots, expected_steps;
  };
  const Case cases[] = {{0, 25, 8, 25, 200},  // all of it
                        {8, 25, 8, 24, 192}, {190, 25, 8, 2, 10}, {199, 25, 8, 1, 1},
                        {0, 4, 3, 4, 12},    {0, 0, 8, 25, 200},  {3, 0, 8, 25, 197}};
  for (const Case& c : cases) {
    const PlanShape shape = ShapeAt(c.step, 200, c.knots, c.hold, 2);
    EXPECT_EQ(shape.knots, c.expected_knots) << c.step;
    EXPECT_EQ(shape.steps, c.expected_steps) << c.step;
    EXPECT_EQ(shape.size(), 2 * c.expected_knots);
  }
}

TEST(PlanShape, APlanIsShiftedByWhatIsOver) {
  const std::vector<float> plan = {1, 10, 2, 20, 3, 30};  // three knots of two actions, each held for four steps
  const PlanShape now = {3, 2, 4, 12};
  EXPECT_EQ(Shifted(plan, 0, now, Behind::kZero), plan);
  EXPECT_EQ(Shifted(plan, 4, now, Behind::kZero), (std::vector<float>{2, 20, 3, 30, 0, 0}));
  EXPECT_EQ(Shifted(plan, 8, now, Behind::kLast), (std::vector<float>{3, 30, 3, 30, 3, 30}));
  EXPECT_EQ(Shifted(plan, 6, now, Behind::kZero), (std::vector<float>{2, 20, 3, 30, 0, 0})) << "amid the second knot";
  EXPECT_EQ(Shifted(plan, 4, {2, 2, 4, 5}, Behind::kZero), (std::vector<float>{2, 20, 3, 30}));
  EXPECT_EQ(Shifted({}, 0, now, Behind::kLast), std::vector<float>(6, 0.0f)) << "there was none";
}

}  // namespace
}  // namespace equipoise::plan
