#include "engine/inspect/decision_differences.h"

#include <algorithm>
#include <cmath>

#include "engine/config/settings.h"
#include "engine/run/lives.h"

namespace equipoise::run {
namespace {

std::string Number(double v) { return config::ToText(config::Value(v)); }

bool SameBits(double a, double b) {
  return (a == b && std::signbit(a) == std::signbit(b)) || (std::isnan(a) && std::isnan(b));
}

// What the numbers of each mask are held against elsewhere: the returns that they came from, and the standard errors.
struct Tolerance {
  std::vector<double> scales, noise;
  bool Covers(size_t mask, double a, double b) const {
    return SameButForRounding(a, b, scales[mask], mask < noise.size() ? noise[mask] : 0);
  }
};

// Compares the masks that the log holds; a completed check has more.
void CompareColumn(const std::string& name, const std::vector<double>& logged, const std::vector<double>& again,
                   const Tolerance& tolerance, const nets::PartList& parts, Differences* out) {
  if (again.size() < logged.size()) {
    out->sentences.push_back("the log has " + name + " of " + std::to_string(logged.size()) + ", this time of " +
                             std::to_string(again.size()));
    out->rounding_alone = false;
    return;
  }
  for (size_t i = 0; i < logged.size(); ++i) {
    if (SameBits(logged[i], again[i])) continue;
    out->sentences.push_back(name + " of " + parts.NameOfBelief(static_cast<int>(i)) + " is " + Number(logged[i]) +
                             " in the log, now " + Number(again[i]));
    out->rounding_alone = out->rounding_alone && tolerance.Covers(i, logged[i], again[i]);
  }
}

// The largest of what policies were compared by under each mask of a decision.
std::vector<double> ScalesOf(const eps::Decision& d) {
  std::vector<double> scales;
  for (const eps::PolicyReturns& p : d.policies) {
    scales.resize(std::max(scales.size(), p.returns.size()), 0.0);
    for (size_t i = 0; i < p.returns.size(); ++i) {
      scales[i] = std::max(scales[i], std::abs(p.returns[i]));
      if (i < p.information.size()) scales[i] = std::max(scales[i], std::abs(d.bonus * p.information[i]));
    }
  }
  for (const eps::Comparison& c : d.comparisons) scales.resize(std::max(scales.size(), c.delta.size()), 0.0);
  return scales;
}

const eps::PolicyReturns* FindPolicy(const eps::Decision& d, eps::Pick policy) {
  for (const eps::PolicyReturns& p : d.policies)
    if (p.policy == policy) return &p;
  return nullptr;
}

}  // namespace

Differences CompareDecisions(const eps::Decision& logged, const eps::Decision& again, const nets::PartList& parts) {
  Differences differ, *out = &differ;
  const std::vector<double> scales = ScalesOf(logged), none;
  const bool several = logged.comparisons.size() > 1;
  for (const eps::Comparison& c : logged.comparisons) {
    const auto same = std::find_if(again.comparisons.begin(), again.comparisons.end(), [&c](const eps::Comparison& o) {
      return o.preferred == c.preferred && o.challenger == c.challenger;
    });
    const bool found = same != again.comparisons.end();
    const std::string of =
        several ? " of " + NameOf(parts, c.challenger) + " against " + NameOf(parts, c.preferred) : "";
    const Tolerance tolerance{scales, c.standard_error};
    CompareColumn("delta" + of, c.delta, found ? same->delta : none, tolerance, parts, out);
    CompareColumn("the standard error" + of, c.standard_error, found ? same->standard_error : none, tolerance, parts,
                  out);
  }
  const Tolerance tolerance{scales, logged.standard_error()};
  Tolerance nats = tolerance;  // of which each counts so much
  for (std::vector<double>* of : {&nats.scales, &nats.noise})
    for (double& v : *of) v /= logged.bonus;
  for (const eps::PolicyReturns& p : logged.policies) {
    const eps::PolicyReturns* same = FindPolicy(again, p.policy);
    CompareColumn("the return of " + NameOf(parts, p.policy), p.returns, same != nullptr ? same->returns : none,
                  tolerance, parts, out);
    CompareColumn("the information of " + NameOf(parts, p.policy), p.information,
                  same != nullptr ? same->information : none, nats, parts, out);
  }
  if (again.evaluated == logged.evaluated && !SameBits(again.clamped_fraction, logged.clamped_fraction)) {
    differ.sentences.push_back("the share of clamped states is " + Number(logged.clamped_fraction) +
                               " in the log, now " + Number(again.clamped_fraction));
    differ.rounding_alone =
        differ.rounding_alone && SameButForRounding(logged.clamped_fraction, again.clamped_fraction, 0, 0);
  }
  return differ;
}

}  // namespace equipoise::run
