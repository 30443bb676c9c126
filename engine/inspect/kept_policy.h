// kept_policy.h: a policy brought back from what a run folder keeps: how somebody acted in one episode, with what makes
// it usable elsewhere.
//
// Kept are those of the checkpoints (the last episodes, and those before interventions), and of the decisions under
// decisions/. Nothing of the run is changed; it may be going on.
//
// Thread   any
// Errors   a folder that is no run; an episode of which nothing is kept, with those that are; somebody who acts by no
//          network (a planner, a table); a learner that the agent does not have
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/env/mujoco_task.h"
#include "engine/nets/acting_function.h"

namespace equipoise::run {

struct KeptPolicy {
  nets::ActingFunction function;
  std::string agent, learner;  // ids
  env::TaskInfo task;          // its observation_names are those that the function reads, distractors included
  env::ControlRange control;
  int episode = 0;  // in which it acted, or could have
  int horizon = 0;
  int64_t seed = 0;  // of the run
  // What it does in some made up states, to compare with elsewhere: rows of observation, noise, action and mean action.
  struct Examples {
    int64_t rows = 0;
    std::vector<float> observation, noise, action, mean;
  } examples = {};
};

// By the networks as they are here. `noise` null: the mean action.
std::vector<float> ActBy(const nets::ActingFunction& f, const float* observation, const float* noise);

struct PolicyWanted {
  std::optional<int> episode;  // none: of the newest checkpoint
  std::string learner;         // empty: who acted
};
Result<KeptPolicy> ReadPolicy(const std::string& folder, const PolicyWanted& wanted);

}  // namespace equipoise::run
