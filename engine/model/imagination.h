// imagination.h: acting in a world model: the one loop behind full-trajectory training, short-horizon training, the
// check, the diagnostics and every prediction the window shows. Who chooses the actions is an ActionSource.
//
//   a_t = source(z_t);  z_{t+1}, r_t = model(z_t, a_t, noise_t)
//
// Shapes   z [rows, S], action [rows, A], action noise [T, rows, A], dynamics noise [T, rows, S], or [T, noise_rows, S]
//          of which row r takes r % noise_rows; row r rolls under belief r % count, unless ImaginationInputs says
//          otherwise
// Units    z and r in the model's normalised units; Returns() is denormalised: sum_t (r_t y_sd + y_mean)
// Thread   one thread; model and policy must not change between Run and Backward
// Errors   Interrupted out of PollInterrupt
#pragma once

#include <memory>
#include <vector>

#include "engine/model/policy_actions.h"
#include "engine/model/world_model.h"
#include "engine/nets/policy.h"

namespace equipoise::model {

struct ImaginationInputs {
  int64_t rows = 0, horizon = 0;
  const float* start = nullptr;  // z_0 [rows, S]
  const float* carry = nullptr;  // [rows, carry_size], or null for the start of an episode
  const Belief* beliefs = nullptr;
  const float* action_noise = nullptr;    // of a policy; null where the actions come from elsewhere
  const float* dynamics_noise = nullptr;  // null: none, so every step takes the model's mean
  const int32_t* belief_of = nullptr;     // [T, rows]: under which belief a row rolls in each step; null: r % count
  const float* reward_noise = nullptr;    // [T, rows]: rewards are drawn by it; null: they are means
  int64_t noise_rows = 0;                 // of dynamics_noise; 0: as many as rows
};

// Imagination without gradients on a device of its own (WorldModel::NewDeviceReturns).
class DeviceReturns {
 public:
  virtual ~DeviceReturns() = default;
  virtual void Run(const ImaginationInputs& inputs) = 0;
  const std::vector<double>& Returns() const { return returns_; }
  double clamped_fraction() const { return clamped_fraction_; }

 protected:
  std::vector<double> returns_;
  double clamped_fraction_ = 0;
};

// What is left of a rollout: its returns, which a model on another device computes there; every step too; or all that
// gradients need as well, which is several times as much memory.
enum class Keep { kReturns, kSteps, kGradients };

class Imagination {
 public:
  // Both outlive it.
  Imagination(const WorldModel& model, const nets::Policy& policy);
  Imagination(const WorldModel& model, std::unique_ptr<ActionSource> source);

  void Run(const ImaginationInputs& inputs, Keep keep);
  const std::vector<double>& Returns() const { return returns_; }  // [rows], raw reward, undiscounted
  double clamped_fraction() const;
  int64_t rows() const { return rows_; }
  int64_t horizon() const { return in_.horizon; }

  // With every step kept. t = 0..T for z, 0..T-1 for the others.
  const float* z(int64_t t) const { return z_.data() + t * rows_ * states_; }
  const float* action(int64_t t) const { return action_.data() + t * rows_ * actions_; }
  const float* reward(int64_t t) const { return reward_.data() + t * rows_; }
  double raw_reward(int64_t t, int64_t row) const { return Raw(reward(t)[row]); }
  // Of a policy, with gradients.
  const float* log_prob(int64_t t) const { return policy_->log_prob(t); }

  // Gradients of a loss whose direct derivatives are dz [T+1, rows, S] (may be null) and dreward [T, rows], through the
  // model and the source, which takes its own part.
  void Backward(const float* dz, const float* dreward);
  // Of a policy: with respect to its weights, added to `gradient`. dlog_prob [T, rows] are direct derivatives too;
  // `detach_input`: no gradient through what the policy sees.
  void Backward(const float* dz, const float* dreward, const float* dlog_prob, bool detach_input, float* gradient);
  // After it, t = 1..T: the norm of dLoss/dz_t with all that follows from z_t, mean over rows.
  double state_gradient(int64_t t) const { return state_gradient_[static_cast<size_t>(t)]; }

 private:
  // [rows, S] of step t.
  const float* DynamicsNoise(int64_t t);
  double Raw(float reward) const { return reward * reward_sd_ + reward_mean_; }

  const WorldModel& model_;
  std::unique_ptr<ActionSource> source_;
  PolicyActions* policy_ = nullptr;  // the source, where it is one
  std::unique_ptr<Rollout> rollout_;
  std::unique_ptr<DeviceReturns> device_;  // null: rollout_ does everything
  ImaginationInputs in_;
  int64_t states_, actions_, rows_ = 0;
  double reward_mean_ = 0, reward_sd_ = 1;
  std::vector<float> z_, action_, reward_, noise_;
  std::vector<double> returns_, state_gradient_;
  bool on_device_ = false;  // the last Run was
  Keep kept_ = Keep::kReturns;
};

}  // namespace equipoise::model
