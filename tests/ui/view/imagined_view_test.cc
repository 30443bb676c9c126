#include "ui/view/imagined_view.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "tests/engine/eps/two_policies.h"
#include "tests/ui/sample_snapshot.h"
#include "ui/panels/check/beliefs_panel.h"
#include "ui/panels/check/reevaluation.h"
#include "ui/panels/scene/imagined_overlay.h"
#include "ui/panels/scene/imagined_scene.h"
#include "ui/view/mask_choice.h"

namespace equipoise::ui {
namespace {

run::Shared<run::Imagined> Answer(int episode, std::optional<eps::Pick> actions, std::vector<int> masks, int horizon) {
  auto answer = std::make_shared<run::Imagined>();
  answer->request = {episode, actions, masks, 2};
  answer->horizon = horizon;
  answer->qpos_size = 1;
  for (int mask : masks) {
    run::MaskImagined& m = answer->masks.emplace_back();
    m.mask = mask;
    for (double step : {1.0, 3.0}) {
      run::Trajectory& t = m.rollouts.emplace_back();
      t.qpos.assign(static_cast<size_t>(horizon + 1), 0.0);
      t.reward.assign(static_cast<size_t>(horizon), step);
    }
  }
  return answer;
}

TEST(ImaginedView, PlaysToTheEndHoldsItAndStartsAgain) {
  ImaginedView view;
  view.shown = Answer(3, std::nullopt, {0}, 10);
  Advance(&view, 0.5, 0.1);
  EXPECT_EQ(view.step(), 5);
  EXPECT_NEAR(NextIn(view, 0.1), 0.1, 1e-9);
  Advance(&view, 1.0, 0.1);
  EXPECT_EQ(view.step(), 10) << "the end is shown before the loop starts again";
  Advance(&view, 0.2, 0.1);
  EXPECT_EQ(view.step(), 0);
  view.loop = false;
  Advance(&view, 5, 0.1);
  EXPECT_EQ(view.step(), 10);
  EXPECT_TRUE(std::isinf(NextIn(view, 0.1)));
  TogglePlaying(&view);
  TogglePlaying(&view);
  EXPECT_EQ(view.step(), 0) << "play at the end begins anew";
}

TEST(ImaginedView, TrailsAreLitByWhatTheModelWouldLearn) {
  ImaginedView view;
  auto answer = std::const_pointer_cast<run::Imagined>(Answer(3, test::Based(), {0, 1}, 4));
  view.shown = answer;
  Scene::Frame plain;
  AddImagined(*answer, view.step(), view.lanes, ImaginedColorsNow(), &plain);
  EXPECT_EQ(MostInformation(*answer), 0);
  for (const Ghost& trail : plain.trails) EXPECT_EQ(LitShare(trail, 0, 4), 0);
  answer->masks[0].rollouts[0].information = {0, 1, 3, 0};
  answer->masks[1].rollouts[1].information = {0, 0, 0, 4};
  EXPECT_EQ(MostInformation(*answer), 4);
  Scene::Frame frame;
  AddImagined(*answer, view.step(), view.lanes, ImaginedColorsNow(), &frame);
  ASSERT_EQ(frame.trails.size(), 4u);
  const Ghost &first = frame.trails[1], &second = frame.trails[2];  // the farthest of each mask comes first
  EXPECT_EQ(LitShare(first, 0, 1), 0);
  EXPECT_FLOAT_EQ(LitShare(first, 1, 3), 0.5f) << "the mean of a piece, as a share of the most of all";
  EXPECT_EQ(LitShare(second, 3, 4), 1);
  EXPECT_EQ(LitShare(frame.trails[0], 0, 4), 0);
  EXPECT_FALSE(Same(frame.trails, plain.trails));
  for (const Ghost& ghost : frame.ghosts) EXPECT_EQ(ghost.lit, nullptr) << "bodies keep their mask's colour";
}

TEST(ImaginedView, AStepByHandHoldsThePicture) {
  ImaginedView view;
  view.shown = Answer(3, std::nullopt, {0}, 10);
  Seek(&view, 4);
  StepBy(&view, 1);
  Advance(&view, 3, 0.1);
  EXPECT_EQ(view.step(), 5);
  StepBy(&view, 100);
  EXPECT_EQ(view.step(), 10);
}

TEST(ImaginedView, AsksOncePerChangeAndForTheDecidingMaskWhenNoneIsChosen) {
  const run::Snapshot snapshot = SampleSnapshot();
  ImaginedView view;
  const auto decision = ImaginedDecision(snapshot, std::nullopt, view);
  ASSERT_NE(decision, nullptr);
  auto request = NewRequest(decision.get(), std::nullopt, view);
  ASSERT_TRUE(request.has_value());
  ASSERT_EQ(request->masks.size(), 1u);
  const double least = *std::min_element(decision->delta().begin(), decision->delta().end());
  EXPECT_EQ(decision->delta()[static_cast<size_t>(request->masks[0])], least);
  view.asked = *request;
  EXPECT_FALSE(NewRequest(decision.get(), std::nullopt, view).has_value());
  view.second_mask = 7;
  EXPECT_EQ(NewRequest(decision.get(), 3, view)->masks, (std::vector<int>{3, 7}));
  view.second_mask = 3;
  EXPECT_EQ(NewRequest(decision.get(), 3, view)->masks, (std::vector<int>{3})) << "a mask is not compared with itself";
  EXPECT_FALSE(NewRequest(nullptr, 3, view).has_value());
}

TEST(ImaginedView, IsOfTheDecisionThatTheCheckShows) {
  const run::Snapshot snapshot = SampleSnapshot();
  ImaginedView view;
  const int newest = ImaginedDecision(snapshot, std::nullopt, view)->episode;
  view.episode = newest - 5;  // what was shown before means nothing once nothing is chosen
  EXPECT_EQ(ImaginedDecision(snapshot, std::nullopt, view)->episode, newest);
  EXPECT_EQ(ImaginedDecision(snapshot, newest - 9, view)->episode, newest - 9);
}

TEST(ImaginedView, HoldsTheCheckWhileTheRunGoesOn) {
  run::Snapshot snapshot = SampleSnapshot();
  UiState state;
  state.scene.source = SceneSource::kImagined;
  const std::function<void(run::Command)> post = [](const run::Command&) {};
  PanelContext context{snapshot, post, state};
  PrepareImagined(context);
  const int shown = ImaginedDecision(snapshot, std::nullopt, state.scene.imagined)->episode;
  EXPECT_EQ(state.selection.episode, shown) << "the check shows what the scene imagines";
  auto episodes = std::make_shared<run::List<run::EpisodeSummary>>(*snapshot.episodes);
  auto next = std::make_shared<run::EpisodeRecord>(*run::Whole(*episodes->back()));
  next->episode = next->decision.episode = episodes->back()->episode + 1;
  episodes->push_back(run::Summarised(*next));
  snapshot.episodes = episodes;
  PrepareImagined(context);
  EXPECT_EQ(state.scene.imagined.episode, shown) << "a run that goes on does not take it away";
  ASSERT_FALSE(state.answers.questions.empty());
  EXPECT_EQ(std::get<run::Imagine>(state.answers.questions.back()).episode, shown);
}

TEST(ImaginedView, MovesAtTheSpeedOfTheScene) {
  run::Snapshot snapshot = SampleSnapshot();
  auto info = std::make_shared<run::RunInfo>();
  info->task.control_dt_seconds = 0.05;
  snapshot.info = info;
  UiState state;
  auto answer = std::make_shared<run::Imagined>();
  answer->horizon = 100;
  state.scene.imagined.shown = answer;
  state.clock.since_last = 1;
  const std::function<void(run::Command)> post = [](const run::Command&) {};
  PanelContext context{snapshot, post, state};
  for (const auto& [speed, steps] : std::vector<std::pair<double, double>>{{0, 20}, {1, 20}, {0.25, 5}, {4, 80}}) {
    state.scene.speed = speed;
    state.scene.imagined.position = 0;
    PrepareImagined(context);
    EXPECT_NEAR(state.scene.imagined.position, steps, 1e-9) << speed;
  }
}

TEST(MaskChoice, AClickShowsAMaskAndShiftComparesAnother) {
  const run::Snapshot snapshot = SampleSnapshot();
  const eps::Decision& decision = *snapshot.decision;
  UiState state;
  ChooseMask(&state, decision, 4, false);
  EXPECT_EQ(state.scene.source, SceneSource::kImagined);
  EXPECT_EQ(state.selection.mask, 4);
  EXPECT_EQ(state.scene.imagined.episode, decision.episode);
  EXPECT_EQ(state.selection.episode, decision.episode) << "a run that goes on must not take it away";
  ChooseMask(&state, decision, 9, true);
  EXPECT_EQ(state.scene.imagined.second_mask, 9);
  EXPECT_EQ(state.selection.mask, 4);
  ChooseMask(&state, decision, 9, true);
  EXPECT_FALSE(state.scene.imagined.second_mask.has_value());
  ChooseMask(&state, decision, 4, true);
  EXPECT_EQ(state.scene.imagined.second_mask, 4);
  EXPECT_FALSE(state.selection.mask.has_value()) << "one mask is not both";
}

TEST(ReturnUpTo, IsTheMeanAndSpreadOfTheShownRollouts) {
  const auto answer = Answer(3, std::nullopt, {0}, 10);
  const Spread spread = ReturnUpTo(answer->masks[0], 5);  // rollouts of 5 and 15
  EXPECT_DOUBLE_EQ(spread.mean, 10);
  EXPECT_NEAR(spread.sd, std::sqrt(50.0), 1e-12);
  EXPECT_DOUBLE_EQ(ReturnUpTo(answer->masks[0], 99).mean, 20);
}

TEST(BeliefRows, APlanHasNoRealityToBeComparedWith) {
  auto plan = std::make_shared<run::Imagined>(*Answer(3, test::Based(), {0, 1}, 10));
  for (const BeliefRow& row : BeliefRows(*plan, 4)) {
    EXPECT_EQ(row.cells.size(), 3u) << "A, B and all";
    EXPECT_EQ(row.label.find("Coverage"), std::string::npos);
    EXPECT_EQ(row.label.find("real"), std::string::npos);
  }
  plan->request.policy = std::nullopt;
  plan->masks[0].coverage = 0.84;
  plan->masks[0].error = {0.1f, 0.2f, 0.31f, 0.4f};
  const auto rows = BeliefRows(*plan, 3);
  EXPECT_EQ(rows[0].cells[0], "84.0 %");
  EXPECT_EQ(rows[1].label, "Error at step 3, sd");
  EXPECT_EQ(rows[1].cells[0], "0.31");
  EXPECT_EQ(rows[1].cells[1], "\xe2\x80\x93") << "nothing was measured for B";
}

TEST(RebuiltSentence, SaysWhatStandsInTheScene) {
  EXPECT_EQ(RebuiltSentence("x from the predicted velocity"), "x rebuilt from predicted velocity");
  EXPECT_EQ(RebuiltSentence(""), "");
}

TEST(Reevaluation, ACompletedCheckIsShownOnlyForItsEpisodeAndOnlyWhenItIsTheSame) {
  UiState state;
  eps::Decision shown;
  shown.episode = 12;
  shown.masks = 50;
  shown.evaluated = 14;
  state.selection.episode = 12;
  EXPECT_EQ(CompletedDecision(state, &shown), nullptr);
  auto answer = std::make_shared<run::Reevaluated>();
  answer->request = {12, true};
  answer->same = true;
  answer->again.evaluated = 50;
  state.answers.reevaluated = answer;
  ASSERT_NE(CompletedDecision(state, &shown), nullptr);
  EXPECT_EQ(CompletedDecision(state, &shown)->evaluated, 50);
  EXPECT_EQ(AnswerWords(*answer), "same numbers");
  state.selection.episode = 11;
  EXPECT_EQ(CompletedDecision(state, &shown), nullptr);
  state.selection.episode = 12;
  answer->same = false;
  answer->logged.evaluated = 14;
  answer->differs = {"delta of mask 3 is 1 in the log, now 2"};
  EXPECT_EQ(CompletedDecision(state, &shown), nullptr);
  EXPECT_EQ(AnswerWords(*answer), "1 number differs");
}

}  // namespace
}  // namespace equipoise::ui
