// guided_worlds.h: policies whose numbers are known, and a problem that a plan begins with them in.
#pragma once

#include <cmath>
#include <vector>

#include "engine/nets/policy.h"
#include "engine/plan/model_problem.h"

namespace equipoise::test {

// u = theta tanh(s) + sigma eps, whatever the state: linear to 1e-4 below .01.
inline nets::Policy LinearPolicy(double theta, double sigma) {
  Stream stream(1, "linear");
  nets::PolicySpec spec{1, 1, 1, 1, nets::Activation::kTanh, {nets::Spread::Kind::kLogClamp, 0.0f}};
  nets::Policy policy(spec, stream);
  for (int block = 0; block < policy.net.layout.size(); ++block) policy.net.Fill(block, 0.0f);
  policy.net.at(policy.net.layout.Find("w0"))[0] = 1.0f;
  policy.net.at(policy.net.layout.Find("w_out"))[0] = static_cast<float>(theta);
  policy.net.at(policy.net.layout.Find("b_out"))[1] = static_cast<float>(std::log(sigma));
  return policy;
}

// From `observation` in a model of one belief.
class GuidedProblem {
 public:
  GuidedProblem(const model::WorldModel& model, std::vector<float> observation, int64_t steps)
      : problem(model), observation_(std::move(observation)), belief_{1, {0.0f}} {
    plan::PlanRoot root;
    root.shape = {steps, model.actions(), 1, steps};
    root.observation = observation_.data();
    root.beliefs = &belief_;
    problem.SetRoot(root, nullptr);
  }
  plan::ModelProblem problem;

 private:
  const std::vector<float> observation_;
  const model::Belief belief_;
};

}  // namespace equipoise::test
