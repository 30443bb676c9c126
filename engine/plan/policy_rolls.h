// policy_rolls.h: what comes of a policy that goes on from where the body is, in a model's means under one belief.
//
//   a_k = tanh(m(s_k) + sigma(s_k) eps_k + du_k);   s_{k+1}, r_k = model(s_k, a_k),   k < K
//
// s_0 is the observation itself, so a_0 is what the policy does there, to the bit.
//
// Shapes   n rollouts of K steps, A numbers an action: eps and du [n, K, A], empty: all zero
// Units    rewards raw; slopes in rewards' standard deviations
// Thread   one at a time
// Errors   Interrupted out of PollInterrupt
#pragma once

#include <cstdint>
#include <vector>

namespace equipoise::plan {

class PolicyRolls {
 public:
  virtual ~PolicyRolls() = default;

  // Of the Gaussian before tanh, where the body is: [A].
  struct Head {
    std::vector<float> mean, sd;
  };
  virtual Head Root() = 0;
  // Of a step's reward, in what the model was fitted to.
  virtual double reward_sd() const = 0;

  struct Rolled {
    std::vector<float> actions;       // [n, K, A]
    std::vector<double> rewards;      // [n, K]
    std::vector<double> log_density;  // [n, K]: of m + sigma eps, before tanh, sum over the numbers of an action
  };
  virtual Rolled Roll(int64_t n, const std::vector<float>& eps, const std::vector<float>& du) = 0;

  // Without noise.
  struct Slopes {
    // [K, A]: along the way of du [K, A], by du, of
    //   J = sum_k [r_k / reward_sd + mean_j log N(a_kj; tanh m_j(s_k), sigma_j(s_k)^2)]
    std::vector<double> du;
    std::vector<double> sd;  // [K, A]: sigma along that way
    // [A]: along the policy's own way, by a_0, of the rewards from step 1 on: (df/da)^T rho_1.
    std::vector<double> ahead;
  };
  virtual Slopes Differentiate(const std::vector<float>& du) = 0;
  // What the return would gain at first, were `action` [A] acted here instead of tanh m for a growing while:
  //   dJ/dlambda = r(s, a) - r(s, tanh m) + rho_1^T (f(s, a) - f(s, tanh m))
  // with rho_1 of the last Differentiate; raw reward.
  virtual double Insertion(const std::vector<float>& action) = 0;
};

}  // namespace equipoise::plan
