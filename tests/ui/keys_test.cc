#include "ui/keys.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/ui/snapshot_builder.h"
#include "ui/key_actions.h"

namespace equipoise::ui {
namespace {

// A context whose commands are kept.
struct Desk {
  std::shared_ptr<run::Snapshot> snapshot = std::make_shared<run::Snapshot>();
  UiState state;
  std::vector<run::Command> posted;
  std::function<void(run::Command)> post = [this](const run::Command& command) { posted.push_back(command); };
  PanelContext context{*snapshot, post, state};
};

TEST(KeyTable, GivesEveryKeyOneMeaningAndEveryActionAKey) {
  std::set<int> keys;
  std::set<unsigned> characters;
  std::set<KeyAction> actions;
  for (const KeyBinding& binding : KeyTable()) {
    EXPECT_NE(binding.key != 0, binding.character != 0) << binding.text;
    if (binding.key != 0) {
      EXPECT_TRUE(keys.insert(binding.key).second) << binding.cap;
    }
    if (binding.character != 0) {
      EXPECT_TRUE(characters.insert(binding.character).second) << binding.cap;
    }
    EXPECT_TRUE(actions.insert(binding.action).second) << binding.text;
    EXPECT_STREQ(KeyCapOf(binding.action), binding.cap);
  }
  EXPECT_EQ(actions.size(), static_cast<size_t>(KeyAction::kEscape) + 1);
}

TEST(KeyTable, FindsLettersInEitherCase) {
  ASSERT_NE(FindCharacter('T'), nullptr);
  EXPECT_EQ(FindCharacter('T'), FindCharacter('t'));
  EXPECT_EQ(FindCharacter('~'), nullptr);
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

TEST(Act, ClosesASheetBeforeItLetsGoOfThePinnedEpisode) {
  Desk desk;
  desk.state.show_keys = true;
  desk.state.selected_episode = 12;
  Act(KeyAction::kEscape, desk.context);
  EXPECT_FALSE(desk.state.show_keys);
  EXPECT_EQ(desk.state.selected_episode, 12);
  Act(KeyAction::kEscape, desk.context);
  EXPECT_FALSE(desk.state.selected_episode.has_value());
}

}  // namespace
}  // namespace equipoise::ui
