// axis.h: one axis of a chart: data on one side, pixels on the other.
//
// Scale    linear, or logarithmic: pixel = from + (to - from) (log v - log lo) / (log hi - log lo); symmetric: the same
//          with sign(v) log(1 + |v| / linear) in place of the logarithm, for values of both signs
// Rule     on a logarithmic axis a value <= 0 has no place. It is not dropped: a strip of `strip` pixels at the low
//          end, set off by a line and labelled "<= 0", holds all of them
// Units    lo, hi in data; from, to in pixels, from > to for an axis that points up
#pragma once

#include <vector>

namespace equipoise::ui {

enum class AxisScale { kLinear, kLog, kSymmetric };

struct Axis {
  double lo = 0, hi = 1;
  float from = 0, to = 1;
  AxisScale scale = AxisScale::kLinear;
  float strip = 0;    // logarithmic only; 0: no value <= 0 is to be shown
  double linear = 1;  // symmetric only: up to about here it is straight

  float ToPixel(double value) const;    // of a finite value; far values are held within 1e6 pixels of the axis
  double FromPixel(float pixel) const;  // inside the strip: 0
  bool InStrip(double value) const { return scale == AxisScale::kLog && value <= 0; }
  // What grows evenly along the axis, and back.
  double Along(double value) const;
  double From(double along) const;

 private:
  float LowEnd() const;  // where lo lies: `from`, or the end of the strip
};

// What a person sees of an axis; kept between frames. `fit` follows the data until someone zooms.
struct AxisView {
  double lo = 0, hi = 1;
  bool fit = true;
};

// Multiplies the visible range by `factor` and keeps the value under `pixel` in its place; stops at ranges that doubles
// cannot resolve. Afterwards the view no longer follows the data.
void ZoomAt(AxisView* view, const Axis& axis, float pixel, double factor);
// Moves the data along with the mouse.
void Pan(AxisView* view, const Axis& axis, float pixels);
// Shows what lies between two pixels, in either order. Ignored when they are closer than `least_pixels`.
bool ZoomTo(AxisView* view, const Axis& axis, float a, float b, float least_pixels);

// The smallest range that holds every finite value given to it. Logarithmic axes take in positive values only.
class RangeOf {
 public:
  void Add(double value);
  void Add(const std::vector<double>& values);
  void Add(const RangeOf& other);
  bool empty() const { return !(lo_ <= hi_); }
  bool has_nonpositive() const { return has_nonpositive_; }
  // With `margin` (a share of the range) on both sides; a single value gets a range around it; nothing gives [0, 1].
  AxisView View(double margin, AxisScale scale = AxisScale::kLinear, double linear = 1) const;

 private:
  double lo_ = 1e300, hi_ = -1e300;
  double positive_lo_ = 1e300;
  bool has_nonpositive_ = false;
};

}  // namespace equipoise::ui
