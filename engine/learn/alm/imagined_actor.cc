#include "engine/learn/alm/imagined_actor.h"

#include <algorithm>
#include <cmath>

#include "engine/learn/lambda_return.h"

namespace equipoise::learn {

ImaginedActor::Imagined::Imagined(const nets::NetworkParts& parts, const AlmNets& nets, const AlmWeights& weights,
                                  int64_t n)
    : actor(parts, nets.actor.spec, n),
      prior(parts, nets.model.spec, n),
      reward(parts.NewPass(nets.reward.spec, n)),
      classifier(parts.NewPass(nets.classifier.spec, n)),
      critics(parts, nets.critic_spec(), n, weights.critics.size()) {}

ImaginedActor::ImaginedActor(const nets::NetworkParts& parts, const AlmNets& nets, const AlmWeights& weights, int64_t n,
                             int64_t horizon)
    : n_(n),
      horizon_(horizon),
      latent_(nets.latent()),
      actions_(nets.actions()),
      gradient_(weights.actor->NewGradient()) {
  at_.reserve(static_cast<size_t>(horizon) + 1);
  for (int64_t k = 0; k <= horizon; ++k) at_.emplace_back(parts, nets, weights, n);
  for (auto* v : {&rewards_, &values_, &returns_}) v->resize(static_cast<size_t>(horizon * n));
}

ImaginedActor::Told ImaginedActor::Differentiate(const AlmWeights& weights, const float* z, const float* noise,
                                                 const float* action_noise, LatentNoise acting,
                                                 const ImaginedReturn& settings) {
  const double entries = static_cast<double>(n_ * horizon_);
  Told told;
  for (int64_t k = 0; k <= horizon_; ++k) {
    Imagined& at = at_[static_cast<size_t>(k)];
    const float* eps = action_noise + k * n_ * actions_;
    if (k < horizon_) {
      at.actor.Act(*weights.actor, z, eps, acting);
    } else {
      at.actor.Evaluate(*weights.actor, z, eps, acting);
    }
    if (k == 0) told.saturated = at.actor.SaturatedShare();
    const float* a = at.actor.action().data();
    JoinColumns(n_, {{z, latent_}, {a, actions_}}, &at.joint);
    if (k > 0) {
      at.critics.Forward(weights.critics, at.joint.data());
      std::copy(at.critics.least().begin(), at.critics.least().end(), values_.begin() + (k - 1) * n_);
    }
    if (k == horizon_) break;
    at.prior.Sample(*weights.model, at.joint.data(), noise + k * n_ * latent_);
    const float* next = at.prior.z().data();
    JoinColumns(n_, {{z, latent_}, {a, actions_}, {next, latent_}}, &at.triple);
    at.reward->Forward(*weights.reward, at.joint.data());
    at.classifier->Forward(*weights.classifier, at.triple.data());
    const float *r = at.reward->output(), *c = at.classifier->output();
    for (int64_t i = 0; i < n_; ++i) {
      const double likeness = static_cast<double>(c[2 * i + 1]) - c[2 * i];
      told.likeness += likeness / entries;
      rewards_[static_cast<size_t>(k * n_ + i)] = static_cast<float>(r[i] + settings.cost * likeness);
    }
    z = next;
  }
  LambdaReturn(horizon_, n_, rewards_.data(), values_.data(), settings.gamma, settings.lambda, returns_.data());
  for (int64_t k = 0; k < horizon_; ++k)
    for (int64_t i = 0; i < n_; ++i) {
      const double g = returns_[static_cast<size_t>(k * n_ + i)];
      told.loss -= std::pow(settings.gamma, static_cast<double>(k)) * g / entries;
      if (k == 0) told.bound += g / static_cast<double>(n_);
    }
  WalkBack(settings);
  return told;
}

void ImaginedActor::WalkBack(const ImaginedReturn& settings) {
  const int64_t joint = latent_ + actions_, triple = joint + latent_;
  std::vector<float> dreward(rewards_.size()), dvalue(values_.size());
  LambdaReturnGradient(horizon_, n_, settings.gamma, settings.lambda, dreward.data(), dvalue.data());
  std::vector<float> djoint(static_cast<size_t>(n_ * joint)), dtriple(static_cast<size_t>(n_ * triple)),
      dz(static_cast<size_t>(n_ * latent_)), da(static_cast<size_t>(n_ * actions_));
  gradient_->Clear();
  for (int64_t k = horizon_; k >= 0; --k) {
    Imagined& at = at_[static_cast<size_t>(k)];
    // dz comes in as the loss's derivative by z_{k+1}, and goes out as that by z_k.
    if (k < horizon_) {
      at.prior.Backward(dz.data(), nullptr, djoint.data());
      std::fill(dz.begin(), dz.end(), 0.0f);
      std::fill(da.begin(), da.end(), 0.0f);
      const auto add = [&](const std::vector<float>& from, int64_t width) {
        AddColumns(n_, width, 0, latent_, from, dz.data());
        AddColumns(n_, width, latent_, actions_, from, da.data());
      };
      add(djoint, joint);
      const float* dr = dreward.data() + k * n_;
      std::copy_n(dr, n_, at.reward->output_gradient());
      at.reward->Backward(nullptr, djoint.data());
      add(djoint, joint);
      float* dlogits = at.classifier->output_gradient();
      for (int64_t i = 0; i < n_; ++i) {
        dlogits[2 * i + 1] = static_cast<float>(settings.cost * static_cast<double>(dr[i]));
        dlogits[2 * i] = -dlogits[2 * i + 1];
      }
      at.classifier->Backward(nullptr, dtriple.data());
      add(dtriple, triple);  // z' is held
      at.actor.Backward(da.data(), gradient_.get());
    }
    if (k > 0) {
      at.critics.Backward(dvalue.data() + (k - 1) * n_, &djoint);
      AddColumns(n_, joint, 0, latent_, djoint, dz.data());  // a is held
    }
  }
}

void ImaginedActor::Step(AlmWeights* weights, double lr, double clip, Told* told) {
  told->norm = weights->actor->Step(told->loss, *gradient_, lr, clip).norm;
}

}  // namespace equipoise::learn
