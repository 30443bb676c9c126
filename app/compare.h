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

#include <string>
#include <vector>

#include "engine/browse/better_of.h"
#include "engine/browse/run_curves.h"

namespace equipoise::app {

std::string CompareMarkdown(const std::vector<run::RunCurve>& runs);

// Every group and the better one: mean of all those episodes with its 95 % confidence interval over runs, and p of
// equal means against the better one (run_statistics.h).
std::string BestMarkdown(const std::vector<run::RunCurve>& runs, const run::BestOf& best);

// `best`, unless null, is drawn as a line across.
std::string CompareSvg(const std::vector<run::RunCurve>& runs, const std::string& title,
                       const run::BestOf* best = nullptr);

}  // namespace equipoise::app
