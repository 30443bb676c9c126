// noisy_actions.h: a policy without spread acts in imagination as it does on the real task: with noise on its actions,
// brought back between the bounds.
//
//   a_t = clamp(mu(z_t) + n_t, -1, 1),  n_t as exploration_noise.h has it, of each row its own
//
// Shapes   drawn [T, rows, A] of N(0, 1)
// Thread   one rollout at a time; it has no derivatives
#pragma once

#include <algorithm>
#include <vector>

#include "engine/learn/exploration_noise.h"
#include "engine/model/policy_actions.h"

namespace equipoise::learn {

class NoisyActions : public model::ActionSource {
 public:
  // `normaliser`: of the model whose z the policy sees. It, the policy and `drawn` outlive this.
  NoisyActions(const nets::Policy& policy, const replay::Normaliser& normaliser, const ExplorationNoise& noise,
               const float* drawn)
      : mean_(policy, normaliser), noise_(noise), drawn_(drawn), width_(policy.actions()) {
    mean_.set_noise(drawn);
  }
  void Begin(int64_t rows, int64_t horizon, bool gradients) override {
    mean_.Begin(rows, horizon, gradients);
    now_.assign(static_cast<size_t>(rows * width_), 0.0);
  }
  void Act(int64_t t, const float* z, float* action) override {
    mean_.Act(t, z, action);
    const float* drawn = drawn_ + t * static_cast<int64_t>(now_.size());
    for (size_t i = 0; i < now_.size(); ++i) {
      now_[i] = noise_.Next(now_[i], drawn[i]);
      action[i] = std::clamp(action[i] + static_cast<float>(now_[i]), -1.0f, 1.0f);
    }
  }

 private:
  model::PolicyActions mean_;
  ExplorationNoise noise_;
  const float* drawn_;
  int64_t width_;
  std::vector<double> now_;  // n_t
};

}  // namespace equipoise::learn
