// better_of.h: the better of several agents, each in runs of its own: what choosing between them in hindsight would have
// reached, for so many times the steps (the max row of Freed et al. 2024, Table 1). The larger of the agents' means, not
// the better run or episode of each. Over the episodes that all these runs have.
//
// Units    return, as RunCurve
// Thread   any; no state
// Errors   BetterOf: an agent that has no run here, or runs of several experiments
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/browse/run_curves.h"
#include "engine/browse/run_list.h"
#include "engine/browse/run_statistics.h"

namespace equipoise::run {

struct BestOf {
  std::vector<std::string> agents;
  size_t episodes = 0;
  std::string best;   // the first of those with the largest mean
  double mean = NAN;  // its
};
Result<BestOf> BetterOf(const std::vector<RunCurve>& runs, const std::vector<std::string>& agents);
std::string NameOf(const BestOf& best);  // "max(a, b)"
// By run of a group, of those that have so many.
std::vector<double> MeansOfFirst(const RunGroup& group, const std::vector<RunCurve>& runs, size_t episodes);
// "61.2", "61.2 +- 3.4" with a real sign; "-" of no run.
std::string MeanText(const MeanOfRuns& mean);
// Of a group that stands beside the better one, by its runs' means and the better one's: "higher, p = 0.0012 *", with a
// star where it is significantly so; "too few runs for a test".
std::string AgainstText(const std::vector<double>& means, const std::vector<double>& better);

// Of runs that lie in one folder, for each task: the better of the learners that an agent has, each alone
// (agent/alone.h), where all of them have runs. Left out are runs that cannot be read, were steered by hand, or have no
// episode yet.
struct BetterRow {
  std::string task;
  BestOf best;
  MeanOfRuns mean;      // of the better one
  std::string problem;  // there is no such number: why
  struct Beside {
    std::string name, mean, against;  // of a group; `against` empty for one of the compared
    int runs = 0;
  };
  std::vector<Beside> beside;  // the compared ones, then the agent that has both
};
std::vector<BetterRow> BetterRows(const std::vector<RunSummary>& runs);
// What a row says when it is pointed at, lines.
std::string Explain(const BetterRow& row);

}  // namespace equipoise::run
