#include "ui/figure/axis.h"

#include "ui/figure/ticks.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace equipoise::ui {
namespace {

Axis Linear() { return {-10, 30, 100, 500, AxisScale::kLinear, 0}; }
Axis LogWithStrip() { return {0.01, 100, 400, 0, AxisScale::kLog, 40}; }  // points up

TEST(Axis, MapsEndsAndMiddle) {
  const Axis axis = Linear();
  EXPECT_FLOAT_EQ(axis.ToPixel(-10), 100);
  EXPECT_FLOAT_EQ(axis.ToPixel(30), 500);
  EXPECT_FLOAT_EQ(axis.ToPixel(0), 200);
  EXPECT_DOUBLE_EQ(axis.FromPixel(200), 0);
}

TEST(Axis, IsLogarithmicAboveItsStrip) {
  const Axis axis = LogWithStrip();
  EXPECT_FLOAT_EQ(axis.ToPixel(0.01), 360);
  EXPECT_FLOAT_EQ(axis.ToPixel(100), 0);
  EXPECT_FLOAT_EQ(axis.ToPixel(1), 180);
  EXPECT_NEAR(axis.FromPixel(180), 1, 1e-9);
}

TEST(Axis, KeepsValuesWithoutALogarithmVisibleInTheStrip) {
  const Axis axis = LogWithStrip();
  for (double v : {0.0, -1.0, -1e9}) {
    EXPECT_TRUE(axis.InStrip(v));
    EXPECT_GT(axis.ToPixel(v), 360);
    EXPECT_LT(axis.ToPixel(v), 400);
  }
  EXPECT_FALSE(axis.InStrip(1e-9));
  EXPECT_EQ(axis.FromPixel(390), 0);
  EXPECT_FALSE(Linear().InStrip(-5));
}

TEST(Axis, HoldsFarValuesWithinTheReachOfAFloat) {
  const Axis axis = Linear();
  EXPECT_LT(axis.ToPixel(1e300), 2e6f);
  EXPECT_GT(axis.ToPixel(-1e300), -2e6f);
}

TEST(AxisView, KeepsTheValueUnderTheCursorWhileZooming) {
  for (const Axis& axis : {Linear(), LogWithStrip()}) {
    AxisView view{axis.lo, axis.hi, true};
    const float cursor = 0.3f * axis.from + 0.7f * axis.to;
    const double value = axis.FromPixel(cursor);
    ZoomAt(&view, axis, cursor, 0.5);
    Axis after = axis;
    after.lo = view.lo;
    after.hi = view.hi;
    EXPECT_NEAR(after.ToPixel(value), cursor, 0.01);
    EXPECT_GT(view.lo, axis.lo);
    EXPECT_LT(view.hi, axis.hi);
    EXPECT_FALSE(view.fit);
  }
}

TEST(AxisView, NeverZoomsBeyondWhatADoubleResolves) {
  Axis axis{1, 2, 0, 100, AxisScale::kLinear, 0};
  AxisView view{1, 2, true};
  for (int i = 0; i < 2000; ++i) {
    ZoomAt(&view, axis, 33, 0.5);
    axis.lo = view.lo;
    axis.hi = view.hi;
  }
  EXPECT_LT(view.lo, view.hi);
  for (int i = 0; i < 5000; ++i) {
    ZoomAt(&view, axis, 33, 2);
    axis.lo = view.lo;
    axis.hi = view.hi;
  }
  EXPECT_TRUE(std::isfinite(view.hi - view.lo));
}

TEST(AxisView, PansWithTheMouse) {
  const Axis axis = Linear();  // a pixel is a tenth
  AxisView view{axis.lo, axis.hi, true};
  Pan(&view, axis, 50);
  EXPECT_NEAR(view.lo, -15, 1e-9);
  EXPECT_NEAR(view.hi, 25, 1e-9);
  EXPECT_FALSE(view.fit);
}

TEST(AxisView, ZoomsToABoxDrawnInEitherDirectionAndIgnoresASlip) {
  const Axis axis = Linear();
  AxisView view{axis.lo, axis.hi, true};
  EXPECT_FALSE(ZoomTo(&view, axis, 300, 303, 6));
  EXPECT_TRUE(view.fit);
  EXPECT_TRUE(ZoomTo(&view, axis, 400, 200, 6));
  EXPECT_NEAR(view.lo, 0, 1e-9);
  EXPECT_NEAR(view.hi, 20, 1e-9);
}

TEST(RangeOf, IgnoresWhatIsNotFinite) {
  RangeOf range;
  range.Add({2, NAN, 6, std::numeric_limits<double>::infinity()});
  const AxisView view = range.View(0);
  EXPECT_DOUBLE_EQ(view.lo, 2);
  EXPECT_DOUBLE_EQ(view.hi, 6);
}

TEST(RangeOf, GivesASinglePointAndNothingARangeAsWell) {
  RangeOf one;
  one.Add(388);
  EXPECT_LT(one.View(0.05).lo, 388);
  EXPECT_GT(one.View(0.05).hi, 388);
  RangeOf none;
  EXPECT_TRUE(none.empty());
  EXPECT_LT(none.View(0.05).lo, none.View(0.05).hi);
  EXPECT_LT(none.View(0.05, AxisScale::kLog).lo, none.View(0.05, AxisScale::kLog).hi);
}

TEST(RangeOf, TakesOnlyPositiveValuesForALogarithmAndRemembersTheOthers) {
  RangeOf range;
  range.Add({-5, 0, 0.1, 10});
  EXPECT_TRUE(range.has_nonpositive());
  const AxisView view = range.View(0, AxisScale::kLog);
  EXPECT_NEAR(view.lo, 0.1, 1e-12);
  EXPECT_NEAR(view.hi, 10, 1e-9);
}

TEST(Axis, ASymmetricOneHoldsBothSignsAndZeroWithoutAStrip) {
  Axis axis;
  axis.scale = AxisScale::kSymmetric;
  axis.linear = 0.1;
  axis.lo = -1000;
  axis.hi = 1000;
  axis.from = 200;
  axis.to = 0;
  EXPECT_NEAR(axis.ToPixel(0), 100, 1e-3);
  EXPECT_NEAR(axis.ToPixel(1000), 0, 1e-3);
  EXPECT_NEAR(axis.ToPixel(-10) - 100, 100 - axis.ToPixel(10), 1e-3) << "the same on either side";
  // A factor of ten is the same step everywhere far from zero.
  EXPECT_NEAR(axis.ToPixel(10) - axis.ToPixel(100), axis.ToPixel(100) - axis.ToPixel(1000), 0.6);
  for (const double value : {-900.0, -3.0, 0.0, 0.04, 500.0})
    EXPECT_NEAR(axis.FromPixel(axis.ToPixel(value)), value, 1e-3 * std::fabs(value) + 1e-4) << value;
  EXPECT_EQ(TicksOf(axis, 9), (std::vector<double>{-1000, -100, -10, -1, 0, 1, 10, 100, 1000}));
  RangeOf range;
  range.Add({-5, 20});
  const AxisView view = range.View(0.05, AxisScale::kSymmetric, 0.1);
  EXPECT_LT(view.lo, -5);
  EXPECT_GT(view.hi, 20);
}

}  // namespace
}  // namespace equipoise::ui
