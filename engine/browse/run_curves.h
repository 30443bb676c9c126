// run_curves.h: several runs side by side: what `equipoise compare` tabulates and the window draws behind its curves.
//
// Mean over runs, with a band of one sample standard deviation on either side: at each x the runs are interpolated
// linearly between their neighbours. Seeds of a sweep are never all at the same episode, so the mean at x is over those
// that reach x, and the band says over how many: where one of them ends, the line may jump without any run doing so.
// Where a run that reaches x has no finite value, the line has a gap.
//
// Units    return: undiscounted sum of raw rewards; picked episodes only (random ones are not counted)
// Thread   any; no state
// Errors   ReadCurve: a folder that is no run; settings or a line that are not as written
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/browse/run_groups.h"

namespace equipoise::run {

struct RunCurve {
  std::string folder;
  RunIdentity identity;
  std::vector<double> returns;           // of picked episodes, in order
  std::vector<bool> model_free, forced;  // who acted
};
Result<RunCurve> ReadCurve(const std::string& folder);
std::vector<RunGroup> GroupCurves(const std::vector<RunCurve>& runs);
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

// Where fewer runs go on: so many beyond this x.
struct FewerRuns {
  int runs = 0;
  double after = 0;
};
struct CurveBand {
  int runs = 0;
  std::vector<FewerRuns> fewer;         // empty when all end together
  std::vector<double> x, mean, lo, hi;  // lo, hi: mean -+ 1 sd over runs; NaN over a single run
  std::vector<int> n;                   // runs that the mean at x is over
};
// At all x of all lines, or at `most` evenly spread ones when there are more.
CurveBand MeanOverRuns(const std::vector<CurveLine>& lines, size_t most = 1000);
// Of runs that end at these x.
std::vector<FewerRuns> FewerAfter(std::vector<double> ends);
// "3 runs", "3 runs, 2 after 40, 1 after 60"
std::string CountText(int runs, const std::vector<FewerRuns>& fewer);
// "mean +- 1 sd over 3 runs, 2 after 40", with a real sign.
std::string BandName(const CurveBand& band);

}  // namespace equipoise::run
