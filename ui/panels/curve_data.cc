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
  const double q1 = Quantile(nll, 0.25), q3 = Quantile(nll, 0.75), fence = 6 * std::max(q3 - q1, 0.05);
  RangeOf range;
  for (double v : nll) {
    if (v >= q1 - fence && v <= q3 + fence) range.Add(v);
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
    data.nll.push_back(record->nll);
    data.has_nll = data.has_nll || std::isfinite(record->nll);
  }
  data.smoothed = Smooth(data.episode_return, kReturnSmoothing);
  data.fraction_model_free = FractionModelFree(picks, kFractionWindow);
  RangeOf x;
  x.Add(data.x);
  x.Add(x_axis == XAxis::kEpisode ? 1 : 0);
  data.x_fit = x.View(0.01);
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
