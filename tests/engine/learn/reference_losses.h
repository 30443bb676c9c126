// reference_losses.h: the losses of the learners as their equations read, in plain ATen operations with automatic
// gradients: each learner's second implementation, in whatever precision its arguments have.
//
// Shapes   imagined: reward, log_prob, value [H, n] (value[k] = V(s_{k+1})); transitions: everything [n, .]
#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <vector>

#include "engine/model/aten/reference.h"

namespace equipoise::learn {
// mean over k and n of gamma^k x_k
inline at::Tensor DiscountedMean(const at::Tensor& x, double gamma) {
  at::Tensor sum = at::zeros({}, x.options());
  for (int64_t k = 0; k < x.size(0); ++k) sum = sum + std::pow(gamma, static_cast<double>(k)) * x[k].mean();
  return sum / static_cast<double>(x.size(0));
}

// -(1/n) sum over n and time of [ r - alpha log pi ]
inline at::Tensor ReferenceFullLoss(const at::Tensor& reward, const at::Tensor& log_prob, double alpha) {
  return -(reward - alpha * log_prob).sum(0).mean();
}

// G_k = r_k + gamma [ (1 - lambda) V_{k+1} + lambda G_{k+1} ],  G_H = V_H
inline at::Tensor ReferenceLambdaReturn(const at::Tensor& reward, const at::Tensor& value, double gamma,
                                        double lambda) {
  std::vector<at::Tensor> returns(static_cast<size_t>(reward.size(0)));
  at::Tensor next = value[-1];
  for (int64_t k = reward.size(0) - 1; k >= 0; --k) {
    next = reward[k] + gamma * ((1.0 - lambda) * value[k] + lambda * next);
    returns[static_cast<size_t>(k)] = next;
  }
  return at::stack(returns);
}

// -mean gamma^k G_k + alpha mean log pi; with `soft` entropy is part of every reward instead.
inline at::Tensor ReferenceDreamerActorLoss(const at::Tensor& reward, const at::Tensor& log_prob,
                                            const at::Tensor& value, double gamma, double lambda, double alpha,
                                            bool soft) {
  const at::Tensor r = soft ? reward - alpha * log_prob : reward;
  const at::Tensor loss = -DiscountedMean(ReferenceLambdaReturn(r, value, gamma, lambda), gamma);
  return soft ? loss : loss + alpha * log_prob.mean();
}

// mean gamma^k (V(s_k) - G_k)^2, value_now[k] = V(s_k); no gradient through the returns.
inline at::Tensor ReferenceDreamerCriticLoss(const at::Tensor& value_now, const at::Tensor& returns, double gamma) {
  return DiscountedMean((value_now - returns.detach()).square(), gamma);
}

struct ReferenceCritics {
  nets::MlpSpec spec;
  std::vector<std::vector<at::Tensor>> blocks;  // of each critic
};
inline at::Tensor ReferenceQ(const ReferenceCritics& critics, size_t which, const at::Tensor& s, const at::Tensor& a) {
  return nets::ReferenceMlp(critics.spec, critics.blocks[which], at::cat({s, a}, -1)).squeeze(-1);
}

// The values of all critics, one below the other: [critics, n].
inline at::Tensor ReferenceAllQ(const ReferenceCritics& critics, const at::Tensor& s, const at::Tensor& a) {
  std::vector<at::Tensor> q;
  for (size_t j = 0; j < critics.blocks.size(); ++j) q.push_back(ReferenceQ(critics, j, s, a));
  return at::stack(q);
}

// What the actor climbs: their least, or their mean.
inline at::Tensor ReferenceActorValue(const at::Tensor& all_q, bool mean) {
  return mean ? all_q.mean(0) : all_q.amin(0);
}

// r + gamma [ min_j Q_j(s', a') - bonus log pi(a'|s') ] over all of `targets`; bonus 0 leaves the entropy out.
inline at::Tensor ReferenceSacTarget(const ReferenceCritics& targets, const nets::ReferencePolicy& policy,
                                     const at::Tensor& r, const at::Tensor& s_next, const at::Tensor& eps, double gamma,
                                     double bonus) {
  const nets::ReferenceSample next = nets::ReferenceAct(policy, s_next, eps);
  const at::Tensor q = ReferenceAllQ(targets, s_next, next.action).amin(0);
  return (r + gamma * (q - bonus * next.log_prob)).detach();
}

inline at::Tensor ReferenceSacCriticLoss(const ReferenceCritics& critics, const at::Tensor& s, const at::Tensor& a,
                                         const at::Tensor& target) {
  return (ReferenceAllQ(critics, s, a) - target).square().mean(1).sum();
}

inline at::Tensor ReferenceSacActorLoss(const ReferenceCritics& critics, const nets::ReferencePolicy& policy,
                                        const at::Tensor& s, const at::Tensor& eps, double alpha, bool mean) {
  const nets::ReferenceSample sample = nets::ReferenceAct(policy, s, eps);
  const at::Tensor q = ReferenceActorValue(ReferenceAllQ(critics, s, sample.action), mean);
  return (alpha * sample.log_prob - q).mean();
}

}  // namespace equipoise::learn
