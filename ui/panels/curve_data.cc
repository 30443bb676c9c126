#include "ui/panels/curve_data.h"

#include <algorithm>
#include <cmath>

#include "ui/plot/smoothing.h"
#include "ui/plot/statistics.h"

namespace equipoise::ui {
namespace {

double Position(const run::EpisodeRecord& record, XAxis x_axis) {
  switch (x_axis) {
    case XAxis::kEpisode:
      return record.episode;
    case XAxis::kEnvironmentSteps:
      return static_cast<double>(record.environment_steps);
    case XAxis::kGradientSteps:
      return static_cast<double>(record.gradient_steps);
    case XAxis::kWallTime:
      return record.wall_seconds / 60;
  }
  return 0;
}

// The range of the returns, widened for what the masks predicted but never by more than half: an untrained model
// predicts anything, and that must not flatten the curve.
AxisView FitReturns(const CurveData& data) {
  RangeOf returns;
  returns.Add(data.episode_return);
  if (returns.empty()) {
    RangeOf predicted;
    predicted.Add(data.predicted_lo);
    predicted.Add(data.predicted_hi);
    return predicted.View(0.05);
  }
  AxisView fit = returns.View(0);
  const double lo = Quantile(data.predicted_lo, 0.02), hi = Quantile(data.predicted_hi, 0.98);
  const double room = 0.5 * (fit.hi - fit.lo);
  if (std::isfinite(lo)) fit.lo = std::min(fit.lo, std::max(lo, fit.lo - room));
  if (std::isfinite(hi)) fit.hi = std::max(fit.hi, std::min(hi, fit.hi + room));
  const double margin = 0.04 * (fit.hi - fit.lo);
  return {fit.lo - margin, fit.hi + margin, true};
}

// All values, but a few wild ones (the first fits) may leave the chart through its top instead of flattening the rest.
AxisView FitNll(const std::vector<double>& nll) {
  const double low = Quantile(nll, 0.05), high = Quantile(nll, 0.95), fence = 3 * std::max(high - low, 0.05);
  RangeOf range;
  for (double v : nll) {
    if (v >= low - fence && v <= high + fence) range.Add(v);
  }
  return range.View(0.06);
}

}  // namespace

CurveData BuildCurves(const EpisodeList& episodes, XAxis x_axis) {
  CurveData data;
  std::vector<eps::Pick> picks;
  double last_x = -1e300;
  for (const auto& record : episodes) {
    // A clock that was set back must not break the order that the charts rely on.
    last_x = std::max(last_x, Position(*record, x_axis));
    picks.push_back(record->decision.pick);
    data.episode.push_back(record->episode);
    data.actor.push_back(ActorOf(record->decision.pick, record->decision.reason));
    data.x.push_back(last_x);
    data.episode_return.push_back(record->episode_return);
    data.predicted_lo.push_back(record->predicted_lo);
    data.predicted_hi.push_back(record->predicted_hi);
    // The prediction is for the policy that acted: where the other one takes over, a new band begins.
    const bool model_based = record->decision.pick == eps::Pick::kModelBased;
    const double nan = std::nan("");
    data.model_based_lo.push_back(model_based ? record->predicted_lo : nan);
    data.model_based_hi.push_back(model_based ? record->predicted_hi : nan);
    data.model_free_lo.push_back(model_based ? nan : record->predicted_lo);
    data.model_free_hi.push_back(model_based ? nan : record->predicted_hi);
    data.nll.push_back(record->nll);
    data.has_nll = data.has_nll || std::isfinite(record->nll);
  }
  data.smoothing_window = std::max(12, static_cast<int>(episodes.size()) / 100);
  data.smoothed = Smooth(data.episode_return, 1 - 1.0 / data.smoothing_window);
  data.fraction_model_free = FractionModelFree(picks, kFractionWindow);
  RangeOf x;
  x.Add(data.x);
  x.Add(x_axis == XAxis::kEpisode ? 1 : 0);
  data.x_fit = x.View(0.015);
  data.return_fit = FitReturns(data);
  data.nll_fit = FitNll(data.nll);
  return data;
}

size_t CurveData::Nearest(double at) const {
  if (x.empty()) return 0;
  const size_t above = static_cast<size_t>(std::lower_bound(x.begin(), x.end(), at) - x.begin());
  if (above == 0) return 0;
  if (above == x.size()) return above - 1;
  return at - x[above - 1] < x[above] - at ? above - 1 : above;
}

size_t CurveData::IndexOf(int wanted_episode) const {
  const auto found = std::lower_bound(episode.begin(), episode.end(), wanted_episode);
  return found != episode.end() && *found == wanted_episode ? static_cast<size_t>(found - episode.begin()) : size();
}

const char* Label(XAxis x_axis) {
  switch (x_axis) {
    case XAxis::kEpisode:
      return "episode";
    case XAxis::kEnvironmentSteps:
      return "env steps";
    case XAxis::kGradientSteps:
      return "gradient steps";
    case XAxis::kWallTime:
      return "wall clock, minutes";
  }
  return "";
}

double FlagPosition(const CurveData& data, int episode) {
  const auto found = std::lower_bound(data.episode.begin(), data.episode.end(), episode);
  const size_t i = static_cast<size_t>(found - data.episode.begin());
  if (i == data.size()) return data.x.empty() ? 0 : data.x.back();
  return i == 0 ? data.x[0] : 0.5 * (data.x[i - 1] + data.x[i]);
}

}  // namespace equipoise::ui
