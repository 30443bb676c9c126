// gradient_plan.h: deterministic hybrid learning: a model's gradient pushes a policy's action, as far as the policy's
// own spread allows (Abraham et al. 2020; Pinosky et al. 2023).
//
//   descent  a_k = tanh(m(s_k) + du_k);   J = sum_k [r_k / sd(r) + mean_j log N(a_kj; tanh m_j, sigma_j^2)]
//            du <- du + lr dJ/ddu (times sigma^2: nudge.by_variance); kept, and shifted for the next plan, 0 behind it
//   adjoint  along the policy's own way: du_0 = sigma^2 (df/du)^T rho_1, the others 0; nothing is kept
//
// |du| stays below nudge.reach times sigma. What is acted is tanh(m + sigma eps + du_0): the policy goes on exploring.
// Said of every plan: what the return would gain at first, were a = tanh(m + du_0) switched to for a while (the mode
// insertion gradient).
//
// Streams  "nudge.noise"
#pragma once

#include "engine/nets/policy.h"
#include "engine/plan/planner.h"

namespace equipoise::config {
struct Section;
}

namespace equipoise::plan {

struct GradientPlanSettings {
  static constexpr const char* kSection = "nudge";
  std::string form = "descent";
  double lr = 0.1;
  int iterations = 1;
  bool by_variance = true;
  double reach = 3.0;
};
config::Section GradientPlanSection();

class GradientPlan : public Planner {
 public:
  // The policy outlives it.
  explicit GradientPlan(const nets::Policy& policy) : policy_(policy) {}
  const std::string& id() const override;
  void Begin(const config::Settings& settings) override;
  Plan Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) override;
  void Forget() override { du_.clear(); }

 private:
  // The next du from the last one; false: its slopes are not finite.
  bool Improve(PolicyRolls* rolls, std::vector<float>* du) const;

  const nets::Policy& policy_;
  GradientPlanSettings settings_;
  std::vector<float> du_;  // of the last plan, and the step at which that was made; empty: there is none
  int last_step_ = 0;
  double before_ = 0;  // sum of |du_0| over the plans of the episode
  int plans_ = 0;
};

}  // namespace equipoise::plan
