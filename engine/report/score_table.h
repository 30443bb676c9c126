// score_table.h: a row for each agent, a column for each task, as Table 1 of Freed et al. 2024.
//
//   cell         mean over runs with its 95 % confidence interval (browse/run_statistics.h)
//   bold         the largest mean of a column, and every other one that is not significantly below it (p >= 0.05)
//   better row   of several agents, in each column the one with the larger mean: what choosing between them in hindsight
//                would have reached. It is no agent and never bold
//   asterisk     on an agent that is made of those, where it is significantly above their better row
//   normalised   min-max over the means of a column, averaged over the columns; only of a row that has all of them
//
// Thread   any; no state
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "engine/browse/run_statistics.h"

namespace equipoise::report {

struct ScoreCell {
  run::MeanOfRuns mean;  // n = 0: no run
  bool bold = false, asterisk = false;
};
struct ScoreRow {
  std::string name;
  std::vector<ScoreCell> cells;  // by task
  double normalised = NAN;
  bool better_of_several = false;
};
struct ColumnRange {
  double lo = NAN, hi = NAN;
  double Normalised(double value) const { return hi > lo ? (value - lo) / (hi - lo) : NAN; }
};
struct ScoreTable {
  std::vector<std::string> tasks;
  std::vector<ScoreRow> rows;
  std::vector<ColumnRange> ranges;  // of the means, by task
};

// Rows by their names: `better` of `each`, held against `challenger`.
struct BetterOfRows {
  std::string challenger;
  std::vector<std::string> each;
};

// Of a run's mean returns: [row][task]. A better row stands behind the last of those that it is of; without all of them
// there is none.
ScoreTable MakeScoreTable(const std::vector<std::string>& tasks, const std::vector<std::string>& names,
                          const std::vector<std::vector<run::MeanOfRuns>>& means,
                          const std::vector<BetterOfRows>& better);

// "**493.1 \u00b1 9.9***" in Markdown.
std::string CellMarkdown(const ScoreCell& cell);
std::string ScoreMarkdown(const ScoreTable& table);
// A line for each cell: agent, task, runs, mean, half, sd, bold, asterisk, normalised.
std::string ScoreCsv(const ScoreTable& table);

}  // namespace equipoise::report
