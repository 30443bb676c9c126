// compare.h: several runs side by side: a Markdown table of block means and an SVG of the learning curves.
//
// Runs are grouped by agent. Curves are means over ten executed episodes; a group's line is the mean over its runs,
// each run stands faintly behind it. Below, the share of model-free picks in the last twenty.
//
// Units    return: undiscounted sum of raw rewards; x: picked episodes (random ones are not counted)
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::app {

struct RunCurve {
  std::string folder, task, agent, preset;
  long seed = 0;
  bool steered = false;
  std::vector<double> returns;           // of picked episodes, in order
  std::vector<bool> model_free, forced;  // who acted
};

Result<RunCurve> ReadCurve(const std::string& folder);

constexpr int kBlock = 10;
// Means of consecutive blocks of ten; a last incomplete block is left out.
std::vector<double> BlockMeans(const std::vector<double>& values);
// Share of model-free picks among the last `window` picks, at each pick.
std::vector<double> ModelFreeFraction(const RunCurve& run, int window);

std::string CompareMarkdown(const std::vector<RunCurve>& runs);
std::string CompareSvg(const std::vector<RunCurve>& runs, const std::string& title);

}  // namespace equipoise::app
