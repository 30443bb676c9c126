// Charts by a real mouse: the whole run stays in sight, and the axis of x may be a logarithm.
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class ChartsWindowTest : public WindowTest {};

TEST_F(ChartsWindowTest, TheBandAboveTheStripLeadsToAnyPartOfALongRun) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 180; })) << Output();
  Do("key Escape");
  Do("key space");
  WaitUntilPaused();
  WaitForFrames();
  const auto first = [this] {
    Box view;
    return Widget("strip.view", &view) ? view.x : -1000;
  };
  ASSERT_GT(first(), 20) << "all of it is in view";
  Box band;
  ASSERT_TRUE(Widget("strip.band", &band)) << "no overview of the run";
  Move(band.x + 2, band.y + band.h / 2);
  Do("click 1");
  EXPECT_TRUE(WaitFor([&] { return first() <= 0; }, 20)) << "not the beginning, but " << first();
  Move(band.x + band.w - 2, band.y + band.h / 2);
  Do("click 1");
  EXPECT_TRUE(WaitFor([&] { return first() > 20; }, 20)) << "not the end, but " << first();
  EXPECT_TRUE(program_->Running()) << Output();
}

TEST_F(ChartsWindowTest, TheAxisOfXBecomesALogarithmAndAZoomEndsByItsWord) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 30; })) << Output();
  Do("key Escape");
  Do("key space");
  WaitUntilPaused();
  Click("curves.x");
  Click("curves.x.log");
  Do("key Escape");
  WaitForFrames();
  EXPECT_TRUE(WaitFor([this] { return Widget("curves.axis.log", nullptr); })) << "not a logarithm";
  const auto [x, y] = Middle("curves.return");
  Move(x, y);
  Do("click 4 click 4");
  EXPECT_TRUE(WaitFor([this] { return Widget("curves.zoomed", nullptr); })) << "the wheel zooms nothing";
  Click("curves.fit");
  EXPECT_TRUE(program_->Running()) << Output();
}

}  // namespace
}  // namespace equipoise::ui
