#include "engine/browse/run_curves.h"

#include <cmath>

#include <gtest/gtest.h>

namespace equipoise::run {
namespace {

TEST(RunCurves, MakesMeansOfWholeBlocksOnly) {
  std::vector<double> values;
  for (int i = 1; i <= 25; ++i) values.push_back(i);
  EXPECT_EQ(BlockMeans(values), (std::vector<double>{5.5, 15.5}));
  EXPECT_EQ(BlockMeans(values, 20), (std::vector<double>{10.5}));
  EXPECT_TRUE(BlockMeans({1, 2, 3}).empty());
}

TEST(RunCurves, AreCutToTheFirstEpisodes) {
  RunCurve curve;
  curve.returns = {1, 2, 3};
  curve.model_free = {true, false, true};
  curve.forced = {false, false, true};
  CutTo(5, &curve);
  EXPECT_EQ(curve.returns.size(), 3u);
  CutTo(2, &curve);
  EXPECT_EQ(curve.returns, (std::vector<double>{1, 2}));
  EXPECT_EQ(curve.model_free, (std::vector<bool>{true, false}));
  EXPECT_EQ(curve.forced, (std::vector<bool>{false, false}));
}

TEST(RunCurves, ATableHasAtMostSixteenBlocks) {
  EXPECT_EQ(BlockForTable(3), 10);
  EXPECT_EQ(BlockForTable(160), 10);
  EXPECT_EQ(BlockForTable(161), 20);
  EXPECT_EQ(BlockForTable(400), 50);
  EXPECT_EQ(BlockForTable(1500), 100);
  EXPECT_EQ(BlockForTable(10000), 1000);
}

TEST(RunCurves, CountsModelFreePicksInAWindow) {
  EXPECT_EQ(ModelFreeFraction({true, false, false, true}, 2), (std::vector<double>{1, 0.5, 0, 0.5}));
}

TEST(RunCurves, InterpolatesBetweenNeighboursAndNowhereElse) {
  const CurveLine line{{0, 10, 20, 30}, {0, 5, NAN, 1}};
  EXPECT_DOUBLE_EQ(ValueAt(line, 4), 2);
  EXPECT_DOUBLE_EQ(ValueAt(line, 10), 5);
  EXPECT_DOUBLE_EQ(ValueAt(line, 30), 1);
  EXPECT_TRUE(std::isnan(ValueAt(line, 15)));  // beside a gap
  EXPECT_TRUE(std::isnan(ValueAt(line, 20)));
  EXPECT_TRUE(std::isnan(ValueAt(line, -1)));
  EXPECT_TRUE(std::isnan(ValueAt(line, 31)));
}

TEST(RunCurves, BandIsTheMeanAndOneSampleStandardDeviation) {
  const CurveBand band = MeanOverRuns({{{1, 2}, {2, 10}}, {{1, 2}, {4, 10}}, {{1, 2}, {9, 10}}});
  EXPECT_EQ(band.runs, 3);
  EXPECT_EQ(band.x, (std::vector<double>{1, 2}));
  EXPECT_DOUBLE_EQ(band.mean[0], 5);
  EXPECT_NEAR(band.hi[0] - band.mean[0], std::sqrt(13.0), 1e-12);  // squares 9, 1, 16 over n - 1 = 2
  EXPECT_NEAR(band.mean[0] - band.lo[0], std::sqrt(13.0), 1e-12);
  EXPECT_DOUBLE_EQ(band.lo[1], 10);
  EXPECT_EQ(band.n, (std::vector<int>{3, 3}));
  EXPECT_EQ(BandName(band), "mean \xc2\xb1 1 sd over 3 runs");
}

// Three seeds of a sweep, one of which has come to its 4th episode and one to its 2nd.
TEST(RunCurves, MeanIsOverTheRunsThatReachAnEpisodeAndSaysOverHowMany) {
  const CurveBand band =
      MeanOverRuns({{{1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}}, {{1, 2}, {4, 5}}, {{1, 2, 3, 4}, {7, 8, 12, 12}}});
  EXPECT_EQ(band.runs, 3);
  EXPECT_EQ(band.x, (std::vector<double>{1, 2, 3, 4, 5}));
  EXPECT_EQ(band.n, (std::vector<int>{3, 3, 2, 2, 1}));
  EXPECT_EQ(band.mean, (std::vector<double>{4, 5, 7.5, 8, 5}));  // (1 + 4 + 7) / 3, ..., (3 + 12) / 2, ..., 5
  EXPECT_DOUBLE_EQ(band.hi[0], 7);                               // squares 9, 0, 9 over n - 1 = 2: sd 3
  EXPECT_NEAR(band.hi[2], 7.5 + std::sqrt(40.5), 1e-12);         // squares 20.25 twice over 1
  EXPECT_TRUE(std::isnan(band.lo[4])) << "a single run has no spread";
  EXPECT_EQ(BandName(band), "mean \xc2\xb1 1 sd over 3 runs, 2 after 2, 1 after 4");
}

TEST(RunCurves, ALineThatBeginsLaterCountsFromThere) {
  const CurveBand band = MeanOverRuns({{{0, 10, 20}, {0, 10, 20}}, {{5, 15, 40}, {1, 1, 1}}});
  EXPECT_EQ(band.x, (std::vector<double>{0, 5, 10, 15, 20, 40}));
  EXPECT_EQ(band.n, (std::vector<int>{1, 2, 2, 2, 2, 1}));
  EXPECT_DOUBLE_EQ(band.mean[0], 0);
  EXPECT_DOUBLE_EQ(band.mean[1], 3);  // (5 + 1) / 2
  EXPECT_DOUBLE_EQ(band.mean[3], 8);  // (15 + 1) / 2
  EXPECT_DOUBLE_EQ(band.mean[5], 1);
  EXPECT_EQ(MeanOverRuns({{{0, 1}, {0, 1}}, {}}).runs, 1) << "a run without an episode is none yet";
  EXPECT_TRUE(MeanOverRuns({}).x.empty());
}

TEST(RunCurves, MeanHasAGapWhereOneRunHasNoNumberAndNoBandForASingleRun) {
  EXPECT_TRUE(std::isnan(MeanOverRuns({{{0, 1}, {NAN, 1}}, {{0, 1}, {1, 1}}}).mean[0]));
  const CurveBand alone = MeanOverRuns({{{0, 1}, {3, 4}}});
  EXPECT_DOUBLE_EQ(alone.mean[0], 3);
  EXPECT_TRUE(std::isnan(alone.lo[0]));
}

TEST(RunCurves, ThinsLongRunsEvenly) {
  CurveLine line;
  for (int i = 0; i <= 5000; ++i) {
    line.x.push_back(i);
    line.y.push_back(2 * i);
  }
  const CurveBand band = MeanOverRuns({line, line}, 11);
  ASSERT_EQ(band.x.size(), 11u);
  EXPECT_DOUBLE_EQ(band.x[3], 1500);
  EXPECT_DOUBLE_EQ(band.mean[3], 3000);
}

}  // namespace
}  // namespace equipoise::run
