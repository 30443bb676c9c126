#include "ui/panels/curves/curve_fit.h"

#include <algorithm>
#include <cmath>

#include "engine/base/quantile.h"

namespace equipoise::ui {
namespace {

constexpr size_t kSample = 4096;  // entries, evenly spread: an axis need not know more
constexpr size_t kFew = 8;
constexpr double kFence = 3;  // interquartile ranges

struct Stretch {
  size_t begin, end;
};
Stretch Within(const std::vector<double>& x, double lo, double hi) {
  const auto first = std::lower_bound(x.begin(), x.end(), lo), last = std::upper_bound(first, x.end(), hi);
  return {static_cast<size_t>(first - x.begin()), static_cast<size_t>(last - x.begin())};
}

// With the extremes, which a sample may miss.
std::vector<double> Sample(const std::vector<double>& values, const MinMaxPyramid& levels, Stretch s) {
  const size_t stride = (s.end - s.begin) / kSample + 1;
  std::vector<double> sample;
  for (size_t i = s.begin; i < s.end; i += stride)
    if (std::isfinite(values[i])) sample.push_back(values[i]);
  if (stride > 1 && levels.size() == values.size()) {
    const MinMaxPyramid::Summary extremes = levels.Of(values, s.begin, s.end);
    if (extremes.any()) sample.insert(sample.end(), {extremes.lo, extremes.hi});
  }
  return sample;
}

// The range of the returns, widened for what the masks predicted but never by more than half: an untrained model
// predicts anything, and that must not flatten the curve.
AxisView FitReturns(const CurveData& data, const RangeOf& returns, double from, double to) {
  std::vector<double> lows, highs;
  for (const CurveBounds& bounds : data.predicted) {
    if (bounds.lo.empty()) continue;
    const Stretch s = Within(data.x, from, to);
    const std::vector<double> lo = Sample(bounds.lo, bounds.lo_levels, s), hi = Sample(bounds.hi, bounds.hi_levels, s);
    lows.insert(lows.end(), lo.begin(), lo.end());
    highs.insert(highs.end(), hi.begin(), hi.end());
  }
  if (returns.empty()) {
    RangeOf predicted;
    predicted.Add(lows);
    predicted.Add(highs);
    return predicted.View(0.05);
  }
  AxisView fit = returns.View(0);
  const double lo = Quantile(lows, 0.02), hi = Quantile(highs, 0.98);
  const double room = 0.5 * (fit.hi - fit.lo);
  if (std::isfinite(lo)) fit.lo = std::min(fit.lo, std::max(lo, fit.lo - room));
  if (std::isfinite(hi)) fit.hi = std::max(fit.hi, std::min(hi, fit.hi + room));
  const double margin = 0.04 * (fit.hi - fit.lo);
  return {fit.lo - margin, fit.hi + margin, true};
}

// Where a symmetric axis turns from straight to logarithmic: the power of ten below all but the smallest values.
double StraightUpTo(std::vector<double> sizes) {
  const double small = Quantile(std::move(sizes), 0.1);
  if (!std::isfinite(small) || small <= 0) return 1;
  return std::pow(10.0, std::floor(std::log10(small)));
}

}  // namespace

RangeOf RobustRange(std::vector<double> values, double share) {
  RangeOf range;
  values.erase(std::remove_if(values.begin(), values.end(), [](double v) { return !std::isfinite(v); }), values.end());
  std::sort(values.begin(), values.end());
  const size_t n = values.size();
  if (n < kFew) {
    range.Add(values);
    return range;
  }
  const auto few = std::max<size_t>(1, static_cast<size_t>(share * static_cast<double>(n)));
  const double q1 = Quantile(values, 0.25), q3 = Quantile(values, 0.75), fence = kFence * (q3 - q1);
  const double low = std::min(values[few], q1 - fence), high = std::max(values[n - 1 - few], q3 + fence);
  double least = INFINITY, most = -INFINITY;  // inside of both
  for (const double v : values) {
    if (v < low || v > high) continue;
    least = std::min(least, v);
    most = std::max(most, v);
  }
  // What makes the rest no more than half as tall flattens nothing.
  if (values.back() - values.front() <= 2 * (most - least)) {
    least = values.front();
    most = values.back();
  }
  range.Add(least);
  range.Add(most);
  return range;
}

CurveData::Fit FitWithin(const CurveData& data, const ChartTable& table, double lo, double hi) {
  CurveData::Fit fit;
  RangeOf tame, all;  // a logarithm tames by itself: it shows everything
  std::vector<double> sizes;
  for (const CurveSeries& series : data.series[static_cast<size_t>(table.chart)]) {
    const std::vector<double> values = Sample(series.y, series.levels, Within(series.x, lo, hi));
    tame.Add(RobustRange(values, table.wild ? 0.05 : 0.02));
    all.Add(values);
    for (const double v : values) {
      fit.has_negative |= v < 0;
      if (v != 0) sizes.push_back(std::fabs(v));
    }
  }
  fit.has_nonpositive = all.has_nonpositive();
  fit.straight = StraightUpTo(std::move(sizes));
  fit.logarithmic = all.View(0.06, AxisScale::kLog);
  fit.symmetric = all.View(0.06, AxisScale::kSymmetric, fit.straight);
  if (std::isfinite(table.reference) && !table.percent) tame.Add(table.reference);
  fit.linear = tame.View(0.06);
  if (table.percent) fit.linear = {0, 1, true};
  if (table.chart == CurveChart::kReturn) fit.linear = FitReturns(data, tame, lo, hi);
  return fit;
}

}  // namespace equipoise::ui
