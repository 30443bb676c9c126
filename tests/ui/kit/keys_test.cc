#include "ui/kit/keys.h"

#include <GLFW/glfw3.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/ui/snapshot_builder.h"
#include "ui/kit/focus.h"
#include "ui/window/key_actions.h"

namespace equipoise::ui {
namespace {

// A context whose commands are kept.
struct Desk {
  std::shared_ptr<run::Snapshot> snapshot = std::make_shared<run::Snapshot>();
  UiState state;
  std::vector<run::Command> posted;
  std::function<void(run::Command)> post = [this](const run::Command& command) { posted.push_back(command); };
  PanelContext context{*snapshot, post, state};
  Desk() { ForgetFocus(); }
};

TEST(KeyTable, GivesEveryKeyOneMeaningAndEveryActionAKey) {
  std::set<std::string> strokes, names;
  std::set<KeyAction> actions;
  for (const KeyBinding& binding : KeyTable()) {
    EXPECT_NE(binding.stroke.key != 0, binding.stroke.character != 0) << binding.text;
    EXPECT_TRUE(strokes.insert(StrokeText(binding.stroke)).second) << binding.cap;
    EXPECT_TRUE(actions.insert(binding.action).second) << binding.text;
    EXPECT_TRUE(names.insert(binding.name).second) << binding.name;
    EXPECT_EQ(KeyCapOf(binding.action), binding.cap);
  }
  EXPECT_EQ(actions.size(), static_cast<size_t>(KeyAction::kEscape) + 1);
}

TEST(KeyTable, FindsLettersInEitherCaseAndTellsModifiersApart) {
  ASSERT_NE(FindCharacter('T', false), nullptr);
  EXPECT_EQ(FindCharacter('T', false), FindCharacter('t', false));
  EXPECT_EQ(FindCharacter('~', false), nullptr);
  EXPECT_EQ(FindCharacter('z', false), nullptr);
  ASSERT_NE(FindCharacter('z', true), nullptr);
  EXPECT_EQ(FindCharacter('z', true)->action, KeyAction::kUndo);
  EXPECT_EQ(FindKey(GLFW_KEY_TAB, false, false)->action, KeyAction::kNextControl);
  EXPECT_EQ(FindKey(GLFW_KEY_TAB, false, true)->action, KeyAction::kPreviousControl);
}

TEST(KeysFileText, ReadsBackWhatItPrints) {
  const auto table = ParseKeys(KeysAsText(KeyTable()), "keys");
  ASSERT_TRUE(table) << table.error().message;
  for (size_t i = 0; i < KeyTable().size(); ++i) {
    EXPECT_TRUE(table.value()[i].stroke == KeyTable()[i].stroke) << KeyTable()[i].name;
  }
}

TEST(KeysFileText, BindsOtherKeysAndLeavesTheRest) {
  const auto table = ParseKeys("# mine\npause = F5\n\nundo=ctrl+u  # as in a shell\n", "keys");
  ASSERT_TRUE(table) << table.error().message;
  for (const KeyBinding& binding : table.value()) {
    if (binding.action == KeyAction::kPause) {
      EXPECT_EQ(binding.cap, "F5");
    }
    if (binding.action == KeyAction::kUndo) {
      EXPECT_EQ(binding.cap, "Ctrl+U");
    }
    if (binding.action == KeyAction::kTheme) {
      EXPECT_EQ(binding.cap, "T");
    }
  }
}

TEST(KeysFileText, SaysWhereAndWhatIsWrong) {
  const auto message = [](const std::string& text) {
    const auto table = ParseKeys(text, "/home/a/keys");
    return table ? std::string() : table.error().message;
  };
  EXPECT_NE(message("pause = Space\npase = F5").find("/home/a/keys:2: there is no action \"pase\""), std::string::npos);
  EXPECT_NE(message("pause = Spce").find(":1: \"Spce\" is no key"), std::string::npos);
  EXPECT_NE(message("pause = Meta+P").find("no modifier"), std::string::npos);
  EXPECT_NE(message("pause").find("write it as action = key"), std::string::npos);
  EXPECT_NE(message("pause = T").find("T is bound to pause and to theme"), std::string::npos);
}

TEST(Act, PausesARunThatGoesOnAndResumesOneThatIsPaused) {
  Desk desk;
  desk.snapshot->state = run::RunState::kRunning;
  Act(KeyAction::kPause, desk.context);
  desk.snapshot->state = run::RunState::kPaused;
  Act(KeyAction::kPause, desk.context);
  desk.snapshot->state = run::RunState::kFinished;
  Act(KeyAction::kPause, desk.context);
  ASSERT_EQ(desk.posted.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<run::Pause>(desk.posted[0]));
  EXPECT_TRUE(std::holds_alternative<run::Resume>(desk.posted[1]));
}

TEST(Act, StepsByTheUnitOfTheKey) {
  Desk desk;
  for (KeyAction action : {KeyAction::kEnvironmentStep, KeyAction::kGradientStep, KeyAction::kEpisodeStep}) {
    Act(action, desk.context);
  }
  ASSERT_EQ(desk.posted.size(), 3u);
  EXPECT_EQ(std::get<run::Step>(desk.posted[0]).unit, run::Step::Unit::kEnvironmentStep);
  EXPECT_EQ(std::get<run::Step>(desk.posted[1]).unit, run::Step::Unit::kGradientStep);
  EXPECT_EQ(std::get<run::Step>(desk.posted[2]).unit, run::Step::Unit::kEpisode);
}

TEST(Act, GoesThroughAllSpeedsFromSlowMotionToUncapped) {
  Desk desk;
  std::vector<double> speeds;
  for (int i = 0; i < 9; ++i) {
    Act(KeyAction::kSlower, desk.context);
    speeds.push_back(std::get<run::SetSpeed>(desk.posted.back()).factor);
    EXPECT_EQ(desk.state.scene.speed, speeds.back()) << "before the engine has answered";
  }
  EXPECT_EQ(speeds, (std::vector<double>{10, 4, 2, 1, 0.5, 0.25, 0.1, 0.1, 0.1}));
  Act(KeyAction::kFaster, desk.context);
  EXPECT_EQ(std::get<run::SetSpeed>(desk.posted.back()).factor, 0.25);
  desk.state.scene.speed = 10;
  Act(KeyAction::kFaster, desk.context);
  EXPECT_EQ(std::get<run::SetSpeed>(desk.posted.back()).factor, 0) << "as fast as possible";
}

TEST(Act, SlowsWhatIsShownOfARunThatNobodyActsIn) {
  Desk desk;
  desk.snapshot->state = run::RunState::kFinished;
  desk.state.scene.speed = 1;
  Act(KeyAction::kSlower, desk.context);
  EXPECT_EQ(desk.state.scene.speed, 0.5);
  desk.snapshot->state = run::RunState::kRunning;
  desk.state.window.watching = true;
  Act(KeyAction::kSlower, desk.context);
  EXPECT_EQ(desk.state.scene.speed, 0.25);
  EXPECT_TRUE(desk.posted.empty()) << "there is no engine that could answer";
}

TEST(Act, ZoomsBetweenThreeQuartersAndTwice) {
  Desk desk;
  for (int i = 0; i < 20; ++i) Act(KeyAction::kZoomIn, desk.context);
  EXPECT_FLOAT_EQ(desk.state.view.zoom, 2);
  for (int i = 0; i < 20; ++i) Act(KeyAction::kZoomOut, desk.context);
  EXPECT_FLOAT_EQ(desk.state.view.zoom, 0.75f);
  Act(KeyAction::kZoomReset, desk.context);
  EXPECT_FLOAT_EQ(desk.state.view.zoom, 1);
}

TEST(Act, OpensOneSheetAtATime) {
  Desk desk;
  Act(KeyAction::kKeys, desk.context);
  Act(KeyAction::kRuns, desk.context);
  EXPECT_TRUE(desk.state.sheet.Shows(Sheet::kRuns));
  EXPECT_FALSE(desk.state.sheet.Shows(Sheet::kKeys));
  Act(KeyAction::kRuns, desk.context);
  EXPECT_FALSE(desk.state.sheet.any());
}

TEST(Act, ClosesSheetAndHintBeforeItLetsGoOfThePinnedEpisode) {
  Desk desk;
  desk.state.sheet.hint = true;
  desk.state.sheet.Open(Sheet::kKeys);
  desk.state.selection.episode = 12;
  Act(KeyAction::kEscape, desk.context);
  EXPECT_FALSE(desk.state.sheet.Shows(Sheet::kKeys));
  EXPECT_TRUE(desk.state.sheet.hint);
  Act(KeyAction::kEscape, desk.context);
  EXPECT_FALSE(desk.state.sheet.hint);
  EXPECT_EQ(desk.state.selection.episode, 12);
  Act(KeyAction::kEscape, desk.context);
  EXPECT_FALSE(desk.state.selection.episode.has_value());
}

TEST(Act, EscapeLeavesAnImaginationForWhatTheSceneShowedBefore) {
  Desk desk;
  desk.state.scene.source = SceneSource::kImagined;
  desk.state.scene.source_before = SceneSource::kLive;
  desk.state.selection.episode = 12;
  desk.state.selection.mask = 3;
  Act(KeyAction::kEscape, desk.context);
  EXPECT_EQ(desk.state.scene.source, SceneSource::kLive) << "beside the check of the newest episode";
  EXPECT_FALSE(desk.state.selection.episode || desk.state.selection.mask);
}

TEST(Act, EscapeLeadsFromARunThatIsLookedAtToATrainingWhenNothingElseIsLeft) {
  Desk desk;
  desk.state.window.watching = true;
  desk.state.window.runs = {{RunTab::Kind::kFinished, "runs/c", "c", "", false},
                            {RunTab::Kind::kTrains, "runs/a", "a", "", false},
                            {RunTab::Kind::kFinished, "runs/b", "b", "", true}};
  desk.state.selection.episode = 12;
  Act(KeyAction::kEscape, desk.context);
  EXPECT_TRUE(desk.state.requests.posted().empty());
  Act(KeyAction::kEscape, desk.context);
  const std::vector<WindowRequest> asked = desk.state.requests.Take();
  ASSERT_EQ(asked.size(), 1u);
  ASSERT_TRUE(std::holds_alternative<LookAtRun>(asked.front()));
  EXPECT_EQ(std::get<LookAtRun>(asked.front()).folder, "runs/a");
  desk.state.window.watching = false;
  Act(KeyAction::kEscape, desk.context);
  EXPECT_TRUE(desk.state.requests.posted().empty()) << "there is nothing to go back to";
}

TEST(Act, KeysLeadThroughTheOpenRunsRoundAndRound) {
  Desk desk;
  Act(KeyAction::kNextRun, desk.context);
  EXPECT_TRUE(desk.state.requests.posted().empty()) << "there is only one";
  desk.state.window.runs = {{RunTab::Kind::kTrains, "runs/a", "a", "", true},
                            {RunTab::Kind::kTrains, "runs/b", "b", "", false},
                            {RunTab::Kind::kWatched, "runs/c", "c", "", false}};
  Act(KeyAction::kNextRun, desk.context);
  Act(KeyAction::kPreviousRun, desk.context);
  const std::vector<WindowRequest> asked = desk.state.requests.Take();
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(std::get<LookAtRun>(asked[0]).folder, "runs/b");
  EXPECT_EQ(std::get<LookAtRun>(asked[1]).folder, "runs/c");
}

TEST(Act, ACardIsLargeOnOneKeyAndBackOnTheSameOrOnEscape) {
  Desk desk;
  Act(KeyAction::kCurvesLarge, desk.context);
  EXPECT_EQ(desk.state.view.large, Page::kCurves);
  Act(KeyAction::kCheckLarge, desk.context);
  EXPECT_EQ(desk.state.view.large, Page::kCheck);
  Act(KeyAction::kCheckLarge, desk.context);
  EXPECT_FALSE(desk.state.view.large);
  Act(KeyAction::kSceneLarge, desk.context);
  Act(KeyAction::kEscape, desk.context);
  EXPECT_FALSE(desk.state.view.large);
  desk.state.window.single_pane = true;  // there it is one of the tabs
  Act(KeyAction::kLogLarge, desk.context);
  EXPECT_FALSE(desk.state.view.large);
  EXPECT_EQ(desk.state.view.pages.first, Page::kLog);
  Act(KeyAction::kPresent, desk.context);
  EXPECT_TRUE(desk.state.view.presents);
  Act(KeyAction::kEscape, desk.context);
  EXPECT_FALSE(desk.state.view.presents);
}

}  // namespace
}  // namespace equipoise::ui
