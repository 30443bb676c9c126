#include "engine/learn/gaussian_actor.h"

#include <algorithm>
#include <cmath>

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

void GaussianActor::Run(const float* s, bool keep) {
  const auto states = static_cast<size_t>(policy_.states());
  for (size_t i = 0; i < input_.size(); i += states)
    for (size_t j = 0; j < states; ++j) input_[i + j] = (s[i + j] - policy_.mean[j]) / policy_.sd[j];
  if (keep) {
    pass_->Forward(*net_, input_.data());
  } else {
    pass_->Evaluate(*net_, input_.data());
  }
}

void GaussianActor::Act(const float* s, const float* noise, bool keep) {
  Run(s, keep);
  noise_ = noise;
  kept_ = keep ? Kept::kSample : Kept::kNothing;
  nets::TanhGaussian(rows_, policy_.actions(), pass_->output(), noise, policy_.spread, action_.data(),
                     log_prob_.data());
}

nets::Adam::Outcome GaussianActor::Update(const float* daction, const float* dlog_prob, double loss, double lr,
                                          double clip, double pull) {
  EQ_CHECK(kept_ == Kept::kSample, "an update without a sample");
  nets::TanhGaussianBackward(rows_, policy_.actions(), pass_->output(), noise_, policy_.spread, action_.data(), daction,
                             dlog_prob, pass_->output_gradient());
  if (pull > 0) {
    const int64_t A = policy_.actions();
    const auto share = static_cast<float>(2.0 * pull / static_cast<double>(rows_ * A));
    for (int64_t i = 0; i < rows_; ++i)
      for (int64_t j = 0; j < A; ++j) pass_->output_gradient()[i * 2 * A + j] += share * pass_->output()[i * 2 * A + j];
  }
  gradient_->Clear();
  pass_->Backward(gradient_.get(), nullptr);
  return net_->Step(loss, *gradient_, lr, clip);
}

void GaussianActor::Backward(const float* daction, const float* dlog_prob, float* ds) {
  EQ_CHECK(kept_ == Kept::kSample, "a derivative without a sample");
  nets::TanhGaussianBackward(rows_, policy_.actions(), pass_->output(), noise_, policy_.spread, action_.data(), daction,
                             dlog_prob, pass_->output_gradient());
  pass_->Backward(gradient_.get(), ds);
  const auto states = static_cast<size_t>(policy_.states());
  for (size_t i = 0; i < input_.size(); ++i) ds[i] /= policy_.sd[i % states];
}

void GaussianActor::Density(const float* s, const float* u) {
  Run(s, true);
  u_ = u;
  kept_ = Kept::kDensity;
  nets::LogDensity(rows_, policy_.actions(), pass_->output(), u, policy_.spread, log_prob_.data());
}

void GaussianActor::InferNoise(float* noise) {
  EQ_CHECK(kept_ == Kept::kDensity, "noise of actions that are not known");
  const int64_t A = policy_.actions(), entries = rows_ * A;
  const float* raw = pass_->output();
  std::vector<float> around_zero(raw, raw + 2 * entries), ones(static_cast<size_t>(entries), 1.0f);
  for (int64_t i = 0; i < rows_; ++i) std::fill_n(around_zero.data() + i * 2 * A, A, 0.0f);
  nets::Latents(rows_, A, around_zero.data(), ones.data(), policy_.spread, noise);  // sigma
  for (int64_t i = 0; i < entries; ++i) noise[i] = (u_[i] - raw[i / A * 2 * A + i % A]) / noise[i];
}

double GaussianActor::Differentiate(const float* dlog_prob, const float* raw, double weight) {
  EQ_CHECK(kept_ == Kept::kDensity, "a score without a density");
  nets::LogDensityBackward(rows_, policy_.actions(), pass_->output(), u_, policy_.spread, dlog_prob,
                           pass_->output_gradient());
  if (weight > 0)
    nets::GaussianKl(rows_, policy_.actions(), pass_->output(), raw, policy_.spread,
                     static_cast<float>(weight / static_cast<double>(rows_)), pass_->output_gradient());
  gradient_->Clear();
  pass_->Backward(gradient_.get(), nullptr);
  return gradient_->Norm();
}

double GaussianActor::SaturatedShare() const {
  const auto beyond = [](float a) { return std::fabs(a) > 0.99505475f; };  // tanh(3)
  return static_cast<double>(std::count_if(action_.begin(), action_.end(), beyond)) /
         static_cast<double>(action_.size());
}

}  // namespace equipoise::learn
