// min_max_pyramid.h: the lowest and the highest of any stretch of a long series in a handful of steps.
//
// Level 0 is the series itself; a node of level k + 1 sums up kFan nodes of level k. A series that grows touches one
// node a level, and a chart asks once per pixel column: a frame costs pixels x log(points) instead of points. What
// is not a number, and each infinity, is remembered beside the extremes of the finite values, so that no level hides
// it.
//
// Memory   about 1.6 bytes for each value
// Thread   one at a time
// Cost     Extend: O(1) for each new value; Of: O(kFan log n)
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ui/figure/decimate.h"

namespace equipoise::ui {

class MinMaxPyramid {
 public:
  static constexpr size_t kFan = 16;

  struct Summary {
    double lo = 1e300, hi = -1e300;  // of the finite values; lo > hi: there are none
    bool not_a_number = false, plus_infinity = false, minus_infinity = false;
    bool any() const { return lo <= hi; }
    bool whole() const { return !not_a_number && !plus_infinity && !minus_infinity; }  // every value is finite
    void Add(double value);
    void Add(const Summary& other);
  };

  // Takes in what `values` has gained since the last call; the old part must be as it was.
  void Extend(const std::vector<double>& values);
  void Clear();
  size_t size() const { return size_; }

  // Of entries [begin, end) of the series that was given to Extend.
  Summary Of(const std::vector<double>& values, size_t begin, size_t end) const;

 private:
  size_t size_ = 0;
  std::vector<std::vector<Summary>> levels_;  // [0]: of kFan values each; the last node of a level may be incomplete
};

// As DecimateLine and DecimateBand, the same picture at the cost above. Where fewer points than pixels are in view they
// are taken one by one. A gap narrower than a pixel is only its tick.
PixelLine DecimateLine(const std::vector<double>& x, const std::vector<double>& y, const MinMaxPyramid& levels,
                       const Axis& x_axis, const Axis& y_axis);
PixelLine DecimateBand(const std::vector<double>& x, const std::vector<double>& lo, const std::vector<double>& hi,
                       const MinMaxPyramid& lo_levels, const MinMaxPyramid& hi_levels, const Axis& x_axis,
                       const Axis& y_axis);

// One upright stroke per pixel column from its lowest to its highest value: what many marks amount to. Points in pairs,
// one run.
PixelLine DecimateStrokes(const std::vector<double>& x, const std::vector<double>& y, const MinMaxPyramid& levels,
                          const Axis& x_axis, const Axis& y_axis);

// How many entries lie in view.
size_t CountInView(const std::vector<double>& x, const Axis& x_axis);

}  // namespace equipoise::ui
