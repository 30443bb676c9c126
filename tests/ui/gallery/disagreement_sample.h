// disagreement_sample.h: what the inspector may say of where a sample's masks disagree.
#pragma once

#include <cmath>
#include <memory>

#include "ui/panels/check/disagreement_panel.h"

namespace equipoise::ui::testing {

inline run::Shared<run::Disagreement> DisagreementSample(const eps::Decision& decision) {
  auto out = std::make_shared<run::Disagreement>();
  out->request = run::DisagreeOf(decision);
  out->horizon = 100;
  out->term_names = {"control"};
  const auto parts = [&](double delta, int peak) {
    run::DifferenceParts p;
    p.delta = delta;
    double sum = 0;
    for (int t = 0; t < out->horizon; ++t) {
      p.by_step.push_back(std::exp(-0.002 * (t - peak) * (t - peak)));
      sum += p.by_step.back();
    }
    for (double& d : p.by_step) d *= delta / sum;
    p.by_term = {-0.2 * std::fabs(delta)};
    p.rest = delta - p.by_term[0];
    return p;
  };
  double mean = 0;
  for (size_t i = 0; i < decision.delta().size(); ++i) {
    out->masks.push_back(parts(decision.delta()[i], 20 + static_cast<int>(i)));
    mean += decision.delta()[i] / static_cast<double>(decision.delta().size());
  }
  out->all = parts(mean, 45);
  double all = 0;
  for (const double d : out->all.by_step) {
    all += d;
    out->lowest.push_back(0.3 * all - 8);
    out->highest.push_back(1.5 * all + 8);
  }
  return out;
}

inline run::Shared<run::FollowedMask> FollowedSample(const eps::Decision& decision, int mask) {
  auto out = std::make_shared<run::FollowedMask>();
  const eps::Comparison& turned = decision.turned_on();
  out->request = {140, mask, turned.preferred, turned.challenger, decision.episode};
  out->whole = true;
  for (int e = 60; e <= decision.episode; ++e) out->points.push_back({e, 20 + 0.2 * e + 9 * std::sin(e), 5});
  return out;
}

}  // namespace equipoise::ui::testing
