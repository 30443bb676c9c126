#include "engine/learn/gaussian_actor.h"

#include "engine/base/check.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::learn {

GaussianActor::GaussianActor(const nets::NetworkParts& parts, nets::Policy* policy, nets::Adam* adam, int64_t rows)
    : policy_(*policy),
      rows_(rows),
      net_(parts.NewWeights(&policy->net, adam)),
      pass_(parts.NewPass(policy->spec, rows)),
      gradient_(net_->NewGradient()),
      input_(static_cast<size_t>(rows * policy->states())),
      action_(static_cast<size_t>(rows * policy->actions())),
      log_prob_(static_cast<size_t>(rows)) {}

void GaussianActor::Act(const float* s, const float* noise, bool keep) {
  const auto states = static_cast<size_t>(policy_.states());
  for (size_t i = 0; i < input_.size(); i += states)
    for (size_t j = 0; j < states; ++j) input_[i + j] = (s[i + j] - policy_.mean[j]) / policy_.sd[j];
  if (keep) {
    pass_->Forward(*net_, input_.data());
  } else {
    pass_->Evaluate(*net_, input_.data());
  }
  noise_ = keep ? noise : nullptr;
  nets::TanhGaussian(rows_, policy_.actions(), pass_->output(), noise, policy_.sigma_max, action_.data(),
                     log_prob_.data());
}

nets::Adam::Outcome GaussianActor::Update(const float* daction, const float* dlog_prob, double loss, double lr,
                                          double clip) {
  EQ_CHECK(noise_ != nullptr, "an update without a sample");
  nets::TanhGaussianBackward(rows_, policy_.actions(), pass_->output(), noise_, policy_.sigma_max, action_.data(),
                             daction, dlog_prob, pass_->output_gradient());
  gradient_->Clear();
  pass_->Backward(gradient_.get(), nullptr);
  return net_->Step(loss, *gradient_, lr, clip);
}

}  // namespace equipoise::learn
