// health.h: what is wrong with a run, in sentences that a newcomer can act on: what is the case, and what to try.
//
// Judged by the newest records (R = kHealthWindow of those that have the number, at least kHealthLeast of them where a
// mean is taken), so that an old trouble is forgotten:
//   no answer   more than half of the newest check's masks gave no finite return
//   unfit       eta/N >= 1: the prior weighs more than all N trajectories; or the fit is less than 5 % better than
//               predicting the data's mean and spread, whose NLL is 1/2 ln(2 pi e) = 1.419 nats per output (median over
//               R, and the newest within 10 %): slow, unless it is twice as bad as that or model.lr is above 0.01
//   skipped     steps whose loss was not finite were skipped in one of R episodes; or a guard's shorter steps last
//   leaves      at least 1 % of the state entries that the check imagined left the range of the data (mean over R)
//   overrates   mean of predicted - realised return over R episodes of one policy, beyond the mean width of the masks'
//               5-95 % band in the same episodes (predictions only where a check was complete: a censored one has none)
//   too sure    JudgeCoverage of the mean over R; unsure: the same, once there are R
//   alpha       SAC's entropy bonus is tuned and has fallen below 0.001
//   clipped     at least 90 % of the gradient steps were clipped (mean over R), the mean norm is so many times the
//   limit
//               (20 for the model, 500 for the policy) and the loss says so too: the model's rises, or what the policy
//               imagines to earn does not. Clipping alone is normal: Adam undoes a common factor
//
// Advice is given only where it can be followed and can help: nothing that waits for episodes which will not come, no
// setting that is at its end, is tuned by itself or belongs to what is frozen, no more steps for a model that learns by
// heart (NLL of unseen episodes above that of the fit by a quarter of what guessing costs). Of an unfit model nothing
// else is said that follows from it.
//
// Units    returns raw, NLL in nats
// Thread   any; no state
// Cost     linear in the records looked at, searched from the newest end
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

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
  double band_width = NAN;  // mean of predicted_hi - predicted_lo
};
Bias PredictionBias(const Records& records, eps::Pick policy);

// `outputs`: numbers that the model predicts for a step, reward included; 0 when it is not known. `newest`: the newest
// decision, maybe not acted on yet; may be null. The most urgent sentence first; empty: nothing to say.
std::vector<std::string> Diagnose(const config::Settings& settings, const nets::PartList& parts, const Records& records,
                                  const eps::Decision* newest, int outputs);

// Those sentences of `health` that are news, and remembers them: their numbers change with every episode, so a sentence
// is the one that was said before when all up to its first digit is.
std::vector<std::string> NewAilments(const std::vector<std::string>& health, std::set<std::string>* said);

// What the model of these settings predicts for a step of this task.
int ModelOutputs(const config::Settings& settings, const env::TaskInfo& task);

}  // namespace equipoise::run
