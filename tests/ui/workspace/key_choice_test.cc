// Everything that a mouse chooses by pointing is in reach of the keyboard too.
#include "ui/workspace/key_choice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "tests/ui/sample_snapshot.h"
#include "ui/panels/curves/curve_frame.h"

namespace equipoise::ui {
namespace {

class KeyChoiceTest : public ::testing::Test {
 protected:
  run::Snapshot snapshot_ = SampleSnapshot();
  UiState state_;
  std::function<void(run::Command)> post_ = [](const run::Command&) { FAIL() << "looking is not steering"; };
  PanelContext context_{snapshot_, post_, state_};
};

TEST_F(KeyChoiceTest, WalksThroughTheEpisodesAndBackToTheNewest) {
  const int newest = snapshot_.episodes->back()->episode;
  ChooseEpisode(context_, 1);
  EXPECT_FALSE(state_.selection.episode.has_value()) << "nothing comes after the newest";
  ChooseEpisode(context_, -1);
  EXPECT_EQ(state_.selection.episode, newest - 1);
  ChooseEpisode(context_, -1);
  EXPECT_EQ(state_.selection.episode, newest - 2);
  ChooseEpisode(context_, 1);
  ChooseEpisode(context_, 1);
  EXPECT_EQ(state_.selection.episode, newest);
  ChooseEpisode(context_, 1);
  EXPECT_FALSE(state_.selection.episode.has_value()) << "the run is followed again";
  state_.selection.episode = snapshot_.episodes->front()->episode;
  ChooseEpisode(context_, -1);
  EXPECT_EQ(state_.selection.episode, snapshot_.episodes->front()->episode);
}

TEST_F(KeyChoiceTest, BeforeADecisionThatWaitsForItsEpisodeLiesTheNewestEpisode) {
  auto waiting = std::make_shared<eps::Decision>(*snapshot_.decision);
  ++waiting->episode;
  snapshot_.decision = waiting;
  ChooseEpisode(context_, -1);
  EXPECT_EQ(state_.selection.episode, snapshot_.episodes->back()->episode);
}

TEST_F(KeyChoiceTest, AnEmptyRunHasNothingToChoose) {
  snapshot_.episodes = std::make_shared<run::List<run::EpisodeSummary>>();
  snapshot_.decision = nullptr;
  ChooseEpisode(context_, -1);
  ChooseNextMask(context_, false);
  ZoomCurves(context_, 1);
  MoveCurves(context_, 1);
  EXPECT_FALSE(state_.selection.episode.has_value());
  EXPECT_FALSE(state_.selection.mask.has_value());
  EXPECT_TRUE(state_.view.curves.x.fit);
}

TEST_F(KeyChoiceTest, GoesThroughTheMasksFromTheOneThatDecided) {
  const auto& delta = snapshot_.decision->delta();
  ChooseNextMask(context_, false);
  ASSERT_TRUE(state_.selection.mask.has_value());
  EXPECT_EQ(delta[static_cast<size_t>(*state_.selection.mask)], *std::min_element(delta.begin(), delta.end()));
  EXPECT_EQ(state_.scene.source, SceneSource::kImagined);
  double last = delta[static_cast<size_t>(*state_.selection.mask)];
  for (size_t i = 1; i < delta.size(); ++i) {
    ChooseNextMask(context_, false);
    const double here = delta[static_cast<size_t>(*state_.selection.mask)];
    EXPECT_GT(here, last);
    last = here;
  }
  ChooseNextMask(context_, false);
  EXPECT_EQ(delta[static_cast<size_t>(*state_.selection.mask)], *std::min_element(delta.begin(), delta.end()));
  for (size_t i = 0; i < delta.size(); ++i) {
    ChooseNextMask(context_, true);
    ASSERT_TRUE(state_.scene.imagined.second_mask.has_value());
    EXPECT_NE(state_.scene.imagined.second_mask, state_.selection.mask) << "a mask is not compared with itself";
  }
}

TEST_F(KeyChoiceTest, ZoomsAndMovesTheCurvesWithinTheRun) {
  const AxisView whole = WholeX(PrepareCurves(context_));
  const AxisView& x = state_.view.curves.x;
  ZoomCurves(context_, 1);
  EXPECT_FALSE(x.fit);
  EXPECT_NEAR(x.hi - x.lo, 0.75 * (whole.hi - whole.lo), 1e-9);
  EXPECT_DOUBLE_EQ(x.hi, whole.hi) << "the newest stay in view";
  MoveCurves(context_, -1);
  EXPECT_LT(x.hi, whole.hi);
  for (int i = 0; i < 50; ++i) MoveCurves(context_, -1);
  EXPECT_GT(x.hi, whole.lo) << "the run does not leave the view";
  for (int i = 0; i < 50; ++i) MoveCurves(context_, 1);
  EXPECT_LT(x.lo, whole.hi);
  for (int i = 0; i < 200; ++i) ZoomCurves(context_, 1);
  EXPECT_GT(x.hi, x.lo);
  for (int i = 0; i < 200 && !x.fit; ++i) ZoomCurves(context_, -1);
  EXPECT_TRUE(x.fit) << "wide enough is all of it";
  state_.selection.episode = 57;
  for (int i = 0; i < 8; ++i) ZoomCurves(context_, 1);
  EXPECT_LT(x.lo, 57);
  EXPECT_GT(x.hi, 57) << "around the chosen episode";
  state_.view.curves.FollowTheData();
  EXPECT_TRUE(x.fit);
}

}  // namespace
}  // namespace equipoise::ui
