#include "engine/eps/what_if.h"

#include <algorithm>
#include <cstdio>
#include <limits>

namespace equipoise::eps {
namespace {

using Kind = WhatIfRule::Kind;
using Verdict = WhatIfAnswer::Verdict;

WhatIfAnswer Known(bool proved, double statistic) {
  return {proved ? Verdict::kProved : Verdict::kNotProved, proved ? 1.0 : 0.0, statistic, ""};
}

WhatIfAnswer Unknown(std::string why) { return {Verdict::kUnknown, NAN, NAN, std::move(why)}; }

bool Partial(const Decision& d) { return static_cast<int>(d.delta().size()) < d.masks; }

std::string StoppedEarly(const Decision& d) {
  return "the check stopped after " + std::to_string(d.delta().size()) + " of " + std::to_string(d.masks);
}

WhatIfAnswer AskLeast(const Decision& d, double threshold) {
  double least = std::numeric_limits<double>::infinity();
  for (double v : d.delta()) least = std::min(least, std::isfinite(v) ? v : -std::numeric_limits<double>::infinity());
  if (!(least > threshold)) return Known(false, Partial(d) ? NAN : least);  // one mask is enough, seen or unseen ones
  if (Partial(d)) return Unknown(StoppedEarly(d));
  return Known(true, least);
}

WhatIfAnswer AskFewer(const Decision& d, double masks) {
  const auto wanted = static_cast<size_t>(std::max(1.0, std::floor(masks)));
  double least = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < std::min(wanted, d.delta().size()); ++i) {
    least = std::min(least, std::isfinite(d.delta()[i]) ? d.delta()[i] : -std::numeric_limits<double>::infinity());
  }
  if (!(least > 0)) return Known(false, wanted <= d.delta().size() ? least : NAN);
  if (wanted <= d.delta().size()) return Known(true, least);
  if (Partial(d)) return Unknown(StoppedEarly(d));
  return Unknown("only " + std::to_string(d.delta().size()) + " were drawn");
}

WhatIfAnswer AskMean(const Decision& d, double threshold) {
  double sum = 0;
  for (double v : d.delta()) {
    if (!std::isfinite(v)) return Known(false, NAN);
    sum += v;
  }
  if (Partial(d)) return Unknown(StoppedEarly(d));
  const double mean = sum / static_cast<double>(d.delta().size());
  return Known(mean > threshold, mean);
}

WhatIfAnswer AskShare(const Decision& d, double share) {
  int positive = 0;
  for (double v : d.delta()) {
    if (!std::isfinite(v)) return Known(false, NAN);
    positive += v > 0;
  }
  const int masks = std::max(d.masks, static_cast<int>(d.delta().size()));
  const int missing = masks - static_cast<int>(d.delta().size());
  // As a count, so that 0.9 of 50 masks is 45 and not a hair above.
  const int needed = static_cast<int>(std::ceil(share * masks - 1e-9));
  const double seen = missing == 0 ? static_cast<double>(positive) / masks : NAN;
  if (positive >= needed) return Known(true, seen);
  if (positive + missing < needed) return Known(false, seen);
  return Unknown(StoppedEarly(d));
}

WhatIfAnswer AskSoftLeast(const Decision& d, double tau) {
  if (!(tau > 0)) return Unknown("the temperature must be above 0");
  double least = std::numeric_limits<double>::infinity();
  for (double v : d.delta()) {
    if (!std::isfinite(v)) return Known(false, NAN);
    least = std::min(least, v);
  }
  if (Partial(d)) return Unknown(StoppedEarly(d));
  double sum = 0;  // relative to the least, so that nothing overflows
  for (double v : d.delta()) sum += std::exp(-(v - least) / tau);
  const double soft = least - tau * std::log(sum / static_cast<double>(d.delta().size()));
  return Known(soft > 0, soft);
}

WhatIfAnswer AskRollouts(const Decision& d, double rollouts) {
  const double wanted = std::floor(rollouts);
  if (!(wanted >= 1)) return Unknown("there must be at least one rollout");
  for (double v : d.delta()) {
    if (!std::isfinite(v)) return Known(false, NAN);
  }
  if (Partial(d)) return Unknown(StoppedEarly(d));
  if (wanted == d.rollouts && d.mask_rollouts.empty()) return AskLeast(d, 0);
  if ((d.rollouts < 2 && d.mask_rollouts.empty()) || d.standard_error().size() < d.delta().size())
    return Unknown("with one rollout under each there is no standard error to go by");
  double chance = 1;
  for (size_t i = 0; i < d.delta().size(); ++i) {
    const double had = d.RolloutsOf(i);
    const double sd = d.standard_error()[i] * std::sqrt(had * std::fabs(1 / wanted - 1 / had));
    if (!std::isfinite(sd)) return Unknown("a standard error is missing");
    chance *= sd > 0 ? 0.5 * std::erfc(-d.delta()[i] / sd / std::sqrt(2.0)) : d.delta()[i] > 0 ? 1.0 : 0.0;
  }
  return {Verdict::kChance, chance, NAN, ""};
}

}  // namespace

WhatIfAnswer Ask(const Decision& decision, const WhatIfRule& rule) {
  if (!decision.checked || decision.delta().empty()) return Unknown("there was no check");
  switch (rule.kind) {
    case Kind::kLeast:
      return AskLeast(decision, rule.value);
    case Kind::kFewerMasks:
      return AskFewer(decision, rule.value);
    case Kind::kRollouts:
      return AskRollouts(decision, rule.value);
    case Kind::kMean:
      return AskMean(decision, rule.value);
    case Kind::kShare:
      return AskShare(decision, rule.value);
    case Kind::kSoftLeast:
      return AskSoftLeast(decision, rule.value);
  }
  return Unknown("no such rule");
}

PickDifference Differs(const Decision& decision, const WhatIfRule& rule) {
  PickDifference out;
  // Where a policy itself was broken, no rule about masks decided.
  const bool broken_policy = decision.reason == Reason::kUndecidable && Summarise(decision).not_finite == 0;
  const bool free_pick = decision.reason == Reason::kProved || decision.reason == Reason::kNotProved ||
                         (decision.reason == Reason::kUndecidable && !broken_policy);
  out.counted = decision.checked && free_pick;
  if (!out.counted) return out;
  const WhatIfAnswer answer = Ask(decision, rule);
  out.known = answer.verdict != Verdict::kUnknown;
  if (!out.known) return out;
  const bool challenger_acts = decision.pick == decision.turned_on().challenger;
  out.chance = challenger_acts ? 1 - answer.chance : answer.chance;
  out.other = challenger_acts ? decision.turned_on().preferred : decision.turned_on().challenger;
  return out;
}

void Count(const Decision& decision, const WhatIfRule& rule, WhatIfCount* count) {
  if (decision.reason == Reason::kForced) ++count->forced;
  const PickDifference difference = Differs(decision, rule);
  if (!difference.counted) return;
  ++count->decisions;
  if (!difference.known) {
    ++count->unknown;
    return;
  }
  count->differ += difference.chance;
  count->to[difference.other] += difference.chance;
}

std::string Sentence(const WhatIfCount& count, const WhatIfRule& rule, const nets::PartList& parts) {
  if (count.decisions == 0) return "There is no free decision to ask yet.";
  const int told = count.decisions - count.unknown;
  if (told == 0) return "None of " + std::to_string(count.decisions) + " past picks can be told from the log.";
  const bool expected = rule.kind == Kind::kRollouts;
  const auto number = [expected](double value) {
    char text[32];
    std::snprintf(text, sizeof text, expected && value < 10 ? "%.1f" : "%.0f", value);
    return std::string(text);
  };
  std::string text = std::string(expected ? "About " : "") + number(count.differ) + " of " + std::to_string(told) +
                     " past picks would differ";
  if (count.differ > 0) {
    const char* before = ": ";
    for (const nets::PartInfo& part : parts.all()) {
      if (!part.acts()) continue;
      const auto to = count.to.find(Pick::Of(part.id));
      text += before + number(to != count.to.end() ? to->second : 0.0) + " to " + part.name;
      before = ", ";
    }
  }
  text += ".";
  if (count.unknown > 0) text += " " + std::to_string(count.unknown) + " more cannot be told.";
  return text;
}

}  // namespace equipoise::eps
