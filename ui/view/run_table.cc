#include "ui/view/run_table.h"

#include <algorithm>
#include <cmath>

#include "ui/view/has_words.h"

namespace equipoise::ui {
namespace {

bool Found(const run::RunSummary& run, const std::string& search) {
  const auto& d = run.description;
  return HasWords(run.folder + " " + run.State() + " " + d.task + " " + d.agent + " " + d.preset + " seed " +
                      std::to_string(d.seed) + (d.steered ? " steered" : ""),
                  search);
}

// What is no number comes last, whichever way round.
int Compare(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return 0;
  return a < b ? -1 : a > b ? 1 : 0;
}

int Compare(const run::RunSummary& a, const run::RunSummary& b, RunColumn by) {
  const auto &p = a.description, &q = b.description;
  switch (by) {
    case RunColumn::kStarted:
      return 0;
    case RunColumn::kState:
      return std::string(a.State()).compare(b.State());
    case RunColumn::kName:
      return a.folder.compare(b.folder);
    case RunColumn::kTask:
      return p.task.compare(q.task);
    case RunColumn::kAgent:
      return (p.agent + p.preset).compare(q.agent + q.preset);
    case RunColumn::kSeed:
      return Compare(static_cast<double>(p.seed), static_cast<double>(q.seed));
    case RunColumn::kEpisodes:
      return Compare(a.episodes, b.episodes);
    case RunColumn::kMean:
      return Compare(a.LastMean(10), b.LastMean(10));
  }
  return 0;
}

bool HasValue(const run::RunSummary& run, RunColumn by) {
  return run.problem.empty() && (by != RunColumn::kMean || !std::isnan(run.LastMean(10)));
}

}  // namespace

std::vector<size_t> RowsOf(const std::vector<run::RunSummary>& runs, const RunTableView& view) {
  std::vector<size_t> rows;
  for (size_t i = 0; i < runs.size(); ++i)
    if (Found(runs[i], view.search)) rows.push_back(i);
  if (view.by == RunColumn::kStarted) {
    if (view.descending) std::reverse(rows.begin(), rows.end());
    return rows;
  }
  std::stable_sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
    const bool has_a = HasValue(runs[a], view.by), has_b = HasValue(runs[b], view.by);
    if (has_a != has_b) return has_a;
    const int order = Compare(runs[a], runs[b], view.by);
    return view.descending ? order > 0 : order < 0;
  });
  return rows;
}

}  // namespace equipoise::ui
