#include "engine/eps/decision.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace equipoise::eps {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Mean of the finite entries of `values`; NaN when there are none.
double FiniteMean(const std::vector<double>& values) {
  double sum = 0;
  int count = 0;
  for (double v : values) {
    if (!std::isfinite(v)) continue;
    sum += v;
    ++count;
  }
  return count ? sum / count : kNan;
}

// Sample standard deviation of the finite entries; 0 for a single one.
double FiniteSpread(const std::vector<double>& values, double mean) {
  double sum = 0;
  int count = 0;
  for (double v : values) {
    if (!std::isfinite(v)) continue;
    sum += (v - mean) * (v - mean);
    ++count;
  }
  if (count == 0) return kNan;
  return count > 1 ? std::sqrt(sum / (count - 1)) : 0.0;
}

std::string Count(int n, const char* noun) { return std::to_string(n) + " " + noun + (n == 1 ? "" : "s"); }

const char* WhoActs(Pick pick) {
  switch (pick) {
    case Pick::kRandom:
      return "Random actions are taken.";
    case Pick::kModelBased:
      return "Model-based acts.";
    case Pick::kModelFree:
      return "SAC acts.";
  }
  return "";
}

// "SAC is forced: it did not act in the last 9 episodes."
std::string WhyForced(const Ruling& decision) {
  if (decision.force_every == 1) return "SAC is forced in every episode.";
  if (decision.force_every == 2) return "SAC is forced: it did not act in the last episode.";
  if (decision.force_every <= 0) return "SAC is forced: it has not acted for long.";
  return "SAC is forced: none in the last " + std::to_string(decision.force_every - 1) + ".";
}

// "46 of 50 masks favour model-based: not proved."
std::string Finding(const Ruling& decision, const DecisionSummary& summary) {
  const std::string all = std::to_string(decision.masks);
  if (decision.proved) {
    return decision.masks == 1 ? "The only mask favours model-based: proved."
                               : "All " + all + " masks favour model-based: proved.";
  }
  if (decision.masks == 1 && summary.count == 1) {
    return std::string("The only mask ") +
           (summary.not_finite == 1            ? "gave a return that is not finite"
            : summary.positive == 1            ? "favours model-based"
            : summary.first_favours_model_free ? "favours SAC"
                                               : "favours neither") +
           ": not proved.";
  }
  if (summary.not_finite > 1) {
    return Count(summary.not_finite, "mask") + " gave returns that are not finite: not proved.";
  }
  if (summary.not_finite == 1) {
    return "Mask " + std::to_string(summary.first_not_finite + 1) + " of " + all +
           " gave a return that is not finite: not proved.";
  }
  if (decision.evaluated < decision.masks) {
    if (summary.first_not_positive < 0) {
      return "The check ended after " + std::to_string(decision.evaluated) + " of " + all + " masks: not proved.";
    }
    return "The check stopped at the first mask that favours " +
           std::string(summary.first_favours_model_free ? "SAC, " : "neither, ") +
           std::to_string(summary.first_not_positive + 1) + " of " + all + ": not proved.";
  }
  if (summary.positive == 0) return "None of " + Count(decision.masks, "mask") + " favours model-based: not proved.";
  return std::to_string(summary.positive) + " of " + Count(decision.masks, "mask") +
         (summary.positive == 1 ? " favours" : " favour") + " model-based: not proved.";
}

}  // namespace

const char* Name(Pick pick) {
  switch (pick) {
    case Pick::kRandom:
      return "random";
    case Pick::kModelBased:
      return "model-based";
    case Pick::kModelFree:
      return "model-free";
  }
  return "unknown";
}

const char* Name(Reason reason) {
  switch (reason) {
    case Reason::kRandom:
      return "random";
    case Reason::kProved:
      return "proved";
    case Reason::kNotProved:
      return "not-proved";
    case Reason::kForced:
      return "forced";
    case Reason::kUndecidable:
      return "undecidable";
    case Reason::kOnlyModelBased:
      return "only-model-based";
    case Reason::kOnlyModelFree:
      return "only-model-free";
    case Reason::kNoModel:
      return "no-model";
  }
  return "unknown";
}

DecisionSummary Summarise(const Decision& decision) {
  DecisionSummary out;
  out.least = decision.delta.empty() ? kNan : kInfinity;
  out.log_sum = decision.delta.empty() ? kNan : 0.0;
  out.count = static_cast<int>(decision.delta.size());
  for (size_t i = 0; i < decision.delta.size(); ++i) {
    const double delta = decision.delta[i];
    if (!(delta > 0) && out.first_not_positive < 0) {
      out.first_not_positive = static_cast<int>(i);
      out.first_favours_model_free = delta < 0;
    }
    if (!std::isfinite(delta)) {
      if (out.not_finite == 0) out.first_not_finite = static_cast<int>(i);
      ++out.not_finite;
      out.least = out.log_sum = -kInfinity;
      continue;
    }
    out.positive += delta > 0;
    out.least = std::min(out.least, delta);
    out.log_sum = delta > 0 ? out.log_sum + std::log(delta) : -kInfinity;
    if (i < decision.standard_error.size()) out.within_own_error += std::fabs(delta) < decision.standard_error[i];
  }
  out.mean = FiniteMean(decision.delta);
  out.spread = FiniteSpread(decision.delta, out.mean);
  out.monte_carlo_error = FiniteMean(decision.standard_error);
  out.mean_return_mb = FiniteMean(decision.return_mb);
  out.mean_return_mf = FiniteMean(decision.return_mf);
  return out;
}

std::string Sentence(const Ruling& decision, const DecisionSummary& summary) {
  switch (decision.reason) {
    case Reason::kRandom:
      return "A random episode: learning has not begun.";
    case Reason::kOnlyModelBased:
      return "Model-based acts: this agent has no other learner.";
    case Reason::kOnlyModelFree:
      return "SAC acts: this agent has no other learner.";
    case Reason::kNoModel:
      return std::string("There is no trained model to ask. ") + WhoActs(decision.pick);
    case Reason::kForced:
      if (!decision.checked) return WhyForced(decision) + " The check was skipped.";
      return Finding(decision, summary) + " " + WhyForced(decision);
    case Reason::kUndecidable:
      // Either a mask gave no number, or a policy itself is broken.
      if (summary.not_finite > 0) break;
      return std::string("Undecidable: the parameters of ") +
             (decision.pick == Pick::kModelBased ? "SAC" : "the model-based policy") + " are not finite. " +
             WhoActs(decision.pick);
    case Reason::kProved:
    case Reason::kNotProved:
      break;
  }
  if (!decision.checked) return std::string("There was no check. ") + WhoActs(decision.pick);
  return Finding(decision, summary) + " " + WhoActs(decision.pick);
}

}  // namespace equipoise::eps
