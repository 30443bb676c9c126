// policy_actions.h: a policy chooses the actions of a rollout.
//
//   p_t = policy's own affine of z_t;  a_t = tanh(m(p_t) + sigma(p_t) eps_t)
//
// Shapes   eps [T, rows, A]; gradient as long as the policy's weights
// Thread   one rollout at a time; the policy must not change between Begin and AddGradient
#pragma once

#include <vector>

#include "engine/model/action_source.h"
#include "engine/nets/policy.h"
#include "engine/replay/episode_buffer.h"

namespace equipoise::model {

class PolicyActions : public ActionSource {
 public:
  // `normaliser`: of the model whose z it sees. The policy outlives it.
  PolicyActions(const nets::Policy& policy, const replay::Normaliser& normaliser);
  // eps of every step of the next rollout, borrowed until its gradient is taken.
  void set_noise(const float* noise) { noise_ = noise; }

  void Begin(int64_t rows, int64_t horizon, bool gradients) override;
  void Act(int64_t t, const float* z, float* action) override;
  // log pi of what was done in step t [rows]; without gradients, of the newest step alone.
  const float* log_prob(int64_t t) const { return log_prob_.data() + Slot(t) * rows_; }

  // Before the first step backwards: the loss's own derivatives by log pi [T, rows], borrowed. `detach_input`: no
  // gradient through p_t.
  void BeginBackward(const float* dlog_prob, bool detach_input);
  void Backward(int64_t t, const float* action, const float* daction, float* dz) override;
  // After the last one: dLoss/dweights, added to `gradient`.
  void AddGradient(float* gradient);

 private:
  int64_t Slot(int64_t t) const { return gradients_ ? t : 0; }

  const nets::Policy& policy_;
  const int64_t states_, actions_;
  std::vector<float> scale_, shift_;  // p = z * scale + shift
  nets::MlpPass pass_;
  const float* noise_ = nullptr;
  int64_t rows_ = 0, horizon_ = 0;
  bool gradients_ = false, detach_input_ = false;
  const float* dlog_prob_ = nullptr;
  std::vector<float> input_, log_prob_, dinput_;
};

}  // namespace equipoise::model
