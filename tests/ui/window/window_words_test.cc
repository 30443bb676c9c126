// The window in words, by a real mouse: what a setting is called, and where a tooltip stands.
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class WordsWindowTest : public WindowTest {
 protected:
  bool Said(const std::string& words) const {
    std::string joined = "says:" + words;
    std::replace(joined.begin(), joined.end(), ' ', '_');
    return ReadText(folder_ / "trace").find(joined) != std::string::npos;
  }
};

TEST_F(WordsWindowTest, ASettingIsCalledByItsWordsAndTooltipsKeepOffWhatTheySpeakOf) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  Do("key Escape");  // the hint of the first start
  Click("setting.eps.rollouts");
  WaitForFrames();
  Do("type --delay 100 3");
  Do("key Return");
  ASSERT_TRUE(WaitFor([this] { return Events().find("You set eps.rollouts from 2 to 3") != std::string::npos; }))
      << Events();
  Do("key space");
  WaitUntilPaused();
  Click("log.filter");
  Click("log.filters.2");  // by hand
  WaitForFrames();
  const auto [x, y] = Middle("log.line.0");
  Move(x, y);
  EXPECT_TRUE(WaitFor([this] { return Said("You set the rollouts of the check from 2 to 3"); }, 20));
  Box tooltip, line;
  ASSERT_TRUE(Widget("tooltip", &tooltip));
  ASSERT_TRUE(Widget("log.line.0", &line));
  EXPECT_TRUE(tooltip.y >= line.y + line.h || tooltip.y + tooltip.h <= line.y) << "it lies on the line";

  const auto [bx, by] = Middle("run.step_gradient");
  Move(bx, by);
  EXPECT_TRUE(WaitFor([this] { return Said("Goes on for one of these, then pauses"); }, 20));
  ASSERT_TRUE(Widget("tooltip", &tooltip));
  ASSERT_TRUE(Widget("run.step_gradient", &line));
  EXPECT_TRUE(tooltip.y >= line.y + line.h || tooltip.y + tooltip.h <= line.y) << "it lies on the button";
}

}  // namespace
}  // namespace equipoise::ui
