// Controls by keyboard: the order of Tab, Enter, sheets before all else.
#include "ui/kit/focus.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/ui/headless_imgui.h"
#include "ui/kit/widgets.h"

namespace equipoise::ui {
namespace {

class FocusTest : public ::testing::Test {
 protected:
  // A frame with three buttons, and with a sheet of two above them when `sheet_`.
  void Frame() {
    imgui_.Frame([this] {
      BeginFocusFrame();
      if (wanted_ != nullptr) wanted_();
      wanted_ = nullptr;
      for (const char* id : {"a", "b", "c"}) Press(id, {10, 10}, id != std::string("b") || b_enabled_);
      if (!sheet_) return;
      PushFocusScope();
      for (const char* id : {"s1", "s2"}) Press(id, {10, 60}, true);
      PopFocusScope();
    });
  }
  void Press(const char* id, ImVec2 at, bool enabled) {
    ButtonStyle style;
    style.enabled = enabled;
    if (Button(id, at, {60, 20}, id, style)) pressed_.push_back(id);
  }
  void Do(void (*what)()) {
    wanted_ = what;
    Frame();
    Frame();
  }
  static void Tab() { MoveFocus(1); }
  static void Back() { MoveFocus(-1); }
  static void Enter() { PressFocused(); }

  HeadlessImGui imgui_;
  void (*wanted_)() = nullptr;
  bool sheet_ = false, b_enabled_ = true;
  std::vector<std::string> pressed_;
};

TEST_F(FocusTest, TabGoesRoundAndEnterPresses) {
  Frame();
  Do(ForgetFocus);
  for (int i = 0; i < 4; ++i) {
    Do(Tab);
    Do(Enter);
  }
  EXPECT_EQ(pressed_.size(), 4u);
  EXPECT_EQ(pressed_[0], pressed_[3]) << "once round";
  Do(Back);
  Do(Enter);
  EXPECT_EQ(pressed_.back(), pressed_[2]);
}

TEST_F(FocusTest, WithoutAMarkEnterPressesNothing) {
  Frame();
  Do(ForgetFocus);
  Do(Enter);
  EXPECT_TRUE(pressed_.empty());
}

TEST_F(FocusTest, PassesOverWhatIsNotEnabled) {
  b_enabled_ = false;
  Frame();
  Do(ForgetFocus);
  for (int i = 0; i < 3; ++i) {
    Do(Tab);
    Do(Enter);
  }
  for (const std::string& id : pressed_) EXPECT_NE(id, "b");
  EXPECT_EQ(pressed_.size(), 3u);
}

TEST_F(FocusTest, StaysInsideAnOpenSheet) {
  sheet_ = true;
  Frame();
  Do(ForgetFocus);
  for (int i = 0; i < 4; ++i) {
    Do(Tab);
    Do(Enter);
  }
  ASSERT_EQ(pressed_.size(), 4u);
  for (const std::string& id : pressed_) EXPECT_EQ(id[0], 's');
}

TEST_F(FocusTest, ASheetThatOpensAgainBeginsAnew) {
  Frame();
  Do(ForgetFocus);
  sheet_ = true;
  Frame();
  Do(Back);
  Do(Enter);
  sheet_ = false;
  Frame();
  Do(Tab);
  sheet_ = true;
  Frame();
  Do(Back);
  Do(Enter);
  ASSERT_EQ(pressed_.size(), 2u);
  EXPECT_EQ(pressed_[0][0], 's');
  EXPECT_EQ(pressed_[1], pressed_[0]) << "its last control, wherever the mark was when it was closed";
}

}  // namespace
}  // namespace equipoise::ui
