#include "ui/figure/smoothing.h"

#include <cmath>

#include <gtest/gtest.h>

namespace equipoise::ui {
namespace {

TEST(Smoothing, HasNoBiasAtTheStart) {
  for (double v : Smooth(std::vector<double>(50, 7.0), 0.95)) EXPECT_NEAR(v, 7.0, 1e-12);
}

TEST(Smoothing, IsTheWeightedMeanOfThePast) {
  const std::vector<double> out = Smooth({1, 2, 4}, 0.5);
  EXPECT_DOUBLE_EQ(out[0], 1);
  EXPECT_DOUBLE_EQ(out[1], (0.5 * 1 + 2) / 1.5);
  EXPECT_DOUBLE_EQ(out[2], (0.25 * 1 + 0.5 * 2 + 4) / 1.75);
}

TEST(Smoothing, GivesTheValuesBackForWeightZero) {
  const std::vector<double> values = {3, -1, 8, 2};
  EXPECT_EQ(Smooth(values, 0), values);
}

TEST(Smoothing, LeavesAGapForWhatIsNotFiniteAndForgetsIt) {
  const std::vector<double> out = Smooth({1, NAN, INFINITY, 1, -INFINITY, 1}, 0.9);
  EXPECT_TRUE(std::isnan(out[1]));
  EXPECT_TRUE(std::isnan(out[2]));
  EXPECT_TRUE(std::isnan(out[4]));
  EXPECT_NEAR(out[3], 1, 1e-12);
  EXPECT_NEAR(out[5], 1, 1e-12);
}

}  // namespace
}  // namespace equipoise::ui
