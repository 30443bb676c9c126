// run_curves.h: several runs side by side: what `equipoise compare` tabulates and the window draws behind its curves.
//
// Mean over runs, with a band of one sample standard deviation on either side: at each x the runs are interpolated
// linearly between their neighbours. The line goes only as far as all runs go, and where one of them has no finite
// value it has a gap: a mean over a changing set of runs would jump without any run doing so.
//
// Units    return: undiscounted sum of raw rewards; picked episodes only (random ones are not counted)
// Thread   any; no state
// Errors   ReadCurve: a folder that is no run; a line that is not as written
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::run {

struct RunCurve {
  std::string folder, task, agent, preset;
  long seed = 0;
  bool steered = false;
  std::vector<double> returns;           // of picked episodes, in order
  std::vector<bool> model_free, forced;  // who acted
};
Result<RunCurve> ReadCurve(const std::string& folder);
void CutTo(size_t episodes, RunCurve* curve);  // leaves a shorter one as it is

constexpr int kBlock = 10;
// Means of consecutive blocks; a last incomplete one is left out.
std::vector<double> BlockMeans(const std::vector<double>& values, int block = kBlock);
// The smallest of 10, 20, 50, 100, 200, ... that makes a table of at most 16 blocks.
int BlockForTable(size_t episodes);
// Share of model-free picks among the last `window` picks, at each pick.
std::vector<double> ModelFreeFraction(const std::vector<bool>& model_free, int window);

struct CurveLine {
  std::vector<double> x, y;  // x rising
};
// y at `at`, linear between the two neighbours; NaN outside of [first, last] and beside a value that is not finite.
double ValueAt(const CurveLine& line, double at);

struct CurveBand {
  int runs = 0;
  std::vector<double> x, mean, lo, hi;  // lo, hi: mean -+ 1 sd over runs; NaN for a single run
};
// At all x of all lines, or at `most` evenly spread ones when there are more.
CurveBand MeanOverRuns(const std::vector<CurveLine>& lines, size_t most = 1000);
// "mean +- 1 sd over 3 runs", with a real sign.
std::string BandName(int runs);

}  // namespace equipoise::run
