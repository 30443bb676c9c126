#include "ui/figure/beeswarm.h"

#include <algorithm>
#include <cmath>

#include "engine/base/quantile.h"

namespace equipoise::ui {
namespace {

constexpr float kSmallestRadius = 1.2f;
constexpr size_t kFewestForOutliers = 8;  // quartiles of fewer values say nothing
constexpr double kLeastSide = 1.0 / 6;    // of the width, on either side of zero
constexpr double kMargin = 0.04;

// Places every `every`-th dot; false when one of them finds no room.
bool TryPack(const std::vector<float>& x, const std::vector<size_t>& index, size_t every, float radius,
             float half_height, float gap, std::vector<SwarmDot>* dots) {
  const float apart = 2 * radius + gap;
  const float limit = half_height - radius;
  dots->clear();
  if (limit < 0) return false;
  size_t first_near = 0;
  for (size_t i = 0; i < x.size(); i += every) {
    while (first_near < dots->size() && x[i] - (*dots)[first_near].x >= apart) ++first_near;
    const auto free_at = [&](float y) {
      for (size_t j = first_near; j < dots->size(); ++j) {
        const float dx = x[i] - (*dots)[j].x, dy = y - (*dots)[j].y;
        if (dx * dx + dy * dy < apart * apart * 0.9999f) return false;
      }
      return true;
    };
    // The nearest free place touches the middle line or one of the neighbours.
    float best = free_at(0) ? 0 : INFINITY;
    for (size_t j = first_near; j < dots->size() && best != 0; ++j) {
      const float dx = x[i] - (*dots)[j].x;
      const float reach = std::sqrt(std::max(0.0f, apart * apart - dx * dx));
      for (float y : {(*dots)[j].y + reach, (*dots)[j].y - reach}) {
        if (std::fabs(y) < std::fabs(best) && std::fabs(y) <= limit && free_at(y)) best = y;
      }
    }
    if (!std::isfinite(best)) return false;
    dots->push_back({index[i], x[i], best});
  }
  return true;
}

}  // namespace

SwarmAxis FitSwarmAxis(const std::vector<double>& value, const std::vector<double>& error) {
  SwarmAxis axis;
  for (size_t i = 0; i < value.size(); ++i) (std::isfinite(value[i]) ? axis.inside : axis.not_finite).push_back(i);
  std::stable_sort(axis.inside.begin(), axis.inside.end(), [&](size_t a, size_t b) { return value[a] < value[b]; });

  if (axis.inside.size() >= kFewestForOutliers) {
    const double q1 = Quantile(value, 0.25), q3 = Quantile(value, 0.75);
    const double fence = 3 * (q3 - q1);
    // Zero is on the axis anyway, so what lies between zero and the rest squeezes nothing.
    double lowest = std::min(q1 - fence, 0.0), highest = std::max(q3 + fence, 0.0);
    const double room = 0.5 * (highest - lowest);
    lowest -= room;
    highest += room;
    if (fence > 0) {
      std::vector<size_t> rest;
      for (size_t i : axis.inside) {
        (value[i] < lowest ? axis.below : value[i] > highest ? axis.above : rest).push_back(i);
      }
      axis.inside = rest;
      std::reverse(axis.above.begin(), axis.above.end());
    }
  }

  double lo = 0, hi = 0;
  for (size_t i : axis.inside) {
    lo = std::min(lo, value[i]);
    hi = std::max(hi, value[i]);
  }
  // Whiskers are to be seen whole, but a huge one must not squeeze the dots either.
  const double dots_span = hi - lo;
  for (size_t i : axis.inside) {
    if (i >= error.size() || !std::isfinite(error[i])) continue;
    const double whisker = std::min(error[i], dots_span);
    lo = std::min(lo, value[i] - whisker);
    hi = std::max(hi, value[i] + whisker);
  }
  if (!(hi > lo)) {  // every value is zero, or there is none
    axis.lo = -1;
    axis.hi = 1;
    return axis;
  }
  const double margin = kMargin * (hi - lo);
  lo -= margin;
  hi += margin;
  const double ratio = kLeastSide / (1 - kLeastSide);
  axis.lo = std::min(lo, -ratio * hi);
  axis.hi = std::max(hi, -ratio * lo);
  return axis;
}

SwarmPacking PackSwarm(const std::vector<float>& x, const std::vector<size_t>& index, float half_height,
                       float largest_radius, float gap) {
  SwarmPacking packing;
  packing.radius = largest_radius;
  if (x.empty()) return packing;
  // Dots below three pixels need no gap to be told apart.
  const auto gap_for = [gap](float radius) { return radius < 3 ? std::min(gap, 0.4f) : gap; };
  float radius = largest_radius;
  for (; radius > kSmallestRadius; radius *= 0.93f) {
    if (!TryPack(x, index, 1, radius, half_height, gap_for(radius), &packing.dots)) continue;
    packing.radius = radius;
    return packing;
  }
  packing.radius = std::min(largest_radius, std::max(0.5f, std::min(kSmallestRadius, half_height)));
  for (size_t every = 1; every < 2 * x.size(); every *= 2) {
    packing.every = static_cast<int>(every);
    if (TryPack(x, index, every, packing.radius, half_height, gap_for(packing.radius), &packing.dots)) break;
  }
  return packing;
}

}  // namespace equipoise::ui
