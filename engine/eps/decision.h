// decision.h: what the check found and who was picked: everything needed to show it, log it and compute it again.
//
// Any number of policies may be imagined, in order of preference. One dominates another when it is better under every
// mask; the first that none dominates acts (agent/arbiter.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/eps/pick.h"
#include "engine/nets/part_info.h"

namespace equipoise::eps {

enum class Reason : uint8_t {
  kRandom,       // a random episode at the start
  kProved,       // under every mask some challenger is better than the preferred policy: it must not act
  kNotProved,    // there is no such challenger; this says nothing about which policy is better
  kForced,       // it had not acted for as many episodes as it must at least
  kUndecidable,  // a mask gave a number that is not finite, or a policy's own parameters are not
  kAlone,        // nobody else may act now
  kNoModel,      // the model was never trained
};
const char* Name(Reason reason);  // "random", "proved", "not-proved", ...: as written to the log

// A decision without the numbers of its masks: a few dozen bytes, held for every episode of a run.
struct Ruling {
  int episode = 0;  // picked episode that it decided, from 1
  Pick pick;
  Reason reason = Reason::kNotProved;
  bool checked = false;  // false: there was nothing to check (one learner alone, random, skipped)
  bool proved = false;
  int masks = 0, rollouts = 0;  // K and M as asked for
  int evaluated = 0;    // masks evaluated: fewer than K when the check stopped early; then all numbers are partial
  int force_every = 0;  // the rule in force: one model-free episode in so many; 0: no such rule
  double clamped_fraction = 0;  // share of imagined state entries that left the range of the data
  double seconds = 0;
};

// Of one policy that was imagined: J under each evaluated mask, in the order of evaluation. Undiscounted sums of raw
// rewards.
struct PolicyReturns {
  Pick policy;
  std::vector<double> returns;
  std::vector<double> information = {};  // nats that it would teach the model, likewise; empty: nobody asked
};

// Two of them held against each other under the same masks, starts and noise.
struct Comparison {
  Pick preferred, challenger;
  std::vector<double> delta;           // J(challenger) - J(preferred), by mask; with a bonus of J + bonus I
  std::vector<double> standard_error;  // of delta, over the M pairs
};

struct Decision : Ruling {
  std::vector<PolicyReturns> policies;  // in order of preference; empty: nothing was imagined
  std::vector<Comparison> comparisons;  // of every two of them: (0, 1), (0, 2), (1, 2), ...
  size_t decisive = 0;                  // the comparison on which it turned
  uint64_t seed = 0;                    // with `episode`, names the random streams of this check
  std::string pairing;
  double bonus = 0;                // of a nat of information, in raw reward; 0: information did not count
  int most_rollouts = 0;           // that a mask could get where its sign was in doubt; 0: no more than M
  std::vector<int> mask_rollouts;  // that each evaluated mask got; empty: M

  // The decisive one; one without masks where nothing was compared.
  const Comparison& turned_on() const;
  const std::vector<double>& delta() const { return turned_on().delta; }
  const std::vector<double>& standard_error() const { return turned_on().standard_error; }
  // Of an evaluated mask, by its index.
  int RolloutsOf(size_t mask) const { return mask < mask_rollouts.size() ? mask_rollouts[mask] : rollouts; }
  // Null: it was not imagined.
  const std::vector<double>* ReturnsOf(Pick policy) const;
};

// Numbers derived from the evaluated masks. A mask whose delta is not finite counts as minus infinity in `least` and in
// `log_sum`; mean, spread, errors and returns are over the finite ones. All of them are NaN when there is nothing to
// derive them from.
struct DecisionSummary {
  Pick preferred, challenger;  // of the decisive comparison
  int count = 0;               // masks with a delta
  int positive = 0;
  int not_finite = 0;
  int first_not_finite = -1, first_not_positive = -1;  // index of the mask; -1: none
  bool first_favours_preferred = false;                // delta of first_not_positive is below zero, not zero
  double least = 0, mean = 0, spread = 0;              // spread: standard deviation over masks (epistemic)
  double monte_carlo_error = 0;                        // mean standard error within a mask
  int within_own_error = 0;                            // masks whose |delta| is below their standard error
  double log_sum = 0;                                  // sum of log delta; -infinity when any delta <= 0 (eq. 3)
  struct MeanReturn {
    Pick policy;
    double mean = 0;
  };
  std::vector<MeanReturn> mean_returns;  // as Decision::policies

  double MeanReturnOf(Pick policy) const;  // NaN: it was not imagined
};
DecisionSummary Summarise(const Decision& decision);

struct SummarisedDecision : Ruling {
  SummarisedDecision() = default;
  explicit SummarisedDecision(const Decision& decision) : Ruling(decision), summary(Summarise(decision)) {}
  DecisionSummary summary;
};
inline const DecisionSummary& Summarise(const SummarisedDecision& decision) { return decision.summary; }

// What a person calls the one who acts: "SAC", "model-based", "random actions"; an id that no part has, as it is.
std::string NameOf(const nets::PartList& parts, Pick pick);
// The same at the beginning of a sentence.
std::string Capitalised(std::string text);

// A decision in words, in the order in which they are said; what does not apply is empty.
struct Explanation {
  std::string finding;  // what the check found, or why it could not: "46 of 50 masks favour model-based: not proved."
  std::string rule;     // what decided whatever it found: "SAC is forced: none in the last 9."
  std::string actor;    // "SAC acts."; empty where the rule says who does
  // Why they act, without saying again who does.
  std::string Why() const;
  // All of it: "All 50 masks favour model-based: proved. Model-based acts."
  std::string Text() const;
};
Explanation Explain(const Ruling& ruling, const DecisionSummary& summary, const nets::PartList& parts);
inline Explanation Explain(const Decision& decision, const nets::PartList& parts) {
  return Explain(decision, Summarise(decision), parts);
}
inline Explanation Explain(const SummarisedDecision& decision, const nets::PartList& parts) {
  return Explain(decision, decision.summary, parts);
}

inline std::string Sentence(const Decision& decision, const nets::PartList& parts) {
  return Explain(decision, parts).Text();
}
inline std::string Sentence(const SummarisedDecision& decision, const nets::PartList& parts) {
  return Explain(decision, parts).Text();
}

}  // namespace equipoise::eps
