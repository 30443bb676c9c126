// run_tiles.h: runs as small curves: the seeds of a cell beside each other, on one scale for a task; of a sweep also the
// runs that have not begun.
//
// Pure: no ImGui call. Cost: linear in runs, and sorting
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/browse/run_list.h"
#include "engine/sweep/standing.h"

namespace equipoise::ui {

// At most `columns` means of consecutive values, those that are not finite left out; NaN where all are. Fewer than two
// values make no curve: {}.
std::vector<double> Thinned(const std::vector<double>& values, size_t columns);

// A run that a sweep asks for.
struct PlannedRun {
  std::string folder, task, cell;  // cell: "sac, small; Distractors from the start"
  int64_t seed = 0;
  sweep::Stand stand = sweep::Stand::kWaiting;
  std::string why;  // it failed: a sentence
};
// Of the wanted lines, in their order.
std::vector<PlannedRun> PlannedRuns(const sweep::Manifest& manifest, const std::vector<sweep::RunStanding>& standings,
                                    const std::string& folder);

struct RunTile {
  static constexpr size_t kNoRun = SIZE_MAX;
  size_t run = kNoRun;  // index into the runs; kNoRun: it has no folder yet
  int64_t seed = 0;
  std::string state, why;     // as RunSummary::State; of a sweep "waiting" and "failed" as well
  std::vector<double> curve;  // Thinned returns
};
struct TileGroup {
  std::string task, title;         // title: what its tiles have in common, the task apart
  double lowest = 0, highest = 0;  // of all curves of the task; equal ones when there is none
  std::vector<RunTile> tiles;      // rising seeds
};
// Groups of planned runs in the order of the plan, behind them those of other runs by task and title. `curves`: of each
// run, Thinned. `found`: indices of the runs that are wanted; planned ones without a folder are wanted when every word of
// `search` stands in them.
std::vector<TileGroup> TilesOf(const std::vector<run::RunSummary>& runs, const std::vector<std::vector<double>>& curves,
                               const std::vector<size_t>& found, const std::vector<PlannedRun>& planned,
                               const std::string& search);

}  // namespace equipoise::ui
