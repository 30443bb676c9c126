#include "ui/plot/statistics.h"

#include <cmath>

#include <gtest/gtest.h>

namespace equipoise::ui {
namespace {

using eps::Pick;

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 0.0), 1);
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 1.0), 4);
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 0.25), 1.75);  // numpy.quantile([1, 2, 3, 4], 0.25)
  EXPECT_DOUBLE_EQ(Quantile({9}, 0.3), 9);
}

TEST(Quantile, SkipsWhatIsNotFiniteAndIsNotANumberForNothing) {
  EXPECT_DOUBLE_EQ(Quantile({NAN, 5, INFINITY, 7}, 0.5), 6);
  EXPECT_TRUE(std::isnan(Quantile({}, 0.5)));
  EXPECT_TRUE(std::isnan(Quantile({NAN}, 0.5)));
}

TEST(FractionModelFree, CountsPicksInTheWindowOnly) {
  const auto out = FractionModelFree({Pick::kModelFree, Pick::kModelBased, Pick::kModelBased, Pick::kModelFree}, 2);
  EXPECT_DOUBLE_EQ(out[0], 1.0);
  EXPECT_DOUBLE_EQ(out[1], 0.5);
  EXPECT_DOUBLE_EQ(out[2], 0.0);
  EXPECT_DOUBLE_EQ(out[3], 0.5);
}

TEST(FractionModelFree, LeavesRandomEpisodesOut) {
  const auto out =
      FractionModelFree({Pick::kRandom, Pick::kModelFree, Pick::kRandom, Pick::kModelBased, Pick::kRandom}, 2);
  EXPECT_TRUE(std::isnan(out[0]));
  EXPECT_DOUBLE_EQ(out[1], 1.0);
  EXPECT_DOUBLE_EQ(out[2], 1.0);
  EXPECT_DOUBLE_EQ(out[3], 0.5);
  EXPECT_DOUBLE_EQ(out[4], 0.5);
}

TEST(FractionModelFree, HasItsFloorAtOneTenthWhenOneInTenIsForced) {
  std::vector<Pick> picks(200, Pick::kModelBased);
  for (size_t i = 9; i < picks.size(); i += 10) picks[i] = Pick::kModelFree;
  const auto out = FractionModelFree(picks, 20);
  for (size_t i = 20; i < out.size(); ++i) EXPECT_DOUBLE_EQ(out[i], 0.1);
}

}  // namespace
}  // namespace equipoise::ui
