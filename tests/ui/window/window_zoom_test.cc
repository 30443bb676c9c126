// The window at twice its size: nothing is smaller than was asked for, and everything is still reached, by a real mouse
// and by keys alone.
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class ZoomWindowTest : public WindowTest {
 protected:
  void StartAtTwiceTheSize() {
    fs::create_directories(folder_ / "equipoise");
    std::ofstream(folder_ / "equipoise" / "window.ini") << "[Equipoise][Main]\nzoom=2.00\nhint_closed=1\n\n";
    StartProgram(kSmall);
    ASSERT_FALSE(HasFatalFailure());
    ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  }
};

TEST_F(ZoomWindowTest, EveryCardIsReachedByAClickOnItsTab) {
  StartAtTwiceTheSize();
  ASSERT_FALSE(HasFatalFailure());
  Box runs;
  ASSERT_TRUE(Widget("top.runs", &runs));
  EXPECT_EQ(runs.h, 2 * 28) << "as large as was asked for";
  struct Place {
    const char *tab, *shows;
  };
  for (const Place& place : {Place{"tab.Check", "strip.last"},
                             {"tab.Curves", "curves.return"},
                             {"tab.Model", "model.chart"},
                             {"tab.Log", "log.filter"},
                             {"tab.Controls", "run.pause"},
                             {"tab.Experiments", "experiment.freeze"},
                             {"tab.Scene", "transport.scrub"}}) {
    Click(place.tab);
    EXPECT_TRUE(WaitFor([&] { return Widget(place.shows, nullptr); }, 30)) << place.tab;
  }
  Click("tab.Controls");
  Click("run.pause");
  WaitUntilPaused();
  Click("tab.Experiments");
  Click("experiment.freeze");
  ASSERT_TRUE(X("key space"));
  EXPECT_TRUE(WaitFor([this] { return Events().find("model.steps") != std::string::npos; })) << Events();
}

TEST_F(ZoomWindowTest, SoItIsByKeysAlone) {
  StartAtTwiceTheSize();
  ASSERT_FALSE(HasFatalFailure());
  // Four buttons of the top bar, then the tabs, of which the last are the experiments.
  ASSERT_TRUE(X("key --delay 150 Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Return"));
  ASSERT_TRUE(WaitFor([this] { return Widget("experiment.freeze", nullptr); }, 30));
  EXPECT_FALSE(Widget("run.pause", nullptr));
  ASSERT_TRUE(X("key --delay 150 shift+Tab Return"));
  EXPECT_TRUE(WaitFor([this] { return Widget("run.pause", nullptr); }, 30));
}

}  // namespace
}  // namespace equipoise::ui
