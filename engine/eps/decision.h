// decision.h: what the check found and who was picked: everything needed to show it, log it and compute it again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace equipoise::eps {

enum class Pick : uint8_t { kRandom = 0, kModelBased = 1, kModelFree = 2 };

enum class Reason : uint8_t {
  kRandom,          // a random episode at the start
  kProved,          // every mask favours the model-based policy
  kNotProved,       // at least one mask does not; this says nothing about which policy is better
  kForced,          // model-free, because none of the last episodes was
  kUndecidable,     // a mask gave a number that is not finite
  kOnlyModelBased,  // the agent has no other learner
  kOnlyModelFree,
  kNoModel,  // the model was never trained
};

const char* Name(Pick pick);      // "random", "model-based", "model-free": as written to the log
const char* Name(Reason reason);  // "random", "proved", "not-proved", ...

// A decision without the numbers of its masks: a few dozen bytes, held for every episode of a run.
struct Ruling {
  int episode = 0;  // picked episode that it decided, from 1
  Pick pick = Pick::kModelFree;
  Reason reason = Reason::kNotProved;
  bool checked = false;  // false: there was nothing to check (one learner alone, random, skipped)
  bool proved = false;
  int masks = 0, rollouts = 0;  // K and M as asked for
  int evaluated = 0;    // masks evaluated: fewer than K when the check stopped early; then all numbers are partial
  int force_every = 0;  // the rule in force: one model-free episode in so many; 0: no such rule
  double clamped_fraction = 0;  // share of imagined state entries that left the range of the data
  double seconds = 0;
};

struct Decision : Ruling {
  // One entry for each evaluated mask, in the order of evaluation. Returns are undiscounted sums of raw rewards.
  std::vector<double> delta;  // J(model-based) - J(model-free)
  std::vector<double> return_mb, return_mf;
  std::vector<double> standard_error;  // of delta, over the M pairs
  uint64_t seed = 0;                   // with `episode`, names the random streams of this check
  std::string pairing;
};

// Numbers derived from the evaluated masks. A mask whose delta is not finite counts as minus infinity in `least` and in
// `log_sum`; mean, spread, errors and returns are over the finite ones. All of them are NaN when there is nothing to
// derive them from.
struct DecisionSummary {
  int count = 0;  // masks with a delta
  int positive = 0;
  int not_finite = 0;
  int first_not_finite = -1, first_not_positive = -1;  // index of the mask; -1: none
  bool first_favours_model_free = false;               // delta of first_not_positive is below zero, not zero
  double least = 0, mean = 0, spread = 0;              // spread: standard deviation over masks (epistemic)
  double monte_carlo_error = 0;                        // mean standard error within a mask
  double mean_return_mb = 0, mean_return_mf = 0;
  int within_own_error = 0;  // masks whose |delta| is below their standard error
  double log_sum = 0;        // sum of log delta; -infinity when any delta <= 0 (eq. 3)
};
DecisionSummary Summarise(const Decision& decision);

struct SummarisedDecision : Ruling {
  SummarisedDecision() = default;
  explicit SummarisedDecision(const Decision& decision) : Ruling(decision), summary(Summarise(decision)) {}
  DecisionSummary summary;
};
inline const DecisionSummary& Summarise(const SummarisedDecision& decision) { return decision.summary; }

// One sentence for a person, e.g. "All 50 masks favour model-based: proved. Model-based acts."
std::string Sentence(const Ruling& ruling, const DecisionSummary& summary);
inline std::string Sentence(const Decision& decision) { return Sentence(decision, Summarise(decision)); }
inline std::string Sentence(const SummarisedDecision& decision) { return Sentence(decision, decision.summary); }

}  // namespace equipoise::eps
