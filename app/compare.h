// compare.h: several runs side by side: a Markdown table of block means and an SVG of the learning curves.
//
// Runs are grouped by agent. The table's blocks are as long as leaves it at most 16 columns. Curves are means over ten
// executed episodes; a group's line is the mean over its runs with a band of one standard deviation, each run stands
// faintly behind it. Below, the share of model-free picks in the last twenty.
//
// Units    return: undiscounted sum of raw rewards; x: picked episodes (random ones are not counted)
#pragma once

#include <string>
#include <vector>

#include "engine/run/run_curves.h"

namespace equipoise::app {

std::string CompareMarkdown(const std::vector<run::RunCurve>& runs);
std::string CompareSvg(const std::vector<run::RunCurve>& runs, const std::string& title);

}  // namespace equipoise::app
