// model_problem.h: candidates scored in a world model, from where the body is now.
//
//   score(a) = mean over particles p of sum_{t < steps} r(z_t^p, a_t),  z_{t+1}^p = model(z_t^p, a_t, noise_t^p | w_p)
//
// Common random numbers: all candidates share the particles' beliefs w_p and noise. A model without beliefs and noise
// needs a single particle.
//
// Shapes   observation [S] raw, noise [steps, P, S], carry [P, carry_size]
// Units    rewards raw, undiscounted
// Thread   one; the work of a Score is shared among the team's threads, to the same bits
// Errors   Interrupted out of PollInterrupt; the model must not change while it is asked
// Cost     n * P * steps model steps, one matrix product a layer for all rows of a piece
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/team.h"
#include "engine/model/imagination.h"
#include "engine/model/true_simulator.h"
#include "engine/plan/problem.h"

namespace equipoise::plan {

// From where, and under what.
struct PlanRoot {
  PlanShape shape;
  const float* observation = nullptr;
  const model::Belief* beliefs = nullptr;  // of the particles
  const float* carry = nullptr;            // null: the beginning of an episode
  const float* noise = nullptr;            // null: the model's mean
  const int32_t* belief_of = nullptr;      // [steps, P]: of the particles at every step; null: they keep theirs
};

class ModelPolicyRolls;

class ModelProblem : public Problem {
 public:
  // `model` outlives it. `simulator`: the same, where it is that.
  explicit ModelProblem(const model::WorldModel& model, const model::TrueSimulator* simulator = nullptr);
  ~ModelProblem() override;
  // What `root` points to stays as it is until the next one. `team` null: this thread alone.
  void SetRoot(const PlanRoot& root, Team* team);

  const PlanShape& shape() const override { return root_.shape; }
  std::vector<double> Score(const std::vector<float>& candidates) override;
  // In a model: under the first particle's belief.
  std::unique_ptr<Branches> NewBranches() override;
  PolicyRolls* Rolls(const nets::Policy& policy) override;
  // Of a candidate of the last Score, or of the last Roll of a policy: the states before every step [steps, S], as the first particle has them.
  std::vector<float> StatesOf(int64_t candidate) const;

  struct Prediction {
    std::vector<double> rewards;  // [steps], mean over particles
    std::vector<float> states;    // [steps + 1, S], of the first particle
    double clamped_fraction = 0;  // of state entries that left the range of the data
  };
  Prediction Predict(const std::vector<float>& knots);

 private:
  class Lane;  // some of the candidates, one piece of them after the other
  Lane& LaneAt(int64_t i);

  const model::WorldModel& model_;
  const model::TrueSimulator* simulator_;
  PlanRoot root_;
  Team* team_ = nullptr;
  std::vector<float> z_;  // the observation, normalised
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::unique_ptr<ModelPolicyRolls> rolls_;  // of the policy that was asked for last
  std::vector<float> states_;                // of the last Score: [n, steps, S]
};

}  // namespace equipoise::plan
