#include "engine/learn/alm/latent_actor.h"

#include <algorithm>
#include <cmath>

namespace equipoise::learn {

void NoisyAction(int64_t count, const float* m, const float* eps, LatentNoise noise, float* a) {
  const auto sd = static_cast<float>(noise.sd), clip = static_cast<float>(noise.clip);
  for (int64_t k = 0; k < count; ++k) {
    const float drawn = sd * eps[k];
    a[k] = std::clamp(std::tanh(m[k]) + (clip > 0 ? std::clamp(drawn, -clip, clip) : drawn), -1.0f, 1.0f);
  }
}

LatentActorPass::LatentActorPass(const nets::NetworkParts& parts, const nets::MlpSpec& spec, int64_t rows)
    : pass_(parts.NewPass(spec, rows)), action_(static_cast<size_t>(rows * spec.outputs)) {}

void LatentActorPass::Act(const nets::Weights& net, const float* z, const float* eps, LatentNoise noise) {
  pass_->Forward(net, z);
  NoisyAction(static_cast<int64_t>(action_.size()), pass_->output(), eps, noise, action_.data());
}

void LatentActorPass::Evaluate(const nets::Weights& net, const float* z, const float* eps, LatentNoise noise) {
  pass_->Evaluate(net, z);
  NoisyAction(static_cast<int64_t>(action_.size()), pass_->output(), eps, noise, action_.data());
}

void LatentActorPass::Backward(const float* daction, nets::Gradient* gradient) {
  const float* m = pass_->output();
  float* dm = pass_->output_gradient();
  for (size_t k = 0; k < action_.size(); ++k) {
    const float mean = std::tanh(m[k]);
    dm[k] = daction[k] * (1 - mean * mean);
  }
  pass_->Backward(gradient, nullptr);
}

double LatentActorPass::SaturatedShare() {
  const float* m = pass_->output();
  const auto beyond = std::count_if(m, m + action_.size(), [](float x) { return std::fabs(x) > 3; });
  return static_cast<double>(beyond) / static_cast<double>(action_.size());
}

}  // namespace equipoise::learn
