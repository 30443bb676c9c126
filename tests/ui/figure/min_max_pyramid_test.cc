#include "ui/figure/min_max_pyramid.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "engine/base/random.h"

namespace equipoise::ui {
namespace {

using Summary = MinMaxPyramid::Summary;

std::vector<double> Noise(size_t n, bool holes) {
  Stream stream(3, "test.pyramid");
  std::vector<double> values(n);
  for (double& v : values) v = stream.Normal();
  for (size_t i = 0; holes && i < n; ++i) {
    if (i % 97 == 13) values[i] = std::nan("");
    if (i % 1009 == 5) values[i] = INFINITY;
    if (i % 2003 == 7) values[i] = -INFINITY;
  }
  return values;
}

Summary ByHand(const std::vector<double>& values, size_t begin, size_t end) {
  Summary s;
  for (size_t i = begin; i < end; ++i) s.Add(values[i]);
  return s;
}

void ExpectSame(const Summary& a, const Summary& b) {
  EXPECT_EQ(a.lo, b.lo);
  EXPECT_EQ(a.hi, b.hi);
  EXPECT_EQ(a.not_a_number, b.not_a_number);
  EXPECT_EQ(a.plus_infinity, b.plus_infinity);
  EXPECT_EQ(a.minus_infinity, b.minus_infinity);
}

TEST(MinMaxPyramid, AgreesWithLookingAtEveryValueForAnyStretch) {
  for (size_t n : {1u, 2u, 15u, 16u, 17u, 255u, 256u, 257u, 5000u}) {
    const std::vector<double> values = Noise(n, true);
    MinMaxPyramid pyramid;
    pyramid.Extend(values);
    const size_t step = std::max<size_t>(1, n / 23);
    for (size_t begin = 0; begin < n; begin += step) {
      for (size_t end = begin; end <= n; end += step) {
        ExpectSame(pyramid.Of(values, begin, end), ByHand(values, begin, end));
      }
      ExpectSame(pyramid.Of(values, begin, n), ByHand(values, begin, n));
    }
  }
}

TEST(MinMaxPyramid, IsTheSameWhetherItGrewOrWasBuiltAtOnce) {
  const std::vector<double> values = Noise(4500, true);
  MinMaxPyramid grown;
  std::vector<double> part;
  for (double v : values) {
    part.push_back(v);
    grown.Extend(part);
  }
  for (size_t begin = 0; begin < values.size(); begin += 311) {
    for (size_t end = begin; end <= values.size(); end += 173) {
      ExpectSame(grown.Of(values, begin, end), ByHand(values, begin, end));
    }
  }
}

TEST(MinMaxPyramid, KnowsThatAnEmptyStretchHoldsNothing) {
  const std::vector<double> values = {1, 2, 3};
  MinMaxPyramid pyramid;
  pyramid.Extend(values);
  EXPECT_FALSE(pyramid.Of(values, 2, 2).any());
  EXPECT_TRUE(pyramid.Of(values, 2, 2).whole());
  EXPECT_TRUE(pyramid.Of(values, 0, 3).any());
}

struct LongSeries {
  std::vector<double> x, y;
  MinMaxPyramid levels;
  Axis x_axis, y_axis;

  explicit LongSeries(size_t n, bool holes) : y(Noise(n, holes)) {
    for (size_t i = 0; i < n; ++i) x.push_back(static_cast<double>(i));
    levels.Extend(y);
    x_axis = {0, static_cast<double>(n - 1), 40, 440};
    y_axis = {-5, 5, 300, 0};
  }
};

// Lowest and highest pixel of each column.
std::map<int, std::pair<float, float>> Extent(const PixelLine& line) {
  std::map<int, std::pair<float, float>> out;
  for (const PixelPoint& p : line.points) {
    const auto at = out.emplace(static_cast<int>(std::floor(p.x)), std::make_pair(p.y, p.y)).first;
    at->second.first = std::min(at->second.first, p.y);
    at->second.second = std::max(at->second.second, p.y);
  }
  return out;
}

TEST(MinMaxPyramid, DrawsThePictureThatAllPointsWouldGive) {
  const LongSeries series(200000, false);
  const auto all = Extent(DecimateLine(series.x, series.y, series.x_axis, series.y_axis));
  const auto few = Extent(DecimateLine(series.x, series.y, series.levels, series.x_axis, series.y_axis));
  ASSERT_EQ(few.size(), all.size());
  for (const auto& [column, extent] : all) {
    ASSERT_TRUE(few.count(column)) << column;
    // One of 500 entries may fall on the other side of a pixel's edge.
    EXPECT_NEAR(few.at(column).first, extent.first, 15) << column;
    EXPECT_NEAR(few.at(column).second, extent.second, 15) << column;
  }
  float top = 1e9f, bottom = -1e9f;
  for (const auto& [column, extent] : few) {
    top = std::min(top, extent.first);
    bottom = std::max(bottom, extent.second);
  }
  EXPECT_FLOAT_EQ(top, series.y_axis.ToPixel(*std::max_element(series.y.begin(), series.y.end())));
  EXPECT_FLOAT_EQ(bottom, series.y_axis.ToPixel(*std::min_element(series.y.begin(), series.y.end())));
}

TEST(MinMaxPyramid, KeepsEveryColumnWithAMissingValueMarked) {
  LongSeries series(200000, false);
  series.y[100123] = std::nan("");
  series.y[150123] = INFINITY;
  for (size_t i = 50000; i < 60000; ++i) series.y[i] = std::nan("");
  series.levels.Clear();
  series.levels.Extend(series.y);
  const PixelLine line = DecimateLine(series.x, series.y, series.levels, series.x_axis, series.y_axis);
  const auto marked = [&](size_t i, MissingMark::Kind kind) {
    const float px = series.x_axis.ToPixel(series.x[i]);
    return std::any_of(line.missing.begin(), line.missing.end(),
                       [&](const MissingMark& m) { return m.kind == kind && std::fabs(m.x - px) < 1.01f; });
  };
  EXPECT_TRUE(marked(100123, MissingMark::Kind::kNotANumber));
  EXPECT_TRUE(marked(150123, MissingMark::Kind::kPlusInfinity));
  EXPECT_TRUE(marked(55000, MissingMark::Kind::kNotANumber));
  EXPECT_FALSE(marked(20000, MissingMark::Kind::kNotANumber));
  // The wide gap breaks the line, the narrow ones are only ticks.
  EXPECT_EQ(line.runs.size(), 2u);
  const float gap = series.x_axis.ToPixel(series.x[55000]);
  for (const PixelPoint& p : line.points) EXPECT_GT(std::fabs(p.x - gap), 8);
}

TEST(MinMaxPyramid, GivesABoundedNumberOfPointsForAMillion) {
  const LongSeries series(1000000, true);
  EXPECT_LE(DecimateLine(series.x, series.y, series.levels, series.x_axis, series.y_axis).points.size(), 4u * 403);
  EXPECT_LE(DecimateStrokes(series.x, series.y, series.levels, series.x_axis, series.y_axis).points.size(), 2u * 403);
  EXPECT_LE(DecimateBand(series.x, series.y, series.y, series.levels, series.levels, series.x_axis, series.y_axis)
                .points.size(),
            2u * 403);
}

TEST(MinMaxPyramid, GoesBackToSinglePointsWhenZoomedIn) {
  LongSeries series(100000, true);
  series.x_axis.lo = 500;
  series.x_axis.hi = 900;
  const PixelLine a = DecimateLine(series.x, series.y, series.levels, series.x_axis, series.y_axis);
  const PixelLine b = DecimateLine(series.x, series.y, series.x_axis, series.y_axis);
  ASSERT_EQ(a.points.size(), b.points.size());
  ASSERT_EQ(a.runs.size(), b.runs.size());
  EXPECT_EQ(CountInView(series.x, series.x_axis), 401u);
}

}  // namespace
}  // namespace equipoise::ui
