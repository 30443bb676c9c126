// imagination.h: a policy acting in a world model: the one routine behind full-trajectory training, short-horizon
// training, the check and every prediction the window shows.
//
//   p_t = policy's own affine of z_t;  a_t = tanh(m(p_t) + sigma(p_t) eps_t);  z_{t+1}, r_t = model(z_t, a_t, noise_t)
//
// Shapes   z [rows, S], action noise [T, rows, A], dynamics noise [T, rows, S]; row r rolls under belief r % count
// Units    z and r in the model's normalised units; Returns() is denormalised: sum_t (r_t y_sd + y_mean)
// Thread   one thread; model and policy must not change between Run and Backward
#pragma once

#include <memory>
#include <vector>

#include "engine/model/world_model.h"
#include "engine/nets/policy.h"

namespace equipoise::model {

struct ImaginationInputs {
  int64_t rows = 0, horizon = 0;
  const float* start = nullptr;  // z_0 [rows, S]
  const float* carry = nullptr;  // [rows, carry_size], or null for the start of an episode
  const Belief* beliefs = nullptr;
  const float* action_noise = nullptr;
  const float* dynamics_noise = nullptr;
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

class Imagination {
 public:
  Imagination(const WorldModel& model, const nets::Policy& policy);

  // `keep` stores every step: needed by the accessors and by Backward. Without it only Returns() is available, and a
  // model on another device computes them there.
  void Run(const ImaginationInputs& inputs, bool keep);
  const std::vector<double>& Returns() const { return returns_; }  // [rows], raw reward, undiscounted
  double clamped_fraction() const;
  const float* z(int64_t t) const { return z_.data() + t * rows_ * states_; }  // t = 0..T
  const float* reward(int64_t t) const { return reward_.data() + t * rows_; }
  const float* log_prob(int64_t t) const { return log_prob_.data() + t * rows_; }

  // Gradients of a loss with respect to the policy's weights, added to `gradient`. dz [T+1, rows, S] (may be null),
  // dreward and dlog_prob [T, rows] are the loss's direct derivatives. `detach_input`: no gradient through p_t.
  void Backward(const float* dz, const float* dreward, const float* dlog_prob, bool detach_input, float* gradient);

 private:
  const WorldModel& model_;
  const nets::Policy& policy_;
  std::unique_ptr<Rollout> rollout_;
  std::unique_ptr<DeviceReturns> device_;  // null: rollout_ does everything
  nets::MlpPass pass_;
  ImaginationInputs in_;
  int64_t states_, actions_, rows_ = 0;
  std::vector<float> input_scale_, input_shift_;  // p = z * scale + shift
  std::vector<float> z_, input_, action_, log_prob_, reward_;
  std::vector<double> returns_;
  bool on_device_ = false;  // the last Run was
};

}  // namespace equipoise::model
