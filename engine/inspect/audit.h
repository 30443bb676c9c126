// audit.h: a whole run held against itself: is every record as it was written, and does everything that can be computed
// again come out again?
//
//   run.json         says what the newest checkpoint says of the run
//   logs             every line carries its check, in one chain, up to where each checkpoint knows of
//   progress.csv, TensorBoard   as the log gives them
//   checkpoints      whole, and on lines that stand
//   replay.bin       every episode whole; simulated again from its actions, pushes and distractors included: the same
//                    observations and rewards, to the bit; its sum and who acted as the log has them
//   decisions/       each one made again: the same K x P returns (or, planned, the same actions)
//
// Reads only. What was computed on another processor or by another build need not come out to the bit: that is said,
// not held against the run.
//
// Thread   one; PollInterrupt is heard
// Errors   no run; somebody is writing it. What is wrong with the run is in the report
// Cost     one environment step for each that the run made, one check for each decision that is kept
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::run {

struct AuditReport {
  std::vector<std::string> damaged;   // not as it was written, gone, or in contradiction to another record
  std::vector<std::string> differs;   // made again, and something else came out
  std::vector<std::string> unjudged;  // cannot be judged here, and why
  int lines = 0, checkpoints = 0;     // that were found whole
  int episodes = 0, simulated = 0;    // in the log; of those, simulated again to the bit
  int pushed = 0, distracted = 0;     // of the simulated ones, with a hand's pushes, with distractors
  int decisions = 0, decided = 0;     // kept and acted on; of those, made again to the same numbers
  bool whole() const { return damaged.empty() && differs.empty(); }
};

// `progress` (may be empty) hears how much of the slow part is done.
Result<AuditReport> Audit(const std::string& folder, const std::function<void(int done, int total)>& progress);

}  // namespace equipoise::run
