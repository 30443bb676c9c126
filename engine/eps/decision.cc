#include "engine/eps/decision.h"

#include <algorithm>
#include <cctype>
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

std::string Count(int n, const std::string& noun) { return std::to_string(n) + " " + noun + (n == 1 ? "" : "s"); }

// Words for one decision.
struct Words {
  const Ruling& ruling;
  const nets::PartList& parts;
  std::string preferred, challenger;

  std::string WhoActs() const {
    if (ruling.pick.random()) return "Random actions are taken.";
    return Capitalised(NameOf(parts, ruling.pick)) + " acts.";
  }
  // "SAC is forced: it did not act in the last 9 episodes."
  std::string WhyForced() const {
    const std::string who = Capitalised(NameOf(parts, ruling.pick)) + " is forced";
    if (ruling.force_every == 1) return who + " in every episode.";
    if (ruling.force_every == 2) return who + ": it did not act in the last episode.";
    if (ruling.force_every <= 0) return who + ": it has not acted for long.";
    return who + ": none in the last " + std::to_string(ruling.force_every - 1) + ".";
  }
};

// "46 of 50 masks favour model-based: not proved."
std::string Finding(const Words& words, const DecisionSummary& summary) {
  const Ruling& decision = words.ruling;
  const std::string& challenger = words.challenger;
  const std::string all = std::to_string(decision.masks), mask = words.parts.Belief();
  if (decision.proved) {
    return decision.masks == 1 ? "The only " + mask + " favours " + challenger + ": proved."
                               : "All " + all + " " + mask + "s favour " + challenger + ": proved.";
  }
  if (decision.masks == 1 && summary.count == 1) {
    return "The only " + mask + " " +
           (summary.not_finite == 1           ? "gave a return that is not finite"
            : summary.positive == 1           ? "favours " + challenger
            : summary.first_favours_preferred ? "favours " + words.preferred
                                              : "favours neither") +
           ": not proved.";
  }
  if (summary.not_finite > 1) {
    return Count(summary.not_finite, mask) + " gave returns that are not finite: not proved.";
  }
  if (summary.not_finite == 1) {
    return Capitalised(mask) + " " + std::to_string(summary.first_not_finite + 1) + " of " + all +
           " gave a return that is not finite: not proved.";
  }
  if (decision.evaluated < decision.masks) {
    if (summary.first_not_positive < 0) {
      return "The check ended after " + std::to_string(decision.evaluated) + " of " + all + " " + mask +
             "s: not proved.";
    }
    return "The check stopped at the first " + mask + " that favours " +
           (summary.first_favours_preferred ? words.preferred : "neither") + ", " +
           std::to_string(summary.first_not_positive + 1) + " of " + all + ": not proved.";
  }
  if (summary.positive == 0)
    return "None of " + Count(decision.masks, mask) + " favours " + challenger + ": not proved.";
  return std::to_string(summary.positive) + " of " + Count(decision.masks, mask) +
         (summary.positive == 1 ? " favours" : " favour") + " " + challenger + ": not proved.";
}

// The learners that did not act, of which one is broken: with two it is the other.
std::string Broken(const Words& words) {
  std::string names;
  for (const nets::PartInfo* part : words.parts.Learners())
    if (part->id != words.ruling.pick.id()) names += (names.empty() ? "" : " or ") + nets::WithArticle(part->title);
  return names.empty() ? "a policy" : names;
}

}  // namespace

std::string NameOf(const nets::PartList& parts, Pick pick) {
  if (pick.random()) return "random actions";
  const nets::PartInfo* part = parts.Find(pick.id());
  return part != nullptr ? part->name : pick.id();
}

std::string Capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

const Comparison& Decision::turned_on() const {
  static const Comparison none;
  return decisive < comparisons.size() ? comparisons[decisive] : none;
}

const std::vector<double>* Decision::ReturnsOf(Pick policy) const {
  for (const PolicyReturns& p : policies)
    if (p.policy == policy) return &p.returns;
  return nullptr;
}

double DecisionSummary::MeanReturnOf(Pick policy) const {
  for (const MeanReturn& r : mean_returns)
    if (r.policy == policy) return r.mean;
  return kNan;
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
    case Reason::kAlone:
      return "alone";
    case Reason::kNoModel:
      return "no-model";
  }
  return "unknown";
}

DecisionSummary Summarise(const Decision& decision) {
  DecisionSummary out;
  const Comparison& compared = decision.turned_on();
  out.preferred = compared.preferred;
  out.challenger = compared.challenger;
  out.least = compared.delta.empty() ? kNan : kInfinity;
  out.log_sum = compared.delta.empty() ? kNan : 0.0;
  out.count = static_cast<int>(compared.delta.size());
  for (size_t i = 0; i < compared.delta.size(); ++i) {
    const double delta = compared.delta[i];
    if (!(delta > 0) && out.first_not_positive < 0) {
      out.first_not_positive = static_cast<int>(i);
      out.first_favours_preferred = delta < 0;
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
    if (i < compared.standard_error.size()) out.within_own_error += std::fabs(delta) < compared.standard_error[i];
  }
  out.mean = FiniteMean(compared.delta);
  out.spread = FiniteSpread(compared.delta, out.mean);
  out.monte_carlo_error = FiniteMean(compared.standard_error);
  for (const PolicyReturns& p : decision.policies) out.mean_returns.push_back({p.policy, FiniteMean(p.returns)});
  return out;
}

std::string Explanation::Why() const { return finding + (finding.empty() || rule.empty() ? "" : " ") + rule; }

std::string Explanation::Text() const {
  const std::string why = Why();
  return why + (why.empty() || actor.empty() ? "" : " ") + actor;
}

Explanation Explain(const Ruling& decision, const DecisionSummary& summary, const nets::PartList& parts) {
  const Words words{decision, parts, NameOf(parts, summary.preferred), NameOf(parts, summary.challenger)};
  switch (decision.reason) {
    case Reason::kRandom:
      return {"", "A random episode: learning has not begun.", ""};
    case Reason::kAlone:
      if (const std::string phase = parts.NumberedPhaseOf(decision.pick.id()); !phase.empty())
        return {"", Capitalised(phase) + ": " + NameOf(parts, decision.pick) + " acts.", ""};
      return {"",
              Capitalised(NameOf(parts, decision.pick)) + (parts.learners() > 1
                                                               ? " acts: at this stage of the run it always does."
                                                               : " acts: this agent has no other learner."),
              ""};
    case Reason::kNoModel:
      return {"There is no trained model to ask.", "", words.WhoActs()};
    case Reason::kForced:
      if (!decision.checked) return {"", words.WhyForced() + " The check was skipped.", ""};
      return {Finding(words, summary), words.WhyForced(), ""};
    case Reason::kUndecidable:
      // Either a mask gave no number, or a policy itself is broken.
      if (summary.not_finite > 0) break;
      return {"Undecidable: the parameters of " + Broken(words) + " are not finite.", "", words.WhoActs()};
    case Reason::kProved:
    case Reason::kNotProved:
      break;
  }
  return {decision.checked ? Finding(words, summary) : "There was no check.", "", words.WhoActs()};
}

}  // namespace equipoise::eps
