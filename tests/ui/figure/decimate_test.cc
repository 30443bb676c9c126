#include "ui/figure/decimate.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace equipoise::ui {
namespace {

using Kind = MissingMark::Kind;

Axis XAxis(double lo, double hi) { return {lo, hi, 0, 300, AxisScale::kLinear, 0}; }
Axis YAxis(double lo, double hi) { return {lo, hi, 200, 0, AxisScale::kLinear, 0}; }

std::vector<double> Count(int n) {
  std::vector<double> x(n);
  for (int i = 0; i < n; ++i) x[i] = i;
  return x;
}

TEST(DecimateLine, KeepsEveryPointWhenThereIsRoom) {
  const PixelLine line = DecimateLine({0, 1, 2}, {5, 7, 6}, XAxis(0, 2), YAxis(0, 10));
  ASSERT_EQ(line.points.size(), 3u);
  ASSERT_EQ(line.runs.size(), 1u);
  EXPECT_FLOAT_EQ(line.points[1].x, 150);
  EXPECT_FLOAT_EQ(line.points[1].y, 60);
}

TEST(DecimateLine, KeepsTheExtremesOfEveryColumnAndNoMoreThanFourPoints) {
  const int n = 20000;
  const std::vector<double> x = Count(n);
  std::vector<double> y(n);
  for (int i = 0; i < n; ++i) y[i] = std::sin(0.37 * i) + 0.001 * i;
  y[7777] = 90;  // a spike of one sample must survive
  y[12345] = -70;
  const Axis xa = XAxis(0, n - 1), ya = YAxis(-100, 100);
  const PixelLine line = DecimateLine(x, y, xa, ya);
  EXPECT_LE(line.points.size(), 4u * 301);
  std::vector<float> lowest(301, -1e9f), highest(301, 1e9f), kept_low(301, -1e9f), kept_high(301, 1e9f);
  for (int i = 0; i < n; ++i) {
    const int column = static_cast<int>(std::floor(xa.ToPixel(x[i])));
    lowest[column] = std::max(lowest[column], ya.ToPixel(y[i]));
    highest[column] = std::min(highest[column], ya.ToPixel(y[i]));
  }
  for (const PixelPoint& p : line.points) {
    const int column = static_cast<int>(std::floor(p.x));
    kept_low[column] = std::max(kept_low[column], p.y);
    kept_high[column] = std::min(kept_high[column], p.y);
  }
  EXPECT_EQ(lowest, kept_low);
  EXPECT_EQ(highest, kept_high);
  EXPECT_TRUE(std::is_sorted(line.points.begin(), line.points.end(),
                             [](const PixelPoint& a, const PixelPoint& b) { return a.x < b.x; }));
}

TEST(DecimateLine, BreaksAtAValueThatIsNotANumberAndMarksIt) {
  const PixelLine line = DecimateLine(Count(7), {1, 2, NAN, 3, INFINITY, -INFINITY, 4}, XAxis(0, 6), YAxis(0, 5));
  ASSERT_EQ(line.runs.size(), 3u);
  EXPECT_EQ(line.runs[0].end - line.runs[0].begin, 2u);
  EXPECT_EQ(line.runs[1].end - line.runs[1].begin, 1u);
  ASSERT_EQ(line.missing.size(), 3u);
  EXPECT_EQ(line.missing[0].kind, Kind::kNotANumber);
  EXPECT_FLOAT_EQ(line.missing[0].x, 100);
  EXPECT_EQ(line.missing[1].kind, Kind::kPlusInfinity);
  EXPECT_EQ(line.missing[2].kind, Kind::kMinusInfinity);
}

TEST(DecimateLine, MarksAColumnOnceHoweverManyValuesAreMissing) {
  const int n = 30000;
  const PixelLine line = DecimateLine(Count(n), std::vector<double>(n, NAN), XAxis(0, n - 1), YAxis(0, 1));
  EXPECT_TRUE(line.points.empty());
  EXPECT_TRUE(line.runs.empty());
  EXPECT_LE(line.missing.size(), 301u);
  EXPECT_GE(line.missing.size(), 300u);
}

TEST(DecimateLine, LetsTheLineLeaveTheChart) {
  const PixelLine line = DecimateLine(Count(100), std::vector<double>(100, 1.0), XAxis(40.5, 42.5), YAxis(0, 2));
  EXPECT_LT(line.points.front().x, 0);
  EXPECT_GT(line.points.back().x, 300);
  EXPECT_EQ(line.points.size(), 4u);  // 40 .. 43
}

TEST(DecimateLine, HasNothingForNothing) {
  const PixelLine line = DecimateLine({}, {}, XAxis(0, 1), YAxis(0, 1));
  EXPECT_TRUE(line.points.empty());
  EXPECT_TRUE(line.runs.empty());
  EXPECT_TRUE(line.missing.empty());
}

TEST(DecimateBand, CoversEveryIntervalWithOnePairPerColumn) {
  const int n = 6000;
  std::vector<double> lo(n), hi(n);
  for (int i = 0; i < n; ++i) {
    lo[i] = -1 - (i % 17);
    hi[i] = 1 + (i % 13);
  }
  const PixelLine band = DecimateBand(Count(n), lo, hi, XAxis(0, n - 1), YAxis(-20, 20));
  ASSERT_EQ(band.points.size() % 2, 0u);
  EXPECT_LE(band.points.size(), 2u * 301);
  const Axis ya = YAxis(-20, 20);
  EXPECT_FLOAT_EQ(band.points[100].y, ya.ToPixel(-17));
  EXPECT_FLOAT_EQ(band.points[101].y, ya.ToPixel(13));
}

TEST(DecimateBand, BreaksWhereAnEndIsMissing) {
  const PixelLine band = DecimateBand(Count(5), {0, 0, NAN, 0, 0}, {1, 1, 1, INFINITY, 1}, XAxis(0, 4), YAxis(0, 1));
  ASSERT_EQ(band.runs.size(), 2u);
  EXPECT_EQ(band.runs[0].end - band.runs[0].begin, 4u);
  EXPECT_EQ(band.runs[1].end - band.runs[1].begin, 2u);
}

TEST(ThinMarks, LeavesOnePerCellAndThinsNothingWhenThereIsRoom) {
  const int n = 20000;
  std::vector<double> y(n);
  for (int i = 0; i < n; ++i) y[i] = std::fmod(i * 0.618, 1.0);
  const Axis xa = XAxis(0, n - 1), ya = YAxis(0, 1);
  const std::vector<size_t> kept = ThinMarks(Count(n), y, xa, ya, 3);
  EXPECT_LE(kept.size(), 101u * 68);
  std::set<std::pair<int, int>> cells;  // counted from where the axes begin
  for (size_t i : kept) {
    const float x = xa.ToPixel(static_cast<double>(i)) - xa.from, up = ya.from - ya.ToPixel(y[i]);
    EXPECT_TRUE(cells.insert({static_cast<int>(x / 3), static_cast<int>(up / 3)}).second);
  }
  EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end()));
  EXPECT_EQ(ThinMarks(Count(10), std::vector<double>(10, 0.5), XAxis(0, 9), ya, 3).size(), 10u);
}

TEST(ThinMarks, LeavesOutWhatIsOutOfViewOrNotFinite) {
  EXPECT_EQ(ThinMarks({0, 1, 2, 3}, {0.5, NAN, 7, 0.5}, XAxis(0, 2.5), YAxis(0, 1), 3), (std::vector<size_t>{0}));
}

}  // namespace
}  // namespace equipoise::ui
