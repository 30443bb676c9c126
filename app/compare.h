// compare.h: several runs side by side: a Markdown table of block means and an SVG of the learning curves.
//
// Runs are grouped as in engine/browse/run_groups.h; a group is named by its agent and by what tells it from the
// others. The table's blocks are as long as leaves it at most 16 columns; below the runs of a group stands their mean
// with one standard deviation, over those that have the block whole (n = 2 where not all do). Curves are means over ten
// executed episodes; a group's line is the mean over the runs that reach an episode with a band of one standard
// deviation, each run stands faintly behind it. Below, the share of model-free picks in the last twenty.
//
// Units    return: undiscounted sum of raw rewards; x: picked episodes (random ones are not counted)
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/browse/run_curves.h"

namespace equipoise::app {

std::string CompareMarkdown(const std::vector<run::RunCurve>& runs);

// The better of several agents, each in runs of its own: what choosing between them in hindsight would have reached, for
// so many times the steps (the max row of Freed et al. 2024, Table 1). The larger of the agents' means, not the better
// run or episode of each. Over the episodes that all these runs have.
struct BestOf {
  std::vector<std::string> agents;
  size_t episodes = 0;
  std::string best;   // the first of those with the largest mean
  double mean = NAN;  // its
};
// Error: an agent that has no run here, or runs of several experiments.
Result<BestOf> BetterOf(const std::vector<run::RunCurve>& runs, const std::vector<std::string>& agents);
std::string NameOf(const BestOf& best);  // "max(a, b)"
// Every group and the better one: mean of all those episodes with its 95 % confidence interval over runs, and p of
// equal means against the better one (run_statistics.h).
std::string BestMarkdown(const std::vector<run::RunCurve>& runs, const BestOf& best);

// `best`, unless null, is drawn as a line across.
std::string CompareSvg(const std::vector<run::RunCurve>& runs, const std::string& title, const BestOf* best = nullptr);

}  // namespace equipoise::app
