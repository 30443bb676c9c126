// Controls that are typed into, on slow frames.
#include "ui/kit/widgets.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tests/ui/headless_imgui.h"
#include "ui/kit/focus.h"

namespace equipoise::ui {
namespace {

class ValueFieldTest : public ::testing::Test {
 protected:
  void Frame(const std::string& keys = "") {
    for (const char key : keys) ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(key));
    imgui_.Frame(draw_);
  }
  void Open() {
    imgui_.Click({40, 20}, draw_);
    ASSERT_TRUE(FieldIsOpen());
  }
  void ClickElsewhere() {
    imgui_.Click({400, 400}, draw_);
    Frame();
  }
  HeadlessImGui imgui_;
  std::optional<std::string> typed_;
  const std::function<void()> draw_ = [this] {
    BeginFocusFrame();
    if (const auto typed = ValueField("field", {10, 10}, {80, 24}, "90")) typed_ = typed;
  };
};

TEST_F(ValueFieldTest, TakesWhatIsTypedBeforeItHasTheKeyboard) {
  for (const int early : {1, 2, 3}) {  // frames before the first key
    typed_.reset();
    Open();
    for (int i = 1; i < early; ++i) Frame();
    Frame("7");
    Frame("0");
    for (int i = 0; i < 4; ++i) Frame();
    ClickElsewhere();
    ASSERT_TRUE(typed_.has_value()) << early;
    EXPECT_EQ(*typed_, "70") << early;
  }
}

TEST_F(ValueFieldTest, ChangesNothingWhenNothingWasTyped) {
  Open();
  for (int i = 0; i < 4; ++i) Frame();
  ClickElsewhere();
  EXPECT_FALSE(typed_.has_value());
  EXPECT_FALSE(FieldIsOpen());
}

TEST(Format, WritesExponentsAndSignsAsAxesDo) {
  const std::string minus = "\xe2\x88\x92";
  EXPECT_EQ(Format("%.4g", 1e-5), "1e" + minus + "5");
  EXPECT_EQ(Format("%.4g", -2.5e-12), minus + "2.5e" + minus + "12");
  EXPECT_EQ(Format("%.4g", 3e20), "3e20");
  EXPECT_EQ(Format("%s", "cut-1 of run-05, the-05"), "cut-1 of run-05, the-05");
}

TEST(Tooltip, IsOneAndKeepsOffWhatItSpeaksOf) {
  HeadlessImGui imgui;
  imgui.mouse = {40, 20};
  const ImVec2 a{10, 10}, b{90, 34};
  for (int i = 0; i < 3; ++i) {
    imgui.Frame([&] {
      Tooltip("one");
      Tooltip("what is said", a, b);
      ShowTooltip();
    });
  }
  const ImGuiWindow* shown = nullptr;
  for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows)
    if ((window->Flags & ImGuiWindowFlags_Tooltip) != 0 && window->Active) {
      EXPECT_EQ(shown, nullptr) << "two at once";
      shown = window;
    }
  ASSERT_NE(shown, nullptr);
  EXPECT_GE(shown->Pos.y, b.y);
}

}  // namespace
}  // namespace equipoise::ui
