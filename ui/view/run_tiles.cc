#include "ui/view/run_tiles.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "engine/config/task_name.h"
#include "ui/view/has_words.h"

namespace equipoise::ui {
namespace {

// Tiles by task and title, in the order in which they came.
class Groups {
 public:
  TileGroup& Of(const std::string& task, const std::string& title) {
    const auto [at, added] = index_.insert({{task, title}, groups_.size()});
    if (added) {
      groups_.emplace_back();
      groups_.back().task = task;
      groups_.back().title = title;
    }
    return groups_[at->second];
  }
  std::vector<TileGroup> Take() { return std::move(groups_); }

 private:
  std::map<std::pair<std::string, std::string>, size_t> index_;
  std::vector<TileGroup> groups_;
};

void ScaleByTask(std::vector<TileGroup>* groups) {
  std::map<std::string, std::pair<double, double>> range;
  for (const TileGroup& group : *groups) {
    auto& [lowest, highest] = range.insert({group.task, {INFINITY, -INFINITY}}).first->second;
    for (const RunTile& tile : group.tiles) {
      for (const double value : tile.curve) {
        if (!std::isfinite(value)) continue;
        lowest = std::min(lowest, value);
        highest = std::max(highest, value);
      }
    }
  }
  for (TileGroup& group : *groups) {
    const auto [lowest, highest] = range.at(group.task);
    if (lowest <= highest) group.lowest = lowest, group.highest = highest;
  }
}

}  // namespace

std::vector<double> Thinned(const std::vector<double>& values, size_t columns) {
  columns = std::min(values.size(), columns);
  if (columns < 2) return {};
  std::vector<double> means;
  for (size_t i = 0; i < columns; ++i) {
    double sum = 0;
    int count = 0;
    for (size_t k = i * values.size() / columns; k < (i + 1) * values.size() / columns; ++k) {
      if (!std::isfinite(values[k])) continue;
      sum += values[k];
      ++count;
    }
    means.push_back(count > 0 ? sum / count : NAN);
  }
  return means;
}

std::vector<PlannedRun> PlannedRuns(const sweep::Manifest& manifest, const std::vector<sweep::RunStanding>& standings,
                                    const std::string& folder) {
  const sweep::SweepPaths paths(folder);
  std::vector<PlannedRun> planned;
  for (const sweep::RunStanding& standing : standings) {
    const sweep::ManifestLine& line = manifest.lines.at(standing.line);
    const std::string cell = line.Cell() + (line.failure.empty() ? "" : "; " + line.failure);
    planned.push_back(
        {paths.Run(line.name), config::TaskStem(line.task), cell, line.seed, standing.stand, standing.why});
  }
  return planned;
}

std::vector<TileGroup> TilesOf(const std::vector<run::RunSummary>& runs, const std::vector<std::vector<double>>& curves,
                               const std::vector<size_t>& found, const std::vector<PlannedRun>& planned,
                               const std::string& search) {
  std::map<std::string, size_t> by_folder;
  for (size_t i = 0; i < runs.size(); ++i) by_folder[runs[i].folder] = i;
  std::vector<bool> wanted(runs.size(), false), placed(runs.size(), false);
  for (const size_t i : found) wanted[i] = true;
  const auto tile_of = [&](size_t run, int64_t seed) {
    return RunTile{run, seed, runs[run].State(), runs[run].problem, curves[run]};
  };
  Groups groups;
  for (const PlannedRun& plan : planned) {
    const auto at = by_folder.find(plan.folder);
    const bool begun = at != by_folder.end();
    const std::string state = sweep::Name(plan.stand);
    if (begun) placed[at->second] = true;
    if (begun ? !wanted[at->second]
              : !HasWords(plan.task + " " + plan.cell + " seed " + std::to_string(plan.seed) + " " + state, search))
      continue;
    RunTile tile = begun ? tile_of(at->second, plan.seed) : RunTile{};
    tile.seed = plan.seed;
    if (!begun || plan.stand == sweep::Stand::kFailed) tile.state = state, tile.why = plan.why;
    groups.Of(plan.task, plan.cell).tiles.push_back(std::move(tile));
  }
  std::vector<size_t> others;
  for (size_t i = 0; i < runs.size(); ++i)
    if (wanted[i] && !placed[i]) others.push_back(i);
  const auto task = [&](size_t i) { return config::TaskStem(runs[i].description.task); };
  const auto title = [&](size_t i) {
    const auto& d = runs[i].description;
    return runs[i].problem.empty() ? d.agent + ", " + d.preset : std::string("unreadable");
  };
  std::stable_sort(others.begin(), others.end(), [&](size_t a, size_t b) {
    return std::make_pair(task(a), title(a)) < std::make_pair(task(b), title(b));
  });
  for (const size_t i : others) groups.Of(task(i), title(i)).tiles.push_back(tile_of(i, runs[i].description.seed));
  std::vector<TileGroup> all = groups.Take();
  for (TileGroup& group : all)
    std::stable_sort(group.tiles.begin(), group.tiles.end(),
                     [](const RunTile& a, const RunTile& b) { return a.seed < b.seed; });
  ScaleByTask(&all);
  return all;
}

}  // namespace equipoise::ui
