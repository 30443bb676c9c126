#include "ui/panels/other_runs.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/ui/sample_snapshot.h"

namespace equipoise::ui {
namespace {

CurveData Curves(const std::string& agent, int episodes) {
  SampleOptions options;
  options.agent = agent;
  options.episodes = episodes;
  return BuildCurves(*SampleSnapshot(options).episodes, {});
}

TEST(OtherRuns, GroupsByAgentAndCountsThisRunAmongItsOwn) {
  const CurveData own = Curves("unified", 60), twin = Curves("unified", 40), sac = Curves("sac", 60);
  const OverlaySeries overlay = Overlay({{"unified", &twin}, {"sac", &sac}}, &own, "unified", CurveChart::kReturn, 0);
  ASSERT_EQ(overlay.groups.size(), 2u);
  EXPECT_EQ(overlay.groups[0].agent, "sac");
  EXPECT_EQ(overlay.groups[0].band.runs, 1);
  EXPECT_EQ(overlay.groups[1].band.runs, 2);
  EXPECT_EQ(overlay.groups[1].lines.size(), 1u);          // this run's line is drawn on top of all that
  EXPECT_DOUBLE_EQ(overlay.groups[1].band.x.back(), 40);  // as far as both go
  // Both have the same returns up to there, so the band has no width and the mean is the smoothed curve.
  const double smoothed = own.Series(CurveChart::kReturn).smoothed[10];
  EXPECT_NEAR(overlay.groups[1].band.mean[10], smoothed, 1e-9);
  EXPECT_NEAR(overlay.groups[1].band.hi[10], smoothed, 1e-6);
  const AxisView reach = overlay.groups[1].reach.View(0);
  for (const double hi : overlay.groups[1].band.hi) EXPECT_LE(hi, reach.hi);
  for (const double lo : overlay.groups[1].band.lo) EXPECT_GE(lo, reach.lo);
}

TEST(OtherRuns, DrawOneSeriesOfAChartAndTheLegendLeadsThroughTheRest) {
  std::vector<CurveSeries> own(4);
  EXPECT_FALSE(OverlaidSeries(own, 0).has_value()) << "this run has nothing there";
  own[1].Add(0, 1, 0.5);
  own[3].Add(0, 1, 0.25);
  EXPECT_EQ(OverlaidSeries(own, 0), 1u) << "the leading one that this run has";
  EXPECT_EQ(OverlaidSeries(own, 3), 3u) << "as chosen";
  EXPECT_EQ(OverlaidSeries(own, 9), 1u);
  EXPECT_EQ(NextOverlaid(own, 1), 3u);
  EXPECT_EQ(NextOverlaid(own, 3), 1u) << "and round again";
}

TEST(OtherRuns, SaysWhyAFolderCannotBeDrawn) {
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("equipoise-none-" + std::to_string(getpid()))).string();
  OtherRuns runs;
  const auto read = runs.Of({folder}, 0, true);
  ASSERT_EQ(read.size(), 1u);
  EXPECT_NE(read[0]->problem, "");
  EXPECT_TRUE(RunsBeside(folder + "/run", "hopper").empty());
}

}  // namespace
}  // namespace equipoise::ui
