// given_rolls.h: a problem whose policy's ways, and their slopes, are given.
#pragma once

#include <vector>

#include "engine/plan/problem.h"

namespace equipoise::test {

// Remembers what it was asked.
class GivenRolls : public plan::Problem, public plan::PolicyRolls {
 public:
  explicit GivenRolls(plan::PlanShape shape) : shape_(shape) {}
  const plan::PlanShape& shape() const override { return shape_; }
  std::vector<double> Score(const std::vector<float>&) override { return {}; }
  plan::PolicyRolls* Rolls(const nets::Policy&) override { return this; }

  Head Root() override { return head; }
  double reward_sd() const override { return sd_of_reward; }
  Rolled Roll(int64_t n, const std::vector<float>&, const std::vector<float>& du) override {
    rolled.push_back(du);
    if (!ways.actions.empty()) return ways;
    Rolled still;
    still.actions.assign(static_cast<size_t>(n * shape_.size()), 0.25f);
    still.rewards.assign(static_cast<size_t>(n * shape_.knots), 1.0);
    still.log_density.assign(still.rewards.size(), 0.0);
    return still;
  }
  Slopes Differentiate(const std::vector<float>& du) override {
    asked.push_back(du);
    return slopes;
  }
  double Insertion(const std::vector<float>& action) override {
    switched = action;
    return insertion;
  }

  Head head{{0.0f}, {1.0f}};
  double sd_of_reward = 1, insertion = 0.5;
  Rolled ways;  // empty: nothing happens
  Slopes slopes;
  std::vector<std::vector<float>> asked, rolled;  // du
  std::vector<float> switched;

 private:
  plan::PlanShape shape_;
};

}  // namespace equipoise::test
