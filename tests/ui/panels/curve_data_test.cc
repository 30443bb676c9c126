#include "ui/panels/curve_data.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/ui/sample_snapshot.h"
#include "ui/panels/curves_panel.h"

namespace equipoise::ui {
namespace {

std::shared_ptr<run::EpisodeRecord> Record(int episode, double episode_return, eps::Pick pick) {
  auto r = std::make_shared<run::EpisodeRecord>();
  r->episode = episode;
  r->episode_return = episode_return;
  r->decision.pick = pick;
  r->environment_steps = 100 * (episode + 1);
  r->gradient_steps = 70 * episode;
  r->wall_seconds = 30 * (episode + 1);
  return r;
}

EpisodeList ThreeEpisodes() {
  return {Record(0, -5, eps::Pick::kRandom), Record(1, 10, eps::Pick::kModelFree),
          Record(2, 20, eps::Pick::kModelBased)};
}

TEST(CurveData, PutsEveryEpisodeOnTheChosenAxis) {
  EXPECT_EQ(BuildCurves(ThreeEpisodes(), XAxis::kEpisode).x, (std::vector<double>{0, 1, 2}));
  EXPECT_EQ(BuildCurves(ThreeEpisodes(), XAxis::kEnvironmentSteps).x, (std::vector<double>{100, 200, 300}));
  EXPECT_EQ(BuildCurves(ThreeEpisodes(), XAxis::kGradientSteps).x, (std::vector<double>{0, 70, 140}));
  EXPECT_EQ(BuildCurves(ThreeEpisodes(), XAxis::kWallTime).x, (std::vector<double>{0.5, 1, 1.5}));
}

TEST(CurveData, KeepsItsOrderWhenAClockWasSetBack) {
  EpisodeList episodes = ThreeEpisodes();
  auto late = Record(3, 1, eps::Pick::kModelFree);
  late->wall_seconds = 10;
  episodes.push_back(late);
  const CurveData data = BuildCurves(episodes, XAxis::kWallTime);
  EXPECT_TRUE(std::is_sorted(data.x.begin(), data.x.end()));
}

TEST(CurveData, HoldsTheFractionAndTheSmoothedReturn) {
  const CurveData data = BuildCurves(ThreeEpisodes(), XAxis::kEpisode);
  EXPECT_TRUE(std::isnan(data.fraction_model_free[0]));
  EXPECT_DOUBLE_EQ(data.fraction_model_free[1], 1);
  EXPECT_DOUBLE_EQ(data.fraction_model_free[2], 0.5);
  const double w = 1 - 1.0 / 12;
  EXPECT_NEAR(data.smoothed[1], (w * -5 + 10) / (w + 1), 1e-12);
}

TEST(CurveData, PutsAPredictionIntoTheBandOfThePolicyThatActed) {
  EpisodeList episodes = ThreeEpisodes();
  auto acted = Record(3, 30, eps::Pick::kModelBased);
  acted->predicted_lo = 25;
  acted->predicted_hi = 40;
  episodes.push_back(acted);
  const CurveData data = BuildCurves(episodes, XAxis::kEpisode);
  EXPECT_DOUBLE_EQ(data.model_based_lo[3], 25);
  EXPECT_DOUBLE_EQ(data.model_based_hi[3], 40);
  EXPECT_TRUE(std::isnan(data.model_free_lo[3]));
}

TEST(CurveData, DoesNotLetAWildPredictionFlattenTheReturns) {
  EpisodeList episodes = ThreeEpisodes();
  auto acted = Record(3, 30, eps::Pick::kModelBased);
  acted->predicted_lo = -1e7;
  acted->predicted_hi = 1e7;
  episodes.push_back(acted);
  const AxisView fit = BuildCurves(episodes, XAxis::kEpisode).return_fit;
  EXPECT_LT(fit.hi, 60);
  EXPECT_GT(fit.lo, -40);
}

TEST(CurveData, FindsEpisodesByNumberAndByPlace) {
  const CurveData data = BuildCurves(ThreeEpisodes(), XAxis::kEnvironmentSteps);
  EXPECT_EQ(data.IndexOf(2), 2u);
  EXPECT_EQ(data.IndexOf(9), data.size());
  EXPECT_EQ(data.Nearest(-1e9), 0u);
  EXPECT_EQ(data.Nearest(149), 0u);
  EXPECT_EQ(data.Nearest(151), 1u);
  EXPECT_EQ(data.Nearest(1e9), 2u);
}

TEST(CurveData, PutsAFlagJustBeforeTheFirstEpisodeItTouched) {
  const CurveData data = BuildCurves(ThreeEpisodes(), XAxis::kEnvironmentSteps);
  EXPECT_DOUBLE_EQ(FlagPosition(data, 1), 150);
  EXPECT_DOUBLE_EQ(FlagPosition(data, -7), 100);
  EXPECT_DOUBLE_EQ(FlagPosition(data, 3), 300);
}

TEST(CurveData, LivesWithoutEpisodesAndWithHoles) {
  const CurveData none = BuildCurves({}, XAxis::kEpisode);
  EXPECT_EQ(none.size(), 0u);
  EXPECT_LT(none.return_fit.lo, none.return_fit.hi);
  SampleOptions options;
  options.holes = true;
  const CurveData holes = BuildCurves(*SampleSnapshot(options).episodes, XAxis::kEpisode);
  for (const AxisView& view : {holes.x_fit, holes.return_fit, holes.nll_fit}) {
    EXPECT_TRUE(std::isfinite(view.lo) && std::isfinite(view.hi));
    EXPECT_LT(view.lo, view.hi);
  }
}

TEST(CurveReadOut, NamesTheEpisodeItsReturnAndWhatWasPredicted) {
  auto record = Record(143, 372.2, eps::Pick::kModelBased);
  EXPECT_EQ(CurveReadOut(*record, 360.4), "episode 143: 372, smoothed 360");
  record->predicted_lo = 361;
  record->predicted_hi = 412;
  EXPECT_EQ(CurveReadOut(*record, 360.4), "episode 143: 372 (361 to 412)");
  record->episode_return = NAN;
  EXPECT_EQ(CurveReadOut(*record, NAN), "episode 143: not a number (361 to 412)");
}

}  // namespace
}  // namespace equipoise::ui
