// Undo of what is looked at.
#include "ui/view/view_history.h"

#include <gtest/gtest.h>

namespace equipoise::ui {
namespace {

class ViewHistoryTest : public ::testing::Test {
 protected:
  ViewHistoryTest() { Wait(1); }
  // Frames without a hand on anything.
  void Wait(double seconds) {
    for (double t = 0; t < seconds; t += 0.1) {
      state_.clock.now += 0.1;
      history_.Watch(state_, panes_, false);
    }
  }
  bool Undo() { return history_.Undo(&state_, &panes_); }

  ViewHistory history_;
  UiState state_;
  PaneSizes panes_;
};

TEST_F(ViewHistoryTest, GoesBackStepByStep) {
  EXPECT_FALSE(Undo()) << "nothing was changed";
  state_.view.curves.x = {10, 20, false};
  Wait(1);
  state_.view.curves.x_axis = XAxis::kWallTime;
  Wait(1);
  panes_.left = 300;
  Wait(1);
  EXPECT_TRUE(Undo());
  EXPECT_EQ(panes_.left, 0);
  EXPECT_TRUE(Undo());
  EXPECT_EQ(state_.view.curves.x_axis, XAxis::kEpisode);
  EXPECT_TRUE(Undo());
  EXPECT_TRUE(state_.view.curves.x.fit);
  EXPECT_FALSE(Undo());
}

TEST_F(ViewHistoryTest, TakesADragAsOneStep) {
  for (int i = 0; i < 20; ++i) {
    state_.view.curves.x = {10.0 + i, 20.0 + i, false};
    state_.clock.now += 0.5;
    history_.Watch(state_, panes_, true);
  }
  Wait(1);
  EXPECT_TRUE(Undo());
  EXPECT_TRUE(state_.view.curves.x.fit);
}

TEST_F(ViewHistoryTest, AViewThatFollowsTheDataIsNoChange) {
  for (int i = 0; i < 10; ++i) {
    state_.view.curves.x = {0, 10.0 + i, true};
    Wait(0.5);
  }
  EXPECT_FALSE(Undo());
}

TEST_F(ViewHistoryTest, UndoesAtOnceWhatHasNotSettledYet) {
  state_.selection.episode = 7;
  EXPECT_TRUE(Undo());
  EXPECT_FALSE(state_.selection.episode.has_value());
}

}  // namespace
}  // namespace equipoise::ui
