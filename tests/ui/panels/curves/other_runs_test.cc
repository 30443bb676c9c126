#include "ui/panels/curves/other_runs.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/eps/check_settings.h"
#include "tests/ui/sample_snapshot.h"
#include "ui/panels/curves/curve_frame.h"

namespace equipoise::ui {
namespace {

CurveData Curves(const std::string& agent, int episodes) {
  SampleOptions options;
  options.agent = agent;
  options.episodes = episodes;
  return BuildCurves(*SampleSnapshot(options).episodes, {});
}

run::RunIdentity Of(const std::string& agent, int seed, int masks = 50) {
  run::RunIdentity identity;
  identity.settings.run.task = "halfcheetah";
  identity.settings.run.agent = agent;
  identity.settings.run.seed = seed;
  identity.settings.Of<eps::CheckSettings>().masks = masks;
  return identity;
}

TEST(OtherRuns, AreGroupedByTheirSettingsWithThisRunAmongItsOwn) {
  const CurveData own = Curves("unified", 60), twin = Curves("unified", 40), sac = Curves("sac", 60),
                  other = Curves("unified", 60);
  const auto groups = run::GroupRuns({Of("unified", 0), Of("unified", 1), Of("sac", 0), Of("unified", 2, 20)});
  const OverlaySeries overlay = Overlay({&own, &twin, &sac, &other}, groups, CurveChart::kReturn, 0);
  ASSERT_EQ(overlay.groups.size(), 3u);
  EXPECT_EQ(GroupName(groups[overlay.groups[0].group]), "SAC") << "masks are nothing to it";
  EXPECT_EQ(overlay.groups[0].band.runs, 1);
  EXPECT_EQ(overlay.groups[2].band.runs, 2);
  EXPECT_EQ(GroupName(groups[overlay.groups[1].group]), "unified, masks of the check = 20");
  EXPECT_EQ(overlay.groups[1].band.runs, 1) << "another number of masks is another experiment";
  EXPECT_EQ(overlay.groups[2].lines.size(), 1u);          // this run's line is drawn on top of all that
  EXPECT_DOUBLE_EQ(overlay.groups[2].band.x.back(), 60);  // as far as one of them goes
  EXPECT_EQ(overlay.groups[2].band.n.back(), 1);
  EXPECT_EQ(run::BandName(overlay.groups[2].band), "mean \xc2\xb1 1 sd over 2 runs, 1 after 40");
  // Both have the same returns up to there, so the band has no width and the mean is the smoothed curve.
  const double smoothed = own.Series(CurveChart::kReturn).smoothed[10];
  EXPECT_NEAR(overlay.groups[2].band.mean[10], smoothed, 1e-9);
  EXPECT_NEAR(overlay.groups[2].band.hi[10], smoothed, 1e-6);
  const AxisView reach = overlay.groups[2].reach.View(0);
  for (size_t i = 0; i < 40; ++i) {
    EXPECT_LE(overlay.groups[2].band.hi[i], reach.hi);
    EXPECT_GE(overlay.groups[2].band.lo[i], reach.lo);
  }
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
