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

}  // namespace
}  // namespace equipoise::ui
