#include "engine/browse/run_curves.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "engine/agent/recipes.h"
#include "engine/config/config_file.h"
#include "engine/record/episode_reader.h"
#include "engine/record/fraction_counter.h"
#include "engine/record/run_settings.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {

Result<RunCurve> ReadCurve(const std::string& folder) {
  auto description = store::ReadDescription(folder);
  if (!description.ok()) return description.error();
  RunCurve curve;
  curve.folder = folder;
  auto settings = SettingsOf(description.value(), folder);
  if (!settings.ok()) return settings.error();
  curve.identity = IdentityOf(settings.value(), description.value());
  const nets::PartList parts = agent::PartsOf(settings.value());
  EpisodeReader reader(folder);
  const Status read = reader.Read([] {},
                                  [&](const EpisodeSummary& r) {
                                    if (r.episode < 1) return;
                                    curve.returns.push_back(r.episode_return);
                                    curve.model_free.push_back(parts.ModelFree(r.decision.pick.id()));
                                    curve.forced.push_back(r.decision.reason == eps::Reason::kForced);
                                  });
  if (!read) return read.error();
  return curve;
}

std::vector<RunGroup> GroupCurves(const std::vector<RunCurve>& runs) {
  std::vector<RunIdentity> identities;
  for (const RunCurve& run : runs) identities.push_back(run.identity);
  return GroupRuns(identities);
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
  FractionCounter counter(window);
  std::vector<double> out;
  for (const bool pick : model_free) out.push_back(counter.Add(pick));
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
  std::vector<const CurveLine*> any;
  for (const CurveLine& line : lines)
    if (!line.x.empty()) any.push_back(&line);
  band.runs = static_cast<int>(any.size());
  std::vector<double> ends;
  for (const CurveLine* line : any) ends.push_back(line->x.back());
  band.fewer = FewerAfter(std::move(ends));
  for (const CurveLine* line : any) band.x.insert(band.x.end(), line->x.begin(), line->x.end());
  std::sort(band.x.begin(), band.x.end());
  band.x.erase(std::unique(band.x.begin(), band.x.end()), band.x.end());
  if (band.x.size() > most && most > 1) {
    const double from = band.x.front(), to = band.x.back();
    band.x.clear();
    for (size_t i = 0; i < most; ++i)
      band.x.push_back(from + (to - from) * static_cast<double>(i) / static_cast<double>(most - 1));
    band.x.back() = to;
  }
  for (const double x : band.x) {
    double sum = 0, squares = 0;
    int n = 0;
    const auto reaches = [x](const CurveLine* line) { return line->x.front() <= x && x <= line->x.back(); };
    for (const CurveLine* line : any) {
      if (!reaches(line)) continue;
      sum += ValueAt(*line, x);
      ++n;
    }
    const double mean = n > 0 ? sum / n : NAN;
    for (const CurveLine* line : any)
      if (reaches(line)) squares += std::pow(ValueAt(*line, x) - mean, 2);
    const double sd = n > 1 ? std::sqrt(squares / (n - 1)) : NAN;
    band.mean.push_back(mean);
    band.lo.push_back(mean - sd);
    band.hi.push_back(mean + sd);
    band.n.push_back(n);
  }
  return band;
}

std::vector<FewerRuns> FewerAfter(std::vector<double> ends) {
  std::sort(ends.begin(), ends.end());
  std::vector<FewerRuns> fewer;
  for (size_t i = 0; i + 1 < ends.size(); ++i)
    if (ends[i] < ends[i + 1]) fewer.push_back({static_cast<int>(ends.size() - i - 1), ends[i]});
  return fewer;
}

std::string CountText(int runs, const std::vector<FewerRuns>& fewer) {
  std::string text = std::to_string(runs) + (runs == 1 ? " run" : " runs");
  for (const FewerRuns& end : fewer) {
    char after[32];
    std::snprintf(after, sizeof after, "%.6g", end.after);
    text += ", " + std::to_string(end.runs) + " after " + after;
  }
  return text;
}

std::string BandName(const CurveBand& band) { return "mean \xc2\xb1 1 sd over " + CountText(band.runs, band.fewer); }

}  // namespace equipoise::run
