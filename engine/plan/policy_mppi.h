// policy_mppi.h: stochastic hybrid learning: what a policy would try, weighed by what a model makes of it (Abraham et
// al. 2020; Pinosky et al. 2023).
//
//   S rollouts of the policy in the model:  u_k^s ~ N(m, sigma)(s_k),  v_k^s = tanh u_k^s,  G_k^s = sum_{j >= k} r_j^s
//   w_k^s = exp((G_k^s + lambda log N(u_k^s)) / lambda - largest) + 1e-5, over their sum;   a_k = sum_s w_k^s v_k^s
//
// Nothing is remembered: shifted plans would cancel, as weights add up to one. lambda is in units of a step's reward in
// the data times sqrt(K), or of raw reward.
//
// Streams  "mix.noise"
#pragma once

#include "engine/nets/policy.h"
#include "engine/plan/planner.h"

namespace equipoise::config {
struct Section;
}

namespace equipoise::plan {

struct PolicyMppiSettings {
  static constexpr const char* kSection = "mix";
  int candidates = 60;
  double temperature = 0.1;
  std::string unit = "reward";
};
config::Section PolicyMppiSection();

// The w of one step; all zero: no return is finite. lambda 0: the best return alone, the first of equal ones.
std::vector<double> ProposalWeights(const std::vector<double>& returns, const std::vector<double>& log_density,
                                    double lambda);

class PolicyMppi : public Planner {
 public:
  // The policy outlives it.
  explicit PolicyMppi(const nets::Policy& policy) : policy_(policy) {}
  const std::string& id() const override;
  void Begin(const config::Settings& settings) override;
  Plan Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) override;

 private:
  const nets::Policy& policy_;
  PolicyMppiSettings settings_;
};

}  // namespace equipoise::plan
