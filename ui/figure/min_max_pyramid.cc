#include "ui/figure/min_max_pyramid.h"

#include <algorithm>
#include <cmath>

namespace equipoise::ui {
namespace {

constexpr size_t kExactPerColumn = 4;  // entries a column up to which taking them one by one is as cheap

struct Stretch {
  size_t begin, end;  // entries of one pixel column
};

// The columns in view that hold entries, from left to right, with the entry before and the one behind the view as
// stretches of their own, so that a line leaves the chart instead of ending in it.
std::vector<Stretch> Columns(const std::vector<double>& x, const Axis& axis, bool neighbours) {
  std::vector<Stretch> out;
  const auto at = [&](double value) {
    return static_cast<size_t>(std::lower_bound(x.begin(), x.end(), value) - x.begin());
  };
  const size_t first = at(axis.lo);
  const auto last = static_cast<size_t>(std::upper_bound(x.begin(), x.end(), axis.hi) - x.begin());
  if (neighbours && first > 0) out.push_back({first - 1, first});
  size_t begin = first;
  const float left = std::min(axis.from, axis.to), right = std::max(axis.from, axis.to);
  for (float column = std::floor(left) + 1; begin < last && column < right + 2; column += 1) {
    const size_t end = column >= right ? last : std::clamp(at(axis.FromPixel(column)), begin, last);
    if (end > begin) out.push_back({begin, end});
    begin = end;
  }
  if (neighbours && last < x.size()) out.push_back({last, last + 1});
  return out;
}

void AddMissing(const MinMaxPyramid::Summary& s, float pixel, PixelLine* line) {
  using Kind = MissingMark::Kind;
  if (s.not_a_number) line->missing.push_back({Kind::kNotANumber, pixel});
  if (s.plus_infinity) line->missing.push_back({Kind::kPlusInfinity, pixel});
  if (s.minus_infinity) line->missing.push_back({Kind::kMinusInfinity, pixel});
}

// Closes the run that began at `*begin`.
void EndRun(PixelLine* line, size_t* begin) {
  if (line->points.size() > *begin) line->runs.push_back({*begin, line->points.size()});
  *begin = line->points.size();
}

bool Dense(const std::vector<double>& x, const Axis& x_axis) {
  const double columns = std::fabs(x_axis.to - x_axis.from) + 1;
  return static_cast<double>(CountInView(x, x_axis)) > kExactPerColumn * columns;
}

}  // namespace

void MinMaxPyramid::Summary::Add(double value) {
  if (std::isfinite(value)) {
    lo = std::min(lo, value);
    hi = std::max(hi, value);
  } else if (std::isnan(value)) {
    not_a_number = true;
  } else {
    (value > 0 ? plus_infinity : minus_infinity) = true;
  }
}

void MinMaxPyramid::Summary::Add(const Summary& other) {
  lo = std::min(lo, other.lo);
  hi = std::max(hi, other.hi);
  not_a_number = not_a_number || other.not_a_number;
  plus_infinity = plus_infinity || other.plus_infinity;
  minus_infinity = minus_infinity || other.minus_infinity;
}

void MinMaxPyramid::Clear() {
  size_ = 0;
  levels_.clear();
}

void MinMaxPyramid::Extend(const std::vector<double>& values) {
  for (; size_ < values.size(); ++size_) {
    const double value = values[size_];
    size_t node = size_ / kFan;
    for (size_t level = 0;; ++level, node /= kFan) {
      if (level == levels_.size()) {
        levels_.emplace_back();
        // A new top takes over what the level below has gathered so far.
        if (level > 0) {
          levels_[level].emplace_back();
          for (size_t i = 0; i + 1 < levels_[level - 1].size(); ++i) levels_[level][0].Add(levels_[level - 1][i]);
        }
      }
      if (node == levels_[level].size()) levels_[level].emplace_back();
      levels_[level][node].Add(value);
      if (node == 0 && levels_[level].size() == 1) break;
    }
  }
}

MinMaxPyramid::Summary MinMaxPyramid::Of(const std::vector<double>& values, size_t begin, size_t end) const {
  Summary out;
  end = std::min(end, size_);
  while (begin < end && begin % kFan != 0) out.Add(values[begin++]);
  while (begin < end && end % kFan != 0) out.Add(values[--end]);
  begin /= kFan;
  end /= kFan;
  for (const std::vector<Summary>& level : levels_) {
    if (begin >= end) break;
    while (begin < end && begin % kFan != 0) out.Add(level[begin++]);
    while (begin < end && end % kFan != 0) out.Add(level[--end]);
    begin /= kFan;
    end /= kFan;
  }
  return out;
}

size_t CountInView(const std::vector<double>& x, const Axis& x_axis) {
  const auto first = std::lower_bound(x.begin(), x.end(), x_axis.lo);
  return static_cast<size_t>(std::upper_bound(first, x.end(), x_axis.hi) - first);
}

PixelLine DecimateLine(const std::vector<double>& x, const std::vector<double>& y, const MinMaxPyramid& levels,
                       const Axis& x_axis, const Axis& y_axis) {
  if (levels.size() != y.size() || !Dense(x, x_axis)) return DecimateLine(x, y, x_axis, y_axis);
  PixelLine line;
  size_t run = 0;
  for (const Stretch& column : Columns(x, x_axis, true)) {
    const MinMaxPyramid::Summary s = levels.Of(y, column.begin, column.end);
    const float left = x_axis.ToPixel(x[column.begin]), right = x_axis.ToPixel(x[column.end - 1]);
    const bool in_view = x[column.begin] >= x_axis.lo && x[column.begin] <= x_axis.hi;
    if (in_view) AddMissing(s, left, &line);
    const double first = y[column.begin], last = y[column.end - 1];
    if (!std::isfinite(first)) EndRun(&line, &run);
    if (s.any()) {
      if (std::isfinite(first)) line.points.push_back({left, y_axis.ToPixel(first)});
      if (column.end - column.begin > 1) {
        const float middle = 0.5f * (left + right);
        line.points.push_back({middle, y_axis.ToPixel(s.lo)});
        line.points.push_back({middle, y_axis.ToPixel(s.hi)});
        if (std::isfinite(last)) line.points.push_back({right, y_axis.ToPixel(last)});
      }
    }
    if (!std::isfinite(last)) EndRun(&line, &run);
  }
  EndRun(&line, &run);
  return line;
}

PixelLine DecimateBand(const std::vector<double>& x, const std::vector<double>& lo, const std::vector<double>& hi,
                       const MinMaxPyramid& lo_levels, const MinMaxPyramid& hi_levels, const Axis& x_axis,
                       const Axis& y_axis) {
  const bool kept = lo_levels.size() == lo.size() && hi_levels.size() == hi.size();
  if (!kept || !Dense(x, x_axis)) return DecimateBand(x, lo, hi, x_axis, y_axis);
  PixelLine band;
  size_t run = 0;
  for (const Stretch& column : Columns(x, x_axis, true)) {
    const MinMaxPyramid::Summary low = lo_levels.Of(lo, column.begin, column.end);
    const MinMaxPyramid::Summary high = hi_levels.Of(hi, column.begin, column.end);
    if (!low.any() || !high.any()) {
      EndRun(&band, &run);
      continue;
    }
    const float px = x_axis.ToPixel(x[column.begin]);
    band.points.push_back({px, y_axis.ToPixel(low.lo)});
    band.points.push_back({px, y_axis.ToPixel(high.hi)});
  }
  EndRun(&band, &run);
  return band;
}

PixelLine DecimateStrokes(const std::vector<double>& x, const std::vector<double>& y, const MinMaxPyramid& levels,
                          const Axis& x_axis, const Axis& y_axis) {
  PixelLine line;
  for (const Stretch& column : Columns(x, x_axis, false)) {
    const MinMaxPyramid::Summary s = levels.Of(y, column.begin, column.end);
    const float px = std::floor(x_axis.ToPixel(x[column.begin])) + 0.5f;
    AddMissing(s, px, &line);
    if (!s.any()) continue;
    line.points.push_back({px, y_axis.ToPixel(s.lo)});
    line.points.push_back({px, y_axis.ToPixel(s.hi)});
  }
  if (!line.points.empty()) line.runs.push_back({0, line.points.size()});
  return line;
}

}  // namespace equipoise::ui
