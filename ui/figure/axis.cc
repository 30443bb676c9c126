#include "ui/figure/axis.h"

#include <algorithm>
#include <cmath>

namespace equipoise::ui {
namespace {

constexpr double kFarthest = 1e6;  // pixels; beyond it a renderer's floats lose their fraction

double Transform(double value, AxisScale scale) { return scale == AxisScale::kLog ? std::log10(value) : value; }
double Inverse(double value, AxisScale scale) { return scale == AxisScale::kLog ? std::pow(10.0, value) : value; }

// Refuses ranges that are empty, infinite or below the resolution of a double.
bool Usable(double lo, double hi) {
  return std::isfinite(lo) && std::isfinite(hi) && hi - lo > 1e-12 * std::max(std::fabs(lo), std::fabs(hi)) &&
         hi - lo > 1e-300 && hi - lo < 1e300;
}

void Show(AxisView* view, const Axis& axis, double lo, double hi) {
  lo = Inverse(lo, axis.scale);
  hi = Inverse(hi, axis.scale);
  if (!Usable(lo, hi)) return;
  *view = {lo, hi, false};
}

}  // namespace

float Axis::LowEnd() const {
  if (scale != AxisScale::kLog || strip <= 0) return from;
  return from + (to > from ? strip : -strip);
}

float Axis::ToPixel(double value) const {
  if (InStrip(value)) return 0.5f * (from + LowEnd());
  const double low = Transform(lo, scale);
  const double share = (Transform(value, scale) - low) / (Transform(hi, scale) - low);
  const double pixel = LowEnd() + share * (to - LowEnd());
  return static_cast<float>(std::clamp(pixel, std::min(from, to) - kFarthest, std::max(from, to) + kFarthest));
}

double Axis::FromPixel(float pixel) const {
  const double share = (pixel - LowEnd()) / static_cast<double>(to - LowEnd());
  if (scale == AxisScale::kLog && strip > 0 && share < 0) return 0;
  const double low = Transform(lo, scale);
  return Inverse(low + share * (Transform(hi, scale) - low), scale);
}

void ZoomAt(AxisView* view, const Axis& axis, float pixel, double factor) {
  const double centre =
      Transform(std::max(axis.FromPixel(pixel), axis.scale == AxisScale::kLog ? axis.lo : -1e300), axis.scale);
  const double lo = Transform(axis.lo, axis.scale), hi = Transform(axis.hi, axis.scale);
  Show(view, axis, centre + (lo - centre) * factor, centre + (hi - centre) * factor);
}

void Pan(AxisView* view, const Axis& axis, float pixels) {
  const double lo = Transform(axis.lo, axis.scale), hi = Transform(axis.hi, axis.scale);
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

AxisView RangeOf::View(double margin, AxisScale scale) const {
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
