#include "ui/panels/curves/curve_fit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/ui/sample_snapshot.h"

namespace equipoise::ui {
namespace {

// Twenty episodes whose likelihood begins as the first fit of a real run does, and then falls from 5 to 3.
CurveData First(double first) {
  EpisodeList episodes;
  for (int i = 1; i <= 20; ++i) {
    auto record = std::make_shared<run::EpisodeSummary>();
    record->episode = i;
    record->episode_return = 10 * i;
    record->nll = i == 1 ? first : 5 - 0.1 * i;
    episodes.push_back(record);
  }
  CurveOptions options;
  options.parts = test::UnifiedParts();
  return BuildCurves(episodes, options);
}

const ChartTable& Nll() { return TableOf(test::UnifiedParts(), CurveChart::kNll); }

TEST(CurveFit, OnePointDoesNotFlattenTheOthers) {
  const CurveData data = First(9142);
  const AxisView y = data.fit[static_cast<size_t>(CurveChart::kNll)].linear;
  EXPECT_LT(y.hi, 20) << "the first one leaves the chart";
  EXPECT_LT(y.lo, 3.0);
  EXPECT_GT(First(6).fit[static_cast<size_t>(CurveChart::kNll)].linear.hi, 6) << "what is near the others stays";
}

TEST(CurveFit, FollowsWhatIsInView) {
  const CurveData data = First(9142);
  const CurveData::Fit part = FitWithin(data, TableOf(test::UnifiedParts(), CurveChart::kReturn), 15, 20);
  EXPECT_GT(part.linear.lo, 130);
  EXPECT_LT(part.linear.hi, 220);
  const CurveData::Fit early = FitWithin(data, Nll(), 1, 3);
  EXPECT_GT(early.linear.hi, 9000) << "of three values none is known to be wild";
}

TEST(CurveFit, ALogarithmOfBothSignsIsSymmetricAndShowsAll) {
  const CurveData::Fit fit = First(-50).fit[static_cast<size_t>(CurveChart::kNll)];
  EXPECT_TRUE(fit.has_negative);
  EXPECT_LT(fit.symmetric.lo, -50);
  EXPECT_GT(fit.symmetric.hi, 4.8);
  EXPECT_FALSE(First(50).fit[static_cast<size_t>(CurveChart::kNll)].has_negative);
}

TEST(CurveFit, LeavesOutFewValuesAndOnlyFarOnes) {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(i);
  RangeOf all = RobustRange(values, 0.02);
  EXPECT_EQ(all.View(0).lo, 0);
  EXPECT_EQ(all.View(0).hi, 99);
  values[3] = 1e6;
  EXPECT_EQ(RobustRange(values, 0.02).View(0).hi, 99);
  for (int i = 0; i < 30; ++i) values[static_cast<size_t>(i)] = 1e6 + i;
  EXPECT_GT(RobustRange(values, 0.02).View(0).hi, 1e6) << "thirty of a hundred are no outliers";
}

}  // namespace
}  // namespace equipoise::ui
