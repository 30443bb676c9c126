// A picture has no person: nothing in it takes part in what the keyboard reaches.
#include "ui/kit/picture.h"

#include <gtest/gtest.h>

#include "tests/ui/headless_imgui.h"
#include "ui/kit/focus.h"

namespace equipoise::ui {
namespace {

TEST(Picture, IsDrawnAsLongAsItsScopeLasts) {
  EXPECT_FALSE(DrawingPicture());
  {
    const PictureDrawing outer;
    {
      const PictureDrawing inner;
      EXPECT_TRUE(DrawingPicture());
    }
    EXPECT_TRUE(DrawingPicture());
  }
  EXPECT_FALSE(DrawingPicture());
}

TEST(Picture, HasNoControlThatTheKeyboardReaches) {
  HeadlessImGui screen;
  ForgetFocus();
  const auto frame = [&](bool picture) {
    const auto draw = [&] {
      const PictureDrawing drawing(picture);
      FocusItem(ImGui::GetID("a"), {10, 10}, {50, 30});
      FocusItem(ImGui::GetID("b"), {10, 40}, {50, 60});
    };
    BeginFocusFrame();
    screen.Frame(draw);
  };
  frame(true);
  frame(true);
  EXPECT_EQ(FocusCount(), 0);
  frame(false);
  frame(false);
  EXPECT_EQ(FocusCount(), 2);
}

}  // namespace
}  // namespace equipoise::ui
