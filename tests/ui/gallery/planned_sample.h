// planned_sample.h: a snapshot of an agent that plans, amid an episode: the plan goes where the body went, candidates
// scatter around it.
#pragma once

#include <cmath>
#include <memory>

#include "engine/record/snapshot.h"

namespace equipoise::ui::testing {

inline std::shared_ptr<const run::Snapshot> PlannedSample(const run::Snapshot& acting, bool tree = false) {
  auto out = std::make_shared<run::Snapshot>(acting);
  const run::EpisodeTrace& trace = *acting.live.trace;
  const int from = std::max(0, acting.live.step - 3), steps = std::min(30, trace.steps() - from);
  auto plan = std::make_shared<plan::PlanTrace>();
  plan->planner = tree ? "uct" : "cem";
  plan->step = from;
  plan->shape = {steps, trace.ctrl_size, 1, steps};
  const auto path = [&](double aside) {
    std::vector<double> poses;
    for (int t = 0; t <= steps; ++t)
      for (int j = 0; j < trace.qpos_size; ++j)
        poses.push_back(trace.qpos[static_cast<size_t>((from + t) * trace.qpos_size + j)] +
                        (j < 2 ? aside * t / steps : 0.0));
    return poses;
  };
  plan->poses = path(0);
  for (int t = 0; t < steps; ++t) plan->promised.push_back(3.1 + 0.5 * std::sin(0.3 * t));
  if (tree) {
    plan->visits = {31, 18, 151};
    plan->values = {0.42, 0.2, 0.8};
    plan->choices = {{-1.0f}, {0.0f}, {1.0f}};
    plan->numbers = {{"uct.depth", 6}, {"uct.visit_share", 0.755}};
  } else {
    for (int i = 0; i < 5; ++i)
      plan->rounds.push_back({95.0 - 4.0 / (i + 1), 60.0 + 7 * i, 22.0 / (i + 1), 0.5 / (i + 1)});
    plan->numbers = {{"cem.elite_spread", 0.11}, {"cem.score_spread", 22}};
    for (int i = 0; i < 32; ++i) {
      plan::PlanTrace::Candidate c;
      c.score = 91 - 1.7 * i;
      c.poses = path(0.5 * std::sin(2.4 * i) * (1 + 0.06 * i));
      plan->candidates.push_back(std::move(c));
    }
  }
  out->live.plan = std::move(plan);
  return out;
}

}  // namespace equipoise::ui::testing
