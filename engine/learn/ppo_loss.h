// ppo_loss.h: what proximal policy optimisation minimises on one minibatch, and the advantages it goes by
// (Schulman et al. 2017, 2016).
//
//   d_t = r_t + g V_{t+1} - V_t;  A_t = d_t + g l A_{t+1};  R_t = A_t + V_t
//   policy  -(1/n) sum_i min(rho_i A_i, clip(rho_i, 1-e, 1+e) A_i),  rho = exp(log pi - log pi_old)
//   value   (c/n) sum_i max((v_i - R_i)^2, (vc_i - R_i)^2),  vc = v_old + clip(v - v_old, -e, e)
//
// Shapes   of one trajectory: reward, advantage, R [T], value [T+1]: what follows the last step counts, since episodes
//          end by time only. Of a minibatch: everything [n]
// Thread   no state
#pragma once

#include <cstdint>

namespace equipoise::learn {

void GeneralisedAdvantage(int64_t steps, const float* reward, const float* value, double gamma, double lambda,
                          float* advantage, float* value_target);

// To mean 0 and standard deviation 1 (n - 1 in its denominator); 1e-8 is added to the latter.
void Standardise(int64_t n, float* advantage);

struct PolicyLoss {
  double loss = 0;
  double clipped = 0;  // share of the rows whose rho lies beyond 1 +- clip
  double kl = 0;       // mean of (rho - 1) - log rho, which estimates KL(pi_old | pi)
};
PolicyLoss ClippedPolicyLoss(int64_t n, const float* log_prob, const float* old_log_prob, const float* advantage,
                             double clip, float* dlog_prob);

// clip 0: the first square alone.
double ClippedValueLoss(int64_t n, const float* v, const float* old_v, const float* value_target, double clip,
                        double weight, float* dv);

}  // namespace equipoise::learn
