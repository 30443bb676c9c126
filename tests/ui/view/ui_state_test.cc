// The parts of what a window keeps between frames that have rules of their own.
#include "ui/view/ui_state.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace equipoise::ui {
namespace {

struct Lines {
  std::vector<std::string> all;
};
struct Typed {
  std::string text = "10";
};

TEST(PanelMemory, KeepsOneValueOfEachTypeUntilAnotherRunIsLookedAt) {
  PanelMemory memory;
  EXPECT_EQ(memory.OfWindow<Typed>().text, "10") << "made as its type says";
  memory.OfWindow<Typed>().text = "12";
  memory.OfRun<Typed>().text = "13";
  memory.OfRun<Lines>().all = {"episode 1"};
  EXPECT_EQ(memory.OfRun<Lines>().all.size(), 1u);
  PanelMemory::Values kept = memory.TakeRun();
  EXPECT_TRUE(memory.OfRun<Lines>().all.empty());
  EXPECT_EQ(memory.OfRun<Typed>().text, "10");
  EXPECT_EQ(memory.OfWindow<Typed>().text, "12") << "what was typed outlives the run";
  memory.GiveRun(std::move(kept));
  EXPECT_EQ(memory.OfRun<Lines>().all.size(), 1u) << "a tab is found again as it was left";
}

TEST(PanelMemory, TwoWindowsShareNothing) {
  UiState one, other;
  one.memory.OfWindow<Typed>().text = "12";
  EXPECT_EQ(other.memory.OfWindow<Typed>().text, "10");
}

TEST(OpenSheet, IsOneAtATime) {
  OpenSheet sheet;
  EXPECT_FALSE(sheet.any());
  sheet.Open(Sheet::kRuns);
  sheet.Toggle(Sheet::kKeys);
  EXPECT_TRUE(sheet.Shows(Sheet::kKeys));
  EXPECT_FALSE(sheet.Shows(Sheet::kRuns));
  sheet.Toggle(Sheet::kKeys);
  EXPECT_FALSE(sheet.any());
}

TEST(OpenSheet, AsksToCloseOneRunAndForgetsItWhenClosed) {
  OpenSheet sheet;
  sheet.Open(Sheet::kRuns);
  sheet.AskToClose("runs/b");
  EXPECT_EQ(sheet.closes(), "runs/b");
  EXPECT_FALSE(sheet.Shows(Sheet::kRuns));
  sheet.Open(Sheet::kKeys);
  EXPECT_EQ(sheet.closes(), "") << "another sheet is no answer";
}

TEST(WindowRequests, AreTakenOnceInTheirOrder) {
  WindowRequests requests;
  requests.Post(TakeEvidence{});
  requests.Post(UndoView{});
  const std::vector<WindowRequest> taken = requests.Take();
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<TakeEvidence>(taken[0]));
  EXPECT_TRUE(std::holds_alternative<UndoView>(taken[1]));
  EXPECT_TRUE(requests.Take().empty());
}

TEST(FrameClock, WakesForWhateverComesFirst) {
  FrameClock clock;
  clock.WakeIn(2);
  clock.WakeIn(0.5);
  clock.WakeIn(1);
  EXPECT_EQ(clock.next_frame_in, 0.5);
}

TEST(Selection, AClickOnWhatIsChosenLetsItGo) {
  Selection selection;
  selection.Toggle(12);
  EXPECT_EQ(selection.episode, 12);
  selection.Toggle(13);
  EXPECT_EQ(selection.episode, 13);
  selection.Toggle(13);
  EXPECT_FALSE(selection.episode);
}

}  // namespace
}  // namespace equipoise::ui
