// dm_control's tolerance function by what its documentation promises.
#include "engine/env/file_task/tolerance.h"

#include <gtest/gtest.h>

#include <cmath>

namespace equipoise::env {
namespace {

constexpr Fall kAll[] = {Fall::kGaussian, Fall::kLinear, Fall::kQuadratic,  Fall::kHyperbolic,
                         Fall::kLongTail, Fall::kCosine, Fall::kTanhSquared};

TEST(Tolerance, IsOneWithinTheBoundsAndTheGivenValueAtTheMargin) {
  for (const Fall fall : kAll) {
    for (const double value : {0.05, 0.1, 0.6}) {
      for (const double x : {-1.0, 0.3, 2.0}) EXPECT_EQ(Tolerance(fall, x, -1, 2, 0.5, value), 1);
      EXPECT_NEAR(Tolerance(fall, 2.5, -1, 2, 0.5, value), value, 1e-14);
      EXPECT_NEAR(Tolerance(fall, -1.5, -1, 2, 0.5, value), value, 1e-14);
      double before = 1;
      for (double x = 2.05; x < 4; x += 0.1) {
        const double now = Tolerance(fall, x, -1, 2, 0.5, value);
        EXPECT_LE(now, before);
        EXPECT_GE(now, 0);
        before = now;
      }
    }
  }
}

// Closed forms at half a margin.
TEST(Tolerance, FallsAsItsNameSays) {
  const auto half = [](Fall fall, double value) { return Tolerance(fall, 0.5, 0, 0, 1, value); };
  EXPECT_NEAR(half(Fall::kGaussian, 0.1), std::pow(0.1, 0.25), 1e-14);
  EXPECT_NEAR(half(Fall::kLinear, 0), 0.5, 1e-14);
  EXPECT_NEAR(half(Fall::kQuadratic, 0), 0.75, 1e-14);
  EXPECT_NEAR(half(Fall::kCosine, 0), 0.5, 1e-14);
  EXPECT_NEAR(half(Fall::kLongTail, 0.1), 1 / (0.25 * 9 + 1), 1e-14);
  EXPECT_NEAR(half(Fall::kHyperbolic, 0.1), 1 / std::cosh(0.5 * std::acosh(10.0)), 1e-14);
  EXPECT_NEAR(half(Fall::kTanhSquared, 0.1), 1 - std::pow(std::tanh(0.5 * std::atanh(std::sqrt(0.9))), 2), 1e-14);
}

TEST(Tolerance, IsAStepWithoutAMarginAndNoNumberWhereItCannotBe) {
  EXPECT_EQ(Tolerance(Fall::kGaussian, 1.001, 0, 1, 0), 0);
  EXPECT_EQ(Tolerance(Fall::kGaussian, 1, 0, 1, 0), 1);
  EXPECT_TRUE(std::isnan(Tolerance(Fall::kGaussian, 1, 2, 1, 0)));
  EXPECT_TRUE(std::isnan(Tolerance(Fall::kGaussian, 3, 0, 1, -1)));
  EXPECT_TRUE(std::isnan(Tolerance(Fall::kGaussian, 3, 0, 1, 1, 0)));
  EXPECT_TRUE(std::isnan(Tolerance(Fall::kLinear, 3, 0, 1, 1, 1)));
  EXPECT_TRUE(std::isnan(Tolerance(Fall::kCosine, NAN, 0, 1, 1)));
}

}  // namespace
}  // namespace equipoise::env
