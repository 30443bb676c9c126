// problem.h: what a planner is asked: which sequence of actions, from here, earns most?
//
// Shapes   candidates [n, K, A] one behind the other, scores [n]
// Units    scores are sums of raw rewards over PlanShape::steps, higher is better; one that is no number is -infinity,
//          so that it can never be the best
// Thread   one at a time; may share the work of a Score among a team's threads, to the same bits
// Errors   Interrupted out of PollInterrupt
#pragma once

#include <memory>
#include <vector>

#include "engine/plan/branches.h"
#include "engine/plan/plan_shape.h"
#include "engine/plan/policy_rolls.h"

namespace equipoise::nets {
class Policy;
}

namespace equipoise::plan {

class Problem {
 public:
  virtual ~Problem() = default;
  virtual const PlanShape& shape() const = 0;
  // All of them under the same beliefs and the same noise.
  virtual std::vector<double> Score(const std::vector<float>& candidates) = 0;
  // For who searches step by step: under one belief, without noise. Null: there is no such thing.
  virtual std::unique_ptr<Branches> NewBranches() { return nullptr; }
  // For who begins with what a policy would do: under one belief, without noise of the model's, actions that are held for
  // one step. Good until the next plan. Null: there is no such thing.
  virtual PolicyRolls* Rolls(const nets::Policy& policy) {
    (void)policy;
    return nullptr;
  }
};

}  // namespace equipoise::plan
