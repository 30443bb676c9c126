// model_policy_rolls.h: a policy's rollouts in a world model, from where a plan begins.
//
// Thread   as policy_rolls.h; the model and the policy must not change while they are asked
#pragma once

#include <memory>
#include <vector>

#include "engine/model/imagination.h"
#include "engine/plan/model_problem.h"
#include "engine/plan/nudged_policy.h"
#include "engine/plan/policy_rolls.h"

namespace equipoise::plan {

class ModelPolicyRolls : public PolicyRolls {
 public:
  // Both outlive it. *states receives the states before every step of a Roll, [n, steps, S] raw.
  ModelPolicyRolls(const model::WorldModel& model, const nets::Policy& policy, std::vector<float>* states);
  // What it points to stays as it is until the next one; z: the observation, normalised.
  void SetRoot(const PlanRoot& root, const std::vector<float>& z);
  const nets::Policy& policy() const { return policy_; }

  Head Root() override;
  double reward_sd() const override { return static_cast<double>(model_.normaliser().y_sd.back()); }
  Rolled Roll(int64_t n, const std::vector<float>& eps, const std::vector<float>& du) override;
  Slopes Differentiate(const std::vector<float>& du) override;
  double Insertion(const std::vector<float>& action) override;

 private:
  // From the root, so many rows and steps.
  model::ImaginationInputs Inputs(int64_t rows, int64_t steps);

  const model::WorldModel& model_;
  const nets::Policy& policy_;
  std::vector<float>* const states_;
  NudgedPolicy* source_;  // of ways_
  std::unique_ptr<model::Imagination> ways_;
  std::vector<float> pair_;                    // two actions, of which
  std::unique_ptr<model::Imagination> steps_;  // makes a step each

  PlanRoot root_;
  model::Belief belief_;
  std::vector<float> z_, start_, carry_;
  nets::MlpPass pass_;
  std::vector<float> head_;     // [2A] of the observation
  std::vector<float> by_next_;  // of the policy's own way: rho_1 [S]
};

}  // namespace equipoise::plan
