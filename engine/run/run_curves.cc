#include "engine/run/run_curves.h"

#include <algorithm>
#include <cmath>

#include "engine/run/records.h"

namespace equipoise::run {

Result<RunCurve> ReadCurve(const std::string& folder) {
  auto description = store::ReadDescription(folder);
  if (!description.ok()) return description.error();
  auto history = ReadHistory(folder);
  if (!history.ok()) return history.error();
  RunCurve curve;
  curve.folder = folder;
  curve.task = description.value().task;
  curve.agent = description.value().agent;
  curve.preset = description.value().preset;
  curve.seed = static_cast<long>(description.value().seed);
  curve.steered = description.value().steered;
  for (const EpisodeRecord& r : history.value().episodes) {
    if (r.episode < 1) continue;
    curve.returns.push_back(r.episode_return);
    curve.model_free.push_back(r.decision.pick == eps::Pick::kModelFree);
    curve.forced.push_back(r.decision.reason == eps::Reason::kForced);
  }
  return curve;
}

void CutTo(size_t episodes, RunCurve* curve) {
  if (curve->returns.size() <= episodes) return;
  curve->returns.resize(episodes);
  curve->model_free.resize(episodes);
  curve->forced.resize(episodes);
}

std::vector<double> BlockMeans(const std::vector<double>& values, int block) {
  const auto size = static_cast<size_t>(block);
  std::vector<double> means;
  for (size_t i = 0; i + size <= values.size(); i += size) {
    double sum = 0;
    for (size_t k = i; k < i + size; ++k) sum += values[k];
    means.push_back(sum / block);
  }
  return means;
}

int BlockForTable(size_t episodes) {
  constexpr size_t kColumns = 16;
  for (int decade = kBlock;; decade *= 10)
    for (int factor : {1, 2, 5})
      if (episodes <= kColumns * static_cast<size_t>(factor * decade)) return factor * decade;
}

std::vector<double> ModelFreeFraction(const std::vector<bool>& model_free, int window) {
  std::vector<double> out;
  int inside = 0;
  for (size_t i = 0; i < model_free.size(); ++i) {
    inside += model_free[i];
    if (i >= static_cast<size_t>(window)) inside -= model_free[i - static_cast<size_t>(window)];
    out.push_back(static_cast<double>(inside) /
                  static_cast<double>(std::min<size_t>(i + 1, static_cast<size_t>(window))));
  }
  return out;
}

double ValueAt(const CurveLine& line, double at) {
  const std::vector<double>& x = line.x;
  if (x.empty() || !(at >= x.front()) || !(at <= x.back())) return NAN;
  const auto above = static_cast<size_t>(std::lower_bound(x.begin(), x.end(), at) - x.begin());
  if (x[above] == at) return std::isfinite(line.y[above]) ? line.y[above] : NAN;
  const double before = line.y[above - 1], after = line.y[above];
  if (!std::isfinite(before) || !std::isfinite(after)) return NAN;
  return before + (at - x[above - 1]) / (x[above] - x[above - 1]) * (after - before);
}

CurveBand MeanOverRuns(const std::vector<CurveLine>& lines, size_t most) {
  CurveBand band;
  band.runs = static_cast<int>(lines.size());
  double from = -INFINITY, to = INFINITY;
  for (const CurveLine& line : lines) {
    if (line.x.empty()) return band;
    from = std::max(from, line.x.front());
    to = std::min(to, line.x.back());
  }
  if (lines.empty() || from > to) return band;
  for (const CurveLine& line : lines) {
    for (double x : line.x) {
      if (x >= from && x <= to) band.x.push_back(x);
    }
  }
  std::sort(band.x.begin(), band.x.end());
  band.x.erase(std::unique(band.x.begin(), band.x.end()), band.x.end());
  if (band.x.size() > most && most > 1) {
    band.x.clear();
    for (size_t i = 0; i < most; ++i)
      band.x.push_back(from + (to - from) * static_cast<double>(i) / static_cast<double>(most - 1));
  }
  const auto n = static_cast<double>(lines.size());
  for (double x : band.x) {
    double sum = 0, squares = 0;
    for (const CurveLine& line : lines) sum += ValueAt(line, x);
    const double mean = sum / n;
    for (const CurveLine& line : lines) squares += std::pow(ValueAt(line, x) - mean, 2);
    const double sd = lines.size() > 1 ? std::sqrt(squares / (n - 1)) : NAN;
    band.mean.push_back(mean);
    band.lo.push_back(mean - sd);
    band.hi.push_back(mean + sd);
  }
  return band;
}

std::string BandName(int runs) {
  return "mean \xc2\xb1 1 sd over " + std::to_string(runs) + (runs == 1 ? " run" : " runs");
}

}  // namespace equipoise::run
