// reference.h: the losses of the learners as their equations read, in plain ATen operations: what the hand-written
// gradients are checked against (see nets/reference.h and model/reference.h).
//
// Shapes   imagined: reward, log_prob, value [H, n] (value[k] = V(s_{k+1})); transitions: everything [n, .]
// Thread   no state
#pragma once

#include <vector>

#include "engine/model/aten/reference.h"

namespace equipoise::learn {

// -(1/n) sum over n and time of [ r - alpha log pi ]
at::Tensor ReferenceFullLoss(const at::Tensor& reward, const at::Tensor& log_prob, double alpha);

// G_k = r_k + gamma [ (1 - lambda) V_{k+1} + lambda G_{k+1} ],  G_H = V_H
at::Tensor ReferenceLambdaReturn(const at::Tensor& reward, const at::Tensor& value, double gamma, double lambda);
// -mean gamma^k G_k + alpha mean log pi; with `soft` entropy is part of every reward instead.
at::Tensor ReferenceDreamerActorLoss(const at::Tensor& reward, const at::Tensor& log_prob, const at::Tensor& value,
                                     double gamma, double lambda, double alpha, bool soft);
// mean gamma^k (V(s_k) - G_k)^2, value_now[k] = V(s_k); no gradient through the returns.
at::Tensor ReferenceDreamerCriticLoss(const at::Tensor& value_now, const at::Tensor& returns, double gamma);

struct ReferenceCritics {
  nets::MlpSpec spec;
  std::vector<std::vector<at::Tensor>> blocks;  // of each critic
};
at::Tensor ReferenceQ(const ReferenceCritics& critics, size_t which, const at::Tensor& s, const at::Tensor& a);
// The values of all critics, one below the other: [critics, n].
at::Tensor ReferenceAllQ(const ReferenceCritics& critics, const at::Tensor& s, const at::Tensor& a);
// What the actor climbs: their least, or their mean.
at::Tensor ReferenceActorValue(const at::Tensor& all_q, bool mean);
// r + gamma [ min_j Q_j(s', a') - bonus log pi(a'|s') ] over all of `targets`; bonus 0 leaves the entropy out.
at::Tensor ReferenceSacTarget(const ReferenceCritics& targets, const nets::ReferencePolicy& policy, const at::Tensor& r,
                              const at::Tensor& s_next, const at::Tensor& eps, double gamma, double bonus);
at::Tensor ReferenceSacCriticLoss(const ReferenceCritics& critics, const at::Tensor& s, const at::Tensor& a,
                                  const at::Tensor& target);
at::Tensor ReferenceSacActorLoss(const ReferenceCritics& critics, const nets::ReferencePolicy& policy,
                                 const at::Tensor& s, const at::Tensor& eps, double alpha, bool mean);

}  // namespace equipoise::learn
