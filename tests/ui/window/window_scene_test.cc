// The scene by a real mouse: imagination, a decision made again, a push, and picking.
#include "tests/paths.h"
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

// Whoever cannot wait for an effect waits for a frame: two things that fall into one frame may cover each other.
class SceneWindowTest : public WindowTest {
 protected:
  void ClickAndWait(const std::string& name) {
    Click(name);
    WaitForFrames();
  }
};

TEST_F(SceneWindowTest, AClickOnADotShowsItsImaginationAndShiftComparesASecondOne) {
  StartProgram(SmallBut({"run.episodes=4", "eps.masks=4"}));
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() == 6; })) << Output();
  ASSERT_TRUE(WaitFor([this] { return Shows(run::RunState::kFinished); }));  // the last decision's dots are drawn
  Click("mask.first");
  ASSERT_TRUE(WaitFor([this] { return Widget("imagined.a", nullptr); })) << "no imagination was shown";
  EXPECT_FALSE(Widget("imagined.b", nullptr));
  ASSERT_TRUE(X("keydown shift"));
  Click("mask.last");
  WaitForFrames();
  ASSERT_TRUE(X("keyup shift"));
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
  Click("experiments.why");
  ASSERT_TRUE(WaitFor([this] { return Widget("edit", nullptr); })) << "the field did not open";
  ASSERT_TRUE(X("type 'will it fall'"));
  Do("key Return");
  for (int i = 0; i < 20 && Events().find("\"push\"") == std::string::npos; ++i) {
    const auto [x, y] = Middle("scene.body");
    Do("mousemove " + std::to_string(x) + " " + std::to_string(y) + " keydown ctrl");
    for (const char* step : {"mousedown 1", "mousemove_relative 40 0", "mousemove_relative 40 0", "mouseup 1"})
      Do(step);
    Do("keyup ctrl");
    WaitFor([this] { return Events().find("\"push\"") != std::string::npos; }, 1);
  }
  EXPECT_NE(Events().find("You pushed the cart"), std::string::npos) << Events();
  EXPECT_NE(Events().find("will it fall"), std::string::npos) << Events();
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
    Move(5, 5);
    Do("keydown ctrl");
    Do("mousemove " + std::to_string(x) + " " + std::to_string(y) + " mousedown 1");
    Do("mouseup 1");
    Do("keyup ctrl");
  }
  EXPECT_TRUE(Widget("scene.picked.cart", nullptr)) << "the body was never met";
  EXPECT_EQ(Events().find("pushed"), std::string::npos) << Events();
  EXPECT_EQ(ReadText(run_ / "run.json").find("\"steered\":true"), std::string::npos);
}

TEST_F(SceneWindowTest, ADoubleClickNamesTheBodyUnderTheMouse) {
  StartProgram({"--config", tests::SourceFolder() + "/configs/quickstart.toml", "--paused"});
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Widget("scene.body", nullptr); })) << Output();
  // Both clicks in one frame would be one click, and too many frames between them two.
  for (int i = 0; i < 10 && !Widget("scene.picked.cart", nullptr); ++i) {
    const auto [x, y] = Middle("scene.body");
    Move(x, y);
    const int before = Said("frame");
    ASSERT_TRUE(X("click 1"));
    ASSERT_TRUE(WaitFor([&] { return Said("frame") > before + i % 2; }));
    ASSERT_TRUE(X("click 1"));
    WaitFor([this] { return Widget("scene.picked.cart", nullptr); }, 3);
  }
  EXPECT_TRUE(Widget("scene.picked.cart", nullptr)) << "the cart under the mouse was not picked";
  EXPECT_FALSE(Widget("scene.picked.world", nullptr));
}

// The gestures of MuJoCo's own viewer, whose hands know them.
TEST_F(SceneWindowTest, CtrlAndARightDragPullBesideTheBodyTooAndSayWithHowManyNewtons) {
  StartProgram(SmallBut({"env.horizon=3000"}));
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 2; })) << Output();
  ClickAndWait("run.speed.1");
  ClickAndWait("scene.source.1");
  Box picture;
  ASSERT_TRUE(Widget("scene.picture", &picture));
  const auto pull = [&](int x, int y) {
    Do("mousemove " + std::to_string(x) + " " + std::to_string(y) + " keydown ctrl");
    for (const char* step : {"mousedown 3", "mousemove_relative 40 0", "mousemove_relative 40 0", "mouseup 3"})
      Do(step);
    Do("keyup ctrl");
  };
  const auto pushes = [this] {
    int count = 0;
    const std::string events = Events();
    for (size_t at = events.find("You pushed the cart"); at != std::string::npos;
         at = events.find("You pushed the cart", at + 1))
      ++count;
    return count;
  };
  for (int i = 0; i < 20 && pushes() == 0; ++i) {
    const auto [x, y] = Middle("scene.body");
    pull(x, y);
    WaitFor([&] { return pushes() > 0; }, 1);
  }
  ASSERT_GT(pushes(), 0) << Events();
  EXPECT_TRUE(Widget("scene.newton", nullptr)) << "with how many newtons?";
  const int before = pushes();
  for (int i = 0; i < 20 && pushes() == before; ++i) {
    pull(picture.x + 60, picture.y + 60);  // where no body is
    WaitFor([&] { return pushes() > before; }, 1);
  }
  EXPECT_GT(pushes(), before) << "a drag beside the body let it go";
}

TEST_F(SceneWindowTest, ARightDoubleClickCentresAndTheCameraKeySaysWhichCamera) {
  StartProgram({"--config", tests::SourceFolder() + "/configs/quickstart.toml", "--paused"});
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Widget("scene.body", nullptr); })) << Output();
  Do("key Escape");
  Do("key k");
  EXPECT_TRUE(WaitFor([this] { return ReadText(folder_ / "trace").find("scene.camera.") != std::string::npos; }, 20));
  for (int i = 0; i < 10 && !Widget("scene.centred", nullptr); ++i) {
    const auto [x, y] = Middle("scene.body");
    Move(x, y);
    const int before = Said("frame");
    ASSERT_TRUE(X("click 3"));
    ASSERT_TRUE(WaitFor([&] { return Said("frame") > before + i % 2; }));
    ASSERT_TRUE(X("click 3"));
    WaitFor([this] { return Widget("scene.centred", nullptr); }, 3);
  }
  EXPECT_TRUE(Widget("scene.centred", nullptr)) << "the view was not turned to it";
  EXPECT_EQ(Events().find("intervention"), std::string::npos);
}

}  // namespace
}  // namespace equipoise::ui
