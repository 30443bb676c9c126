// The scene by a real mouse: imagination, a decision made again, a push, and picking.
#include "tests/paths.h"
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

// A click is seen by the next frame only, at the place where the mouse is by then. Whoever cannot wait for an effect
// waits for a frame, which on a busy machine without a graphics card takes most of a second.
class SceneWindowTest : public WindowTest {
 protected:
  void ClickAndWait(const std::string& name) {
    Click(name);
    ASSERT_TRUE(X("sleep 1.5"));
  }
};

TEST_F(SceneWindowTest, AClickOnADotShowsItsImaginationAndShiftComparesASecondOne) {
  StartProgram(SmallBut({"run.episodes=4", "eps.masks=4"}));
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() == 6; })) << Output();
  ASSERT_TRUE(X("sleep 2"));  // until the last decision's dots are drawn
  Click("mask.first");
  ASSERT_TRUE(WaitFor([this] { return Widget("imagined.a", nullptr); })) << "no imagination was shown";
  EXPECT_FALSE(Widget("imagined.b", nullptr));
  ASSERT_TRUE(X("keydown shift"));
  Click("mask.last");
  ASSERT_TRUE(X("sleep 2 keyup shift"));  // a busy machine draws a frame a second
  EXPECT_TRUE(WaitFor([this] { return Widget("imagined.b", nullptr); })) << "the second belief was not shown";
  ClickAndWait("imagined.actions.1");
  ClickAndWait("imagined.forward");
  ClickAndWait("imagined.scrub");
  EXPECT_TRUE(program_->Running()) << Output();

  // The decision that the dots belong to is made again.
  Click("check.reevaluate");
  EXPECT_TRUE(WaitFor([this] { return Widget("check.same", nullptr); })) << "not the same numbers";
  EXPECT_FALSE(Widget("check.differs", nullptr));
}

TEST_F(SceneWindowTest, CtrlAndADragPushTheRobotAndThePushIsOnRecord) {
  StartProgram(SmallBut({"env.horizon=3000"}));
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 2; })) << Output();
  EXPECT_EQ(Events().find("\"push\""), std::string::npos);
  ClickAndWait("run.speed.1");     // real time: 30 s for an episode, between which the learners need a moment
  ClickAndWait("scene.source.1");  // live
  for (int i = 0; i < 20 && Events().find("\"push\"") == std::string::npos; ++i) {
    const auto [x, y] = Middle("scene.body");
    ASSERT_TRUE(X("mousemove " + std::to_string(x) + " " + std::to_string(y) +
                  " sleep 0.2 keydown ctrl sleep 0.3 mousedown 1 sleep 0.4 mousemove_relative 40 0 sleep 0.4 "
                  "mousemove_relative 40 0 sleep 0.6 mouseup 1 sleep 0.4 keyup ctrl sleep 1"));
  }
  EXPECT_NE(Events().find("You pushed the cart"), std::string::npos) << Events();
}

TEST_F(SceneWindowTest, ACtrlClickFromAfarIsNoPush) {
  std::vector<std::string> slow = kSmall;
  std::replace(slow.begin(), slow.end(), std::string("env.horizon=20"), std::string("env.horizon=3000"));
  StartProgram(slow);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 2; })) << Output();
  ClickAndWait("run.speed.1");
  ClickAndWait("scene.source.1");
  for (int i = 0; i < 6; ++i) {
    const auto [x, y] = Middle("scene.body");
    // From a corner to the body and down, all of it between two frames.
    ASSERT_TRUE(X("mousemove 5 5 sleep 0.6 keydown ctrl sleep 0.3 mousemove " + std::to_string(x) + " " +
                  std::to_string(y) + " mousedown 1 sleep 0.8 mouseup 1 keyup ctrl sleep 0.4"));
  }
  EXPECT_TRUE(Widget("scene.picked.cart", nullptr)) << "the body was never met";
  EXPECT_EQ(Events().find("pushed"), std::string::npos) << Events();
  EXPECT_EQ(ReadText(run_ / "run.json").find("\"steered\":true"), std::string::npos);
}

TEST_F(SceneWindowTest, ADoubleClickNamesTheBodyUnderTheMouse) {
  StartProgram({"--config", tests::SourceFolder() + "/configs/quickstart.toml", "--paused"});
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Widget("scene.body", nullptr); })) << Output();
  const auto double_click = [this](int x, int y, int delay) {
    ASSERT_TRUE(X("mousemove " + std::to_string(x) + " " + std::to_string(y) + " sleep 1 click --repeat 2 --delay " +
                  std::to_string(delay) + " 1"));
  };
  // A slow machine may see both clicks in one frame, which is one click.
  for (int i = 0; i < 10 && !Widget("scene.picked.cart", nullptr); ++i) {
    const auto [x, y] = Middle("scene.body");
    double_click(x, y, 120 + 90 * (i % 5));
    WaitFor([this] { return Widget("scene.picked.cart", nullptr); }, 3);
  }
  EXPECT_TRUE(Widget("scene.picked.cart", nullptr)) << "the cart under the mouse was not picked";
  EXPECT_FALSE(Widget("scene.picked.world", nullptr));
}

}  // namespace
}  // namespace equipoise::ui
