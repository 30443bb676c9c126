// run_table.h: the rows of a table of runs: found by a word, in the order of a column.
//
// Pure: no ImGui call. Cost: linear, and sorting
#pragma once

#include <string>
#include <vector>

#include "engine/browse/run_list.h"

namespace equipoise::ui {

enum class RunColumn { kStarted, kState, kName, kTask, kAgent, kSeed, kEpisodes, kMean };

struct RunTableView {
  std::string search;                  // every word of it must stand somewhere in the row
  RunColumn by = RunColumn::kStarted;  // the newest first
  bool descending = false;
  // A click on a heading: by that column; again: the other way round.
  void SortBy(RunColumn column) {
    descending = by == column && !descending;
    by = column;
  }
};

// Indices into `runs`; of equal rows in the order of `runs`, which is that of their start.
std::vector<size_t> RowsOf(const std::vector<run::RunSummary>& runs, const RunTableView& view);

}  // namespace equipoise::ui
