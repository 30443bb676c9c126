// Intervals and tests against numbers computed by hand.
#include "engine/browse/run_statistics.h"

#include <gtest/gtest.h>

namespace equipoise::run {
namespace {

TEST(RunStatistics, TheIntervalIsStudents) {
  const MeanOfRuns m = MeanWithConfidence({1, 2, 3, 4, 5});
  EXPECT_EQ(m.n, 5);
  EXPECT_DOUBLE_EQ(m.mean, 3);
  EXPECT_NEAR(m.half, 2.776445 * 1.5811388 / std::sqrt(5.0), 1e-5);  // t(0.975, 4) s / sqrt n
  EXPECT_TRUE(std::isnan(MeanWithConfidence({7}).half));
  EXPECT_TRUE(std::isnan(MeanWithConfidence({}).mean));
}

TEST(RunStatistics, EqualMeansByStudentsTest) {
  // t = -1 with 8 degrees of freedom.
  EXPECT_NEAR(EqualMeansP({1, 2, 3, 4, 5}, {2, 3, 4, 5, 6}), 0.346594, 1e-6);
  EXPECT_NEAR(EqualMeansP({2, 3, 4, 5, 6}, {1, 2, 3, 4, 5}), 0.346594, 1e-6);
  EXPECT_NEAR(EqualMeansP({1, 2}, {1, 2}), 1, 1e-12);
  EXPECT_TRUE(std::isnan(EqualMeansP({1}, {1, 2})));
  EXPECT_TRUE(std::isnan(EqualMeansP({1, 1}, {1, 1}))) << "nothing varies";
}

// Table 1 of Freed et al. 2024: 493.1 +- 9.9 and 457.3 +- 7.9 over five seeds; p by scipy.stats.ttest_ind_from_stats.
TEST(RunStatistics, APrintedMeanIsTestedLikeItsRuns) {
  const MeanOfRuns m = MeanWithConfidence({1, 2, 3, 4, 6}), printed = MeanOfPrinted(5, m.mean, m.half);
  EXPECT_NEAR(printed.sd, m.sd, 1e-12);
  EXPECT_NEAR(EqualMeansPOf(MeanOfPrinted(5, 493.1, 9.9), MeanOfPrinted(5, 457.3, 7.9)), 5.013443306738366e-05, 1e-9);
}

TEST(RunStatistics, TheMeanIsOverTheFirst) {
  EXPECT_DOUBLE_EQ(MeanOfFirst({1, 2, 9}, 2), 1.5);
  EXPECT_TRUE(std::isnan(MeanOfFirst({1, 2}, 3)));
  EXPECT_TRUE(std::isnan(MeanOfFirst({1, 2}, 0)));
}

}  // namespace
}  // namespace equipoise::run
