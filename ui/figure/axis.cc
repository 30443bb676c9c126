#include "ui/figure/axis.h"

#include <algorithm>
#include <cmath>

namespace equipoise::ui {
namespace {

constexpr double kFarthest = 1e6;  // pixels; beyond it a renderer's floats lose their fraction

// Refuses ranges that are empty, infinite or below the resolution of a double.
bool Usable(double lo, double hi) {
  return std::isfinite(lo) && std::isfinite(hi) && hi - lo > 1e-12 * std::max(std::fabs(lo), std::fabs(hi)) &&
         hi - lo > 1e-300 && hi - lo < 1e300;
}

void Show(AxisView* view, const Axis& axis, double lo, double hi) {
  lo = axis.From(lo);
  hi = axis.From(hi);
  if (!Usable(lo, hi)) return;
  *view = {lo, hi, false};
}

}  // namespace

double Axis::Along(double value) const {
  switch (scale) {
    case AxisScale::kLinear:
      break;
    case AxisScale::kLog:
      return std::log10(value);
    case AxisScale::kSymmetric:
      return std::copysign(std::log10(1 + std::fabs(value) / linear), value);
  }
  return value;
}

double Axis::From(double along) const {
  switch (scale) {
    case AxisScale::kLinear:
      break;
    case AxisScale::kLog:
      return std::pow(10.0, along);
    case AxisScale::kSymmetric:
      return std::copysign(linear * (std::pow(10.0, std::fabs(along)) - 1), along);
  }
  return along;
}

float Axis::LowEnd() const {
  if (scale != AxisScale::kLog || strip <= 0) return from;
  return from + (to > from ? strip : -strip);
}

float Axis::ToPixel(double value) const {
  if (InStrip(value)) return 0.5f * (from + LowEnd());
  const double low = Along(lo);
  const double share = (Along(value) - low) / (Along(hi) - low);
  const double pixel = LowEnd() + share * (to - LowEnd());
  return static_cast<float>(std::clamp(pixel, std::min(from, to) - kFarthest, std::max(from, to) + kFarthest));
}

double Axis::FromPixel(float pixel) const {
  const double share = (pixel - LowEnd()) / static_cast<double>(to - LowEnd());
  if (scale == AxisScale::kLog && strip > 0 && share < 0) return 0;
  const double low = Along(lo);
  return From(low + share * (Along(hi) - low));
}

void ZoomAt(AxisView* view, const Axis& axis, float pixel, double factor) {
  const double centre = axis.Along(std::max(axis.FromPixel(pixel), axis.scale == AxisScale::kLog ? axis.lo : -1e300));
  const double lo = axis.Along(axis.lo), hi = axis.Along(axis.hi);
  Show(view, axis, centre + (lo - centre) * factor, centre + (hi - centre) * factor);
}

void Pan(AxisView* view, const Axis& axis, float pixels) {
  const double lo = axis.Along(axis.lo), hi = axis.Along(axis.hi);
  const double shift = -static_cast<double>(pixels) / (axis.to - axis.from) * (hi - lo);
  Show(view, axis, lo + shift, hi + shift);
}

bool ZoomTo(AxisView* view, const Axis& axis, float a, float b, float least_pixels) {
  if (std::fabs(a - b) < least_pixels) return false;
  double lo = axis.FromPixel(a), hi = axis.FromPixel(b);
  if (lo > hi) std::swap(lo, hi);
  if (axis.scale == AxisScale::kLog) lo = std::max(lo, axis.lo);
  if (!Usable(lo, hi)) return false;
  *view = {lo, hi, false};
  return true;
}

void RangeOf::Add(double value) {
  if (!std::isfinite(value)) return;
  lo_ = std::min(lo_, value);
  hi_ = std::max(hi_, value);
  if (value > 0) positive_lo_ = std::min(positive_lo_, value);
  has_nonpositive_ = has_nonpositive_ || value <= 0;
}

void RangeOf::Add(const std::vector<double>& values) {
  for (double v : values) Add(v);
}

void RangeOf::Add(const RangeOf& other) {
  lo_ = std::min(lo_, other.lo_);
  hi_ = std::max(hi_, other.hi_);
  positive_lo_ = std::min(positive_lo_, other.positive_lo_);
  has_nonpositive_ = has_nonpositive_ || other.has_nonpositive_;
}

AxisView RangeOf::View(double margin, AxisScale scale, double linear) const {
  if (scale == AxisScale::kSymmetric && !empty()) {
    Axis axis;
    axis.scale = scale;
    axis.linear = linear;
    const double lo = axis.Along(lo_), hi = axis.Along(hi_), more = hi > lo ? margin * (hi - lo) : 0.5;
    return {axis.From(lo - more), axis.From(hi + more), true};
  }
  if (scale == AxisScale::kLog) {
    if (!(positive_lo_ <= hi_)) return {0.1, 1, true};
    const double lo = std::log10(positive_lo_), hi = std::log10(hi_);
    const double more = hi > lo ? margin * (hi - lo) : 0.5;
    return {std::pow(10.0, lo - more), std::pow(10.0, hi + more), true};
  }
  if (empty()) return {0, 1, true};
  const double more = Usable(lo_, hi_) ? margin * (hi_ - lo_) : std::max(0.5, 0.05 * std::fabs(hi_));
  return {lo_ - more, hi_ + more, true};
}

}  // namespace equipoise::ui
