#include "engine/learn/alm/representation.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"

namespace equipoise::learn {
namespace {

// Shares told of the encoder: within so much of the ends of what it can say.
constexpr double kNearLeastSd = 1.05 * kLatentLeastSd, kNearEdge = 0.95 * kLatentMean;

}  // namespace

Representation::Representation(const nets::NetworkParts& parts, const AlmNets& nets, const AlmWeights& weights,
                               int64_t n, int64_t steps)
    : n_(n),
      steps_(steps),
      latent_(nets.latent()),
      actions_(nets.actions()),
      encoder_(parts, nets.encoder.spec, n),
      target_(parts, nets.encoder.spec, n),
      actor_(parts, nets.actor.spec, n),
      critics_(parts, nets.critic_spec(), n, weights.critics.size()),
      dz_(static_cast<size_t>(n * nets.latent())),
      djoint_(static_cast<size_t>(n * (nets.latent() + nets.actions()))),
      encoder_gradient_(weights.encoder->NewGradient()),
      model_gradient_(weights.model->NewGradient()) {
  at_.reserve(static_cast<size_t>(steps));
  for (int64_t t = 0; t < steps; ++t) at_.emplace_back(parts, nets, n);
}

Representation::Told Representation::Differentiate(const AlmWeights& weights, const Windows& windows,
                                                   const float* noise, const float* action_noise, LatentNoise acting) {
  EQ_CHECK(windows.n == n_ && windows.steps == steps_, "windows of another shape");
  const double n = static_cast<double>(n_);
  const int64_t S = static_cast<int64_t>(windows.s.size()) / ((steps_ + 1) * n_);
  const auto share = static_cast<float>(-1.0 / n);
  Told told;

  encoder_.Sample(*weights.encoder, windows.s.data(), noise);
  const auto latents = static_cast<double>(encoder_.z().size());
  for (const float sd : encoder_.sd()) told.at_least_sd += static_cast<double>(sd) < kNearLeastSd ? 1 / latents : 0;
  for (const float m : encoder_.mean()) told.at_edge += std::fabs(static_cast<double>(m)) > kNearEdge ? 1 / latents : 0;
  const std::vector<float>* z = &encoder_.z();
  for (int64_t t = 0; t < steps_; ++t) {
    Unrolled& at = at_[static_cast<size_t>(t)];
    JoinColumns(n_, {{z->data(), latent_}, {windows.a.data() + t * n_ * actions_, actions_}}, &at.joint);
    at.reward->Forward(*weights.reward, at.joint.data());
    for (int64_t i = 0; i < n_; ++i) told.reward += static_cast<double>(at.reward->output()[i]) / n;
    at.prior.Sample(*weights.model, at.joint.data(), noise + (t + 1) * n_ * latent_);
    target_.Evaluate(*weights.slow_encoder, windows.s.data() + (t + 1) * n_ * S, nullptr);
    told.kl += at.prior.AddKl(target_, 1 / n) / n;
    z = &at.prior.z();
  }
  actor_.Evaluate(*weights.actor, z->data(), action_noise, acting);
  JoinColumns(n_, {{z->data(), latent_}, {actor_.action().data(), actions_}}, &last_);
  critics_.Forward(weights.critics, last_.data());
  for (const float q : critics_.least()) told.value += static_cast<double>(q) / n;
  told.loss = told.kl - told.reward - told.value;
  told.kl /= static_cast<double>(steps_);

  // Back: dz_ is the loss's derivative by z_{t+1}, all of it but what prior t itself has by its KL.
  encoder_gradient_->Clear();
  model_gradient_->Clear();
  const std::vector<float> same(static_cast<size_t>(n_), share);
  const int64_t width = latent_ + actions_;
  critics_.Backward(same.data(), &djoint_);
  std::fill(dz_.begin(), dz_.end(), 0.0f);
  AddColumns(n_, width, 0, latent_, djoint_, dz_.data());
  for (int64_t t = steps_ - 1; t >= 0; --t) {
    Unrolled& at = at_[static_cast<size_t>(t)];
    at.prior.Backward(dz_.data(), model_gradient_.get(), djoint_.data());
    std::fill(dz_.begin(), dz_.end(), 0.0f);
    AddColumns(n_, width, 0, latent_, djoint_, dz_.data());
    std::copy(same.begin(), same.end(), at.reward->output_gradient());
    at.reward->Backward(nullptr, djoint_.data());
    AddColumns(n_, width, 0, latent_, djoint_, dz_.data());
  }
  encoder_.Backward(dz_.data(), encoder_gradient_.get(), nullptr);
  return told;
}

void Representation::Step(AlmWeights* weights, double lr, double clip, Told* told) {
  told->encoder_norm = weights->encoder->Step(told->loss, *encoder_gradient_, lr, clip).norm;
  told->model_norm = weights->model->Step(told->loss, *model_gradient_, lr, clip).norm;
}

}  // namespace equipoise::learn
