// gaussian_actor.h: a tanh-Gaussian policy (nets/policy.h) while it is trained on a batch of raw observations, by
// derivatives of its loss with respect to its actions and their log-densities, on any back end.
//
//   a = tanh(m(s) + sigma(s) eps),  the noise eps given: reparameterised
//
// Shapes   s [n, S], noise, action and daction [n, A], log_prob and dlog_prob [n]; n fixed
// Thread   one thread
#pragma once

#include <memory>
#include <vector>

#include "engine/nets/network_parts.h"
#include "engine/nets/policy.h"

namespace equipoise::learn {

class GaussianActor {
 public:
  // Both are the caller's and outlive this; from now until Store the weights are the parts'.
  GaussianActor(const nets::NetworkParts& parts, nets::Policy* policy, nets::Adam* adam, int64_t rows);

  // Actions and their log-densities; after Evaluate, Update is not possible. `noise` stays as it is until Update.
  void Sample(const float* s, const float* noise) { Act(s, noise, true); }
  void Evaluate(const float* s, const float* noise) { Act(s, noise, false); }
  const float* action() const { return action_.data(); }
  const float* log_prob() const { return log_prob_.data(); }
  // One guarded step against a loss with these derivatives at the last Sample. `loss` is what must be finite.
  nets::Adam::Outcome Update(const float* daction, const float* dlog_prob, double loss, double lr, double clip);

  void Store() { net_->Store(); }
  int skipped() const { return net_->skipped(); }
  bool reloaded() const { return net_->reloaded(); }

 private:
  void Act(const float* s, const float* noise, bool keep);

  const nets::Policy& policy_;
  int64_t rows_;
  std::unique_ptr<nets::Weights> net_;
  std::unique_ptr<nets::NetworkPass> pass_;
  std::unique_ptr<nets::Gradient> gradient_;
  std::vector<float> input_, action_, log_prob_;
  const float* noise_ = nullptr;  // of the last Sample
};

}  // namespace equipoise::learn
