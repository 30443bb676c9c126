// beeswarm.h: one dot per mask, none on top of another, zero always in sight.
//
// Axis     holds zero and every delta with its error, except outliers. The range from zero to Tukey's outer fences
//          (three interquartile ranges beyond the quartiles) may grow by half of itself on a side; a value farther out
//          would squeeze all others, so it is shown at the edge with an arrow and its number. Both sides of zero are
//          treated alike: each gets at least a sixth of the width.
// Packing  dots in the order of x, each as near to the middle line as it can be without touching one before it. When
//          they do not fit, all of them shrink; when they do not fit at the smallest size, every second (fourth, ...)
//          is shown and `every` says so; the least is always among them.
// Cost     n log n for the order, then a few neighbours per dot; keep the result while the data stand still
#pragma once

#include <cstddef>
#include <vector>

namespace equipoise::ui {

struct SwarmAxis {
  double lo = -1, hi = 1;
  std::vector<size_t> below, above;  // outliers, the farthest first
  std::vector<size_t> not_finite;
  std::vector<size_t> inside;  // all others, by rising value
};

// `error` may be empty: then without whiskers.
SwarmAxis FitSwarmAxis(const std::vector<double>& value, const std::vector<double>& error);

struct SwarmDot {
  size_t index;  // into the values
  float x, y;    // y from the middle line
};

struct SwarmPacking {
  std::vector<SwarmDot> dots;  // in the order of x
  float radius = 0;
  int every = 1;
};

// `x`: pixels in rising order; `index`: what each belongs to. Dots stay within half_height of the middle line and
// `gap` pixels apart.
SwarmPacking PackSwarm(const std::vector<float>& x, const std::vector<size_t>& index, float half_height,
                       float largest_radius, float gap);

}  // namespace equipoise::ui
