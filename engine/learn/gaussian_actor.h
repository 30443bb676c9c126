// gaussian_actor.h: a tanh-Gaussian policy (nets/policy.h) while it is trained on a batch of raw observations, by
// derivatives of its loss with respect to its actions and their log-densities, on any back end.
//
//   Sample   a = tanh(m(s) + sigma(s) eps),  the noise eps given: reparameterised. One without spread needs none
//   Density  log pi of actions that were drawn before, by what they were before tanh: its derivative is the score
//
// Shapes   s [n, S], noise, u, action and daction [n, A], log_prob and dlog_prob [n]; n fixed
// Thread   one thread
#pragma once

#include <memory>
#include <vector>

#include "engine/nets/network_parts.h"
#include "engine/nets/policy.h"

namespace equipoise::learn {

class GaussianActor {
 public:
  // Both are the caller's and outlive this; from now until Store the weights are the parts'. adam null: a slower copy,
  // which is moved towards another and never updated.
  GaussianActor(const nets::NetworkParts& parts, nets::Policy* policy, nets::Adam* adam, int64_t rows);

  // Actions and their log-densities; after Evaluate, Update is not possible. `noise` stays as it is until Update.
  void Sample(const float* s, const float* noise) { Act(s, noise, true); }
  void Evaluate(const float* s, const float* noise) { Act(s, noise, false); }
  // log pi(u | s) alone; action() is not touched. `u` stays as it is until Differentiate.
  void Density(const float* s, const float* u);
  // The noise under which a Sample at the s of the last Density would draw its u: (u - m(s)) / sigma(s) [n, A].
  void InferNoise(float* noise);
  const float* action() const { return action_.data(); }
  const float* log_prob() const { return log_prob_.data(); }
  // One guarded step against a loss with these derivatives at the last Sample. `loss` is what must be finite.
  // `pull`: the loss has pull * mean m(s)^2 beside that, which keeps m from where tanh is flat.
  nets::Adam::Outcome Update(const float* daction, const float* dlog_prob, double loss, double lr, double clip,
                             double pull = 0);
  // In parts, for a loss that owes to the actor elsewhere as well: adds the gradient of one with these derivatives at the
  // last Sample, and tells its derivatives by s [n, S]. Whatever else is added to gradient(), Step then steps against.
  void ClearGradient() { gradient_->Clear(); }
  void Backward(const float* daction, const float* dlog_prob, float* ds);
  const nets::Weights& weights() const { return *net_; }
  nets::Gradient* gradient() { return gradient_.get(); }
  // The gradient of a loss with these derivatives at the last Density, which Step then steps against; its norm. With
  // weight > 0 the loss has weight * mean KL(pi | Gaussian of `raw` [n, 2A]) beside that.
  double Differentiate(const float* dlog_prob, const float* raw = nullptr, double weight = 0);
  nets::Adam::Outcome Step(double loss, double lr, double clip) { return net_->Step(loss, *gradient_, lr, clip); }
  // w += tau (leader - w)
  void MoveTowards(const GaussianActor& leader, double tau) { net_->MoveTowards(*leader.net_, tau); }
  // Of the last actions, the share beyond tanh(+-3), where tanh is flat and an actor hardly learns.
  double SaturatedShare() const;

  void Store() { net_->Store(); }
  int skipped() const { return net_->skipped(); }
  bool reloaded() const { return net_->reloaded(); }

 private:
  void Act(const float* s, const float* noise, bool keep);
  void Run(const float* s, bool keep);

  const nets::Policy& policy_;
  int64_t rows_;
  std::unique_ptr<nets::Weights> net_;
  std::unique_ptr<nets::NetworkPass> pass_;
  std::unique_ptr<nets::Gradient> gradient_;
  std::vector<float> input_, action_, log_prob_;
  const float *noise_ = nullptr, *u_ = nullptr;  // of the last Sample, and of the last Density
  enum class Kept { kNothing, kSample, kDensity } kept_ = Kept::kNothing;  // what the pass can be walked back from
};

}  // namespace equipoise::learn
