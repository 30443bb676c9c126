// Where the masks disagree, by a real mouse: the difference by imagined step and by term, and a mask that is pinned
// while the training goes on.
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class DisagreeWindowTest : public WindowTest {};

TEST_F(DisagreeWindowTest, AMaskIsTakenApartAndFollowedThroughTheTraining) {
  StartProgram(SmallBut({"eps.masks=6", "eps.rollouts=3"}));
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 8; })) << Output();
  Do("key Escape");
  Do("key space");
  WaitUntilPaused();
  Click("check.where");
  ASSERT_TRUE(WaitFor([this] { return Widget("disagree.chart", nullptr); })) << "nothing was taken apart";
  EXPECT_TRUE(WaitFor([this] { return Widget("disagree.rows", nullptr); })) << "no terms";
  const auto [x, y] = Middle("disagree.chart");
  Move(x, y);
  EXPECT_TRUE(WaitFor([this] { return Widget("disagree.read_out", nullptr); })) << "the chart says no numbers";
  EXPECT_FALSE(Widget("disagree.pin", nullptr)) << "no mask is chosen yet";

  Click("mask.first");
  ASSERT_TRUE(WaitFor([this] { return Widget("disagree.pin", nullptr); })) << "the chosen mask cannot be pinned";
  EXPECT_FALSE(Widget("mask.pinned", nullptr));
  Click("disagree.pin");
  ASSERT_TRUE(WaitFor([this] { return Widget("mask.pinned", nullptr); })) << "its value is not drawn";
  Click("disagree.training");
  EXPECT_TRUE(WaitFor([this] { return Widget("disagree.line", nullptr); })) << "its line is not drawn";

  // It stays chosen while newer episodes are shown, and says something of each of them.
  Do("key Escape");
  Box before;
  ASSERT_TRUE(Widget("mask.pinned", &before));
  const long then = Episodes();
  Do("key space");
  ASSERT_TRUE(WaitFor([&] { return Episodes() > then + 20; }));
  Do("key space");
  WaitUntilPaused();
  EXPECT_TRUE(WaitFor([&] {
    Box now;
    return Widget("mask.pinned", &now) && now.x != before.x;
  })) << "the pinned mask says nothing of newer decisions";
  Click("disagree.unpin");
  EXPECT_TRUE(program_->Running()) << Output();
}

}  // namespace
}  // namespace equipoise::ui
