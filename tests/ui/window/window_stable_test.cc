// Nothing moves away under the mouse: changes wait, take effect and can be taken back while every control keeps its
// place.
#include <map>

#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class StableWindowTest : public WindowTest {
 protected:
  // Where the named widgets stand; what was never drawn is left out.
  std::map<std::string, std::vector<int>> Places(const std::vector<std::string>& names) const {
    std::map<std::string, std::vector<int>> places;
    for (const std::string& name : names) {
      Box box;
      if (Widget(name, &box)) places[name] = {box.x, box.y, box.w, box.h};
    }
    return places;
  }
};

TEST_F(StableWindowTest, AChangeMovesNoControl) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  Do("key Escape");
  Do("key space");
  WaitUntilPaused();
  const std::vector<std::string> names = {"setting.eps.masks",   "setting.eps.rollouts",   "setting.model.eta",
                                          "setting.model.steps", "setting.model.dropout",  "scene.picture",
                                          "curves.return",       "experiment.distractors", "settings.all"};
  const auto before = Places(names);
  ASSERT_GE(before.size(), 7u);
  Click("setting.eps.rollouts");
  WaitForFrames();
  Do("type --delay 100 3");
  Do("key Return");
  ASSERT_TRUE(WaitFor([this] { return Widget("cancel.eps.rollouts", nullptr); })) << "nothing can be taken back";
  WaitForFrames();
  EXPECT_EQ(Places(names), before) << "a change that waits moved something";
  Click("experiment.distractors");
  for (int i = 0; i < 30 && Events().find("You injected") == std::string::npos; ++i) {
    Do("key slash");
    WaitFor([this] { return Events().find("You injected") != std::string::npos; }, 2);
  }
  ASSERT_NE(Events().find("You injected"), std::string::npos) << Events();
  WaitUntilPaused();
  WaitForFrames();
  EXPECT_EQ(Places(names), before) << "the first change moved something";
  EXPECT_TRUE(Widget("experiment.distractors.back", nullptr)) << "no way back";
}

TEST_F(StableWindowTest, TheHintOfAFirstStartCoversNoControl) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  Box hint;
  ASSERT_TRUE(WaitFor([&] { return Widget("hint", &hint); }));
  for (const char* name : {"transport.play", "transport.scrub", "run.pause", "experiment.distractors"}) {
    Box box;
    ASSERT_TRUE(WaitFor([&] { return Widget(name, &box); })) << name;
    const bool apart =
        box.y >= hint.y + hint.h || box.y + box.h <= hint.y || box.x >= hint.x + hint.w || box.x + box.w <= hint.x;
    EXPECT_TRUE(apart) << name << " is covered";
  }
}

}  // namespace
}  // namespace equipoise::ui
