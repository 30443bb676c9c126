// The right button: what can be done with whatever it was pressed on.
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class MenuWindowTest : public WindowTest {
 protected:
  void RightClick(const std::string& name) {
    const auto [x, y] = Middle(name);
    Move(x, y);
    ASSERT_TRUE(X("click 3"));
  }
  // The menu closes by itself when something else is pressed; its lines are counted from 0.
  void Choose(int line) { Click("##context." + std::to_string(line)); }
};

TEST_F(MenuWindowTest, LeadsFromAnEpisodeToItsDecisionToAForkAndToAFile) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 6; })) << Output();
  ASSERT_TRUE(X("key Escape key space"));  // the hint of the first start
  WaitUntilPaused();
  RightClick("strip.last");
  Choose(1);  // below the copy: to the episode
  ASSERT_TRUE(WaitFor([this] { return Widget("check.fork", nullptr); })) << "the episode is not shown";
  RightClick("strip.last");
  Choose(2);  // below copy and fork: the card as a picture
  EXPECT_TRUE(WaitFor([this] { return Exported("check"); })) << Output();
  RightClick("strip.last");
  Choose(1);
  EXPECT_TRUE(WaitFor([this] { return Widget("fork.start", nullptr); })) << "there is no way to a fork";
  EXPECT_TRUE(program_->Running()) << Output();
}

TEST_F(MenuWindowTest, ARightDragIsStillTheCamerasAndOpensNothing) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  ASSERT_TRUE(X("key Escape"));
  const auto [x, y] = Middle("scene.picture");
  Move(x, y);
  Do("mousedown 3");
  Move(x + 60, y + 20);
  Do("mouseup 3");
  EXPECT_FALSE(WaitFor([this] { return Widget("##context.0", nullptr); }, 3));
  RightClick("scene.picture");
  EXPECT_TRUE(WaitFor([this] { return Widget("##context.0", nullptr); })) << "a click does, after a moment";
}

}  // namespace
}  // namespace equipoise::ui
