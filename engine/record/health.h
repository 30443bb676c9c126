// health.h: what is wrong with a run, as findings that a newcomer can act on: what is the case, and what to try.
//
// Judged by the newest records (R = kHealthWindow of those that have the number, at least kHealthLeast of them where a
// mean is taken), so that an old trouble is forgotten:
//   no answer   more than half of the newest check's masks gave no finite return
//   unfit       the model itself finds that it knows next to nothing yet (model/dropout_lstm_info.cc)
//   skipped     steps whose loss was not finite were skipped in one of R episodes; or a guard's shorter steps last
//   leaves      at least 1 % of the state entries that the check imagined left the range of the data (mean over R)
//   overrates   mean of predicted - realised return over R episodes of one policy, beyond the mean width of the masks'
//               5-95 % band in the same episodes (predictions only where a check was complete: a censored one has none);
//               of a model with one belief, beyond what the predictions miss by otherwise
//   too sure    JudgeCoverage of the mean over R; unsure: the same, once there are R
//   further     what a part finds in its own numbers (nets/part_info.h, `findings`)
//
// Advice is given only where it can be followed and can help (nets/finding.h). Of an unfit model nothing else is said
// that follows from it.
//
// Units    returns raw, NLL in nats
// Thread   any; no state
// Cost     linear in the records looked at, searched from the newest end
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/nets/finding.h"
#include "engine/record/snapshot.h"

namespace equipoise::run {

inline constexpr int kHealthWindow = 10;
inline constexpr int kHealthLeast = 5;

using Records = List<EpisodeSummary>;

// What a coverage says (model/diagnostics.h): right is 0.9 (n - 1)/(n + 1) for n masks. Too sure: reality lies in the
// band in less than kTooSureShare of what is right. Unsure: it leaves the band in less than kUnsureShare of what is
// right.
inline constexpr double kTooSureShare = 0.55, kUnsureShare = 0.2;
enum class Calibration { kRight, kTooSure, kUnsure };
Calibration JudgeCoverage(double coverage, int masks);

struct Bias {  // predicted - realised return of the episodes that one policy acted
  int episodes = 0;
  double mean = NAN;        // NaN: fewer than kHealthLeast episodes with a prediction
  double band_width = NAN;  // mean of predicted_hi - predicted_lo; 0: there was one belief
  double scatter = NAN;     // standard deviation around the mean
};
Bias PredictionBias(const Records& records, eps::Pick policy);

// `outputs`: numbers that the model predicts for a step, reward included; 0 when it is not known. `newest`: the newest
// decision, maybe not acted on yet; may be null. The most urgent finding first; empty: nothing to say.
std::vector<nets::Finding> Diagnose(const config::Settings& settings, const nets::PartList& parts,
                                    const Records& records, const eps::Decision* newest, int outputs);

// Those of `health` that are news, and remembers them by their ids: their numbers change with every episode.
std::vector<nets::Finding> NewFindings(const std::vector<nets::Finding>& health, std::set<std::string>* said);

// What the model of these settings predicts for a step of this task.
int ModelOutputs(const config::Settings& settings, const env::TaskInfo& task);

}  // namespace equipoise::run
