// what_if.h: what another rule would have made of a stored decision, without training anything anew.
//
//   least        every Delta_i > threshold; with threshold 0 the rule in force
//   fewer masks  the rule in force over the first K' masks: exactly what a check with K' would have evaluated, since
//                every mask has random streams of its own
//   mean         mean of Delta_i > threshold
//   share        at least a share q of all masks has Delta_i > 0
//   soft least   -tau log(1/K sum exp(-Delta_i / tau)) > 0: the least for tau -> 0, the mean for tau -> infinity
//   rollouts     the rule in force with M' rollouts under each mask. Single rollouts are not stored, only the standard
//                error e_i over M, so there is no verdict but a chance. With s_i^2 = M e_i^2 the mean over M' differs
//                from Delta_i by a normal with variance s_i^2 |1/M' - 1/M| (M' < M: a random part of the same rollouts;
//                M' > M: more of them, a flat prior on the mean), masks apart:  prod_i Phi(Delta_i / sd_i)
//
// A check that stopped early holds a censored set of masks. A rule is answered from it only where the missing masks
// cannot change the answer; where they could, and where a rule asks for more masks than were evaluated, the verdict is
// kUnknown and `why` says so. A mask that is not finite makes every rule but `fewer masks` (beyond K') not proved.
//
// What follows from another pick (other data, other learners) cannot be had from a log: every decision is asked alone.
// Units    raw returns
// Thread   any; no state
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "engine/eps/decision.h"

namespace equipoise::eps {

struct WhatIfRule {
  enum class Kind { kLeast, kFewerMasks, kRollouts, kMean, kShare, kSoftLeast } kind = Kind::kLeast;
  double value = 0;  // threshold, K', M', threshold, q in (0, 1], tau > 0
};

struct WhatIfAnswer {
  enum class Verdict { kProved, kNotProved, kChance, kUnknown } verdict = Verdict::kUnknown;
  double chance = NAN;     // of "proved": 1, 0, between them for kChance, NaN for kUnknown
  double statistic = NAN;  // what the rule compares with its threshold (least, mean, share, soft least); NaN: no such
  std::string why;         // of kUnknown: one clause
};
WhatIfAnswer Ask(const Decision& decision, const WhatIfRule& rule);

// Would the other policy of the decisive comparison have been picked? Forced, random and unchecked episodes stay as
// they were. kChance: the chance that the pick differs.
struct PickDifference {
  bool counted = false;  // the decision was a free one
  bool known = false;    // and the rule has an answer
  double chance = 0;     // that the pick differs: 0 or 1 unless the rule only gives a chance
  Pick other;            // who would act then
};
PickDifference Differs(const Decision& decision, const WhatIfRule& rule);

struct WhatIfCount {
  int decisions = 0;          // free ones: checked, not forced, not random
  int unknown = 0;            // of these: the log cannot tell
  int forced = 0;             // left as they were
  double differ = 0;          // picks that would differ; for kRollouts the expected number
  std::map<Pick, double> to;  // of these, by who would act
};
void Count(const Decision& decision, const WhatIfRule& rule, WhatIfCount* count);

// "12 of 180 past picks would differ: 10 to model-based, 2 to SAC. 9 cannot be told."
std::string Sentence(const WhatIfCount& count, const WhatIfRule& rule, const nets::PartList& parts);

}  // namespace equipoise::eps
