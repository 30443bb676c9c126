// nudged_policy.h: a policy chooses the actions of a rollout, with its noise and a push of each latent:
//
//   a_t = tanh(m(p_t) + sigma(p_t) eps_t + du_t),  p_t = policy's own affine of z_t
//
// What it says of the first state is given, so that it is said of the observation and not of its normalised copy.
//
// Shapes   head [2A] = m | raw sigma; eps, du [rows, T, A]; by_du [rows, T, A]
// Thread   one rollout at a time; the policy must not change meanwhile
#pragma once

#include <vector>

#include "engine/model/action_source.h"
#include "engine/nets/policy.h"
#include "engine/replay/episode_buffer.h"

namespace equipoise::plan {

class NudgedPolicy : public model::ActionSource {
 public:
  // `normaliser`: of the model whose z it sees. The policy, which has a spread, outlives it.
  NudgedPolicy(const nets::Policy& policy, const replay::Normaliser& normaliser);
  // Of the next rollout, all borrowed; eps and du may be null. `density` [rows]: how much the mean over the numbers of
  // an action of log N(a; tanh m, sigma) counts in what is differentiated, beside what the rollout is.
  void Set(const float* head, const float* eps, const float* du, const float* density);

  void Begin(int64_t rows, int64_t horizon, bool gradients) override;
  void Act(int64_t t, const float* z, float* action) override;
  void Backward(int64_t t, const float* action, const float* daction, float* dz) override;

  // Of step t and row r, after the rollout: [A].
  const float* sd(int64_t t, int64_t r) const { return sd_.data() + (t * rows_ + r) * actions_; }
  double LogDensity(int64_t t, int64_t r) const;  // of m + sigma eps, before tanh
  // After Backward: by du; by z_1 [rows, states], zero where there is no such step; and by a_0 [rows, A] through the
  // model alone.
  const std::vector<float>& by_du() const { return by_du_; }
  const std::vector<float>& by_next() const { return by_next_; }
  const std::vector<float>& by_first_action() const { return by_first_action_; }

 private:
  // Of step t, row by row, from [rows, T, A]; zero for null.
  const float* Now(const float* all, int64_t t, std::vector<float>* room) const;
  int64_t Slot(int64_t t) const { return gradients_ ? (t - 1) * rows_ : 0; }

  const nets::Policy& policy_;
  const int64_t states_, actions_;
  std::vector<float> scale_, shift_;  // p = z * scale + shift
  nets::MlpPass pass_;                // of all steps but the first
  int64_t rows_ = 0, horizon_ = 0;
  bool gradients_ = false;
  const float *head_ = nullptr, *eps_ = nullptr, *du_ = nullptr, *density_ = nullptr;
  std::vector<float> raw_, sd_;  // [T, rows, 2A] and [T, rows, A]
  std::vector<float> input_, now_, shifted_, log_, ones_, dinput_, about_, share_, score_;
  std::vector<float> by_du_, by_next_, by_first_action_;
};

}  // namespace equipoise::plan
