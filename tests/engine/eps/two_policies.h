// two_policies.h: decisions between the two learners of `unified`, written down by hand.
#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include "engine/agent/recipes.h"
#include "engine/eps/decision.h"

namespace equipoise::test {

inline eps::Pick Based() { return eps::Pick::Of("mb"); }
inline eps::Pick Free() { return eps::Pick::Of("sac"); }
inline nets::PartList UnifiedParts() { return agent::PartsOf("unified"); }

// What a check of both found.
inline void SetMasks(eps::Decision* d, std::vector<double> delta, std::vector<double> based = {},
                     std::vector<double> free = {}, std::vector<double> errors = {}) {
  d->policies = {{Free(), std::move(free)}, {Based(), std::move(based)}};
  d->comparisons = {{Free(), Based(), std::move(delta), std::move(errors)}};
}
inline std::vector<double>& DeltaOf(eps::Decision* d) {
  if (d->comparisons.empty()) SetMasks(d, {});
  return d->comparisons[0].delta;
}
inline std::vector<double>& ErrorOf(eps::Decision* d) {
  if (d->comparisons.empty()) SetMasks(d, {});
  return d->comparisons[0].standard_error;
}
inline std::vector<double>& ReturnsOf(eps::Decision* d, eps::Pick policy) {
  if (d->comparisons.empty()) SetMasks(d, {});
  for (eps::PolicyReturns& p : d->policies)
    if (p.policy == policy) return p.returns;
  return d->policies.back().returns;
}
inline std::vector<double> ReturnsOf(const eps::Decision& d, eps::Pick policy) {
  const std::vector<double>* returns = d.ReturnsOf(policy);
  return returns != nullptr ? *returns : std::vector<double>();
}

}  // namespace equipoise::test
