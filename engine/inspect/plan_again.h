// plan_again.h: an episode that was planned, planned again: the same observations to the same planner in the same model,
// with the same draws.
//
// What is kept of a decision (decision_moment.h) and the run's seed are all that a plan depends on, so the same actions
// come out, to the bit, wherever the same program computes them. Elsewhere rounding may tip the choice between two
// candidates, after which nothing is the same.
//
// Thread   one; moves the collector's task. PollInterrupt is heard
// Cost     as acting the episode
#pragma once

#include <string>
#include <vector>

#include "engine/agent/collector.h"
#include "engine/agent/decision_moment.h"
#include "engine/record/push.h"

namespace equipoise::run {

struct PlannedAgain {
  int actions = 0;                   // that were compared
  std::vector<std::string> differs;  // "action 2 of step 17 is 0.25 in the record, now 0.5"
};

// `recorded`: the episode that this moment decided; `pick` planned it.
PlannedAgain PlanAgain(const DecisionMoment& moment, eps::Pick pick, const replay::Episode& recorded,
                       const std::vector<Stroke>& strokes, Collector* collector);

}  // namespace equipoise::run
