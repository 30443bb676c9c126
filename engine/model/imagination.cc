#include "engine/model/imagination.h"

#include <algorithm>

#include "engine/base/interrupt.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::model {

std::unique_ptr<DeviceReturns> WorldModel::NewDeviceReturns(const nets::Policy&) const { return nullptr; }

Imagination::Imagination(const WorldModel& model, const nets::Policy& policy)
    : model_(model),
      policy_(policy),
      rollout_(model.NewRollout()),
      device_(model.NewDeviceReturns(policy)),
      states_(model.states()),
      actions_(model.actions()) {
  const replay::Normaliser& n = model.normaliser();
  for (size_t j = 0; j < static_cast<size_t>(states_); ++j) {
    input_scale_.push_back(n.x_sd[j] / policy.sd[j]);
    input_shift_.push_back((n.x_mean[j] - policy.mean[j]) / policy.sd[j]);
  }
}

void Imagination::Run(const ImaginationInputs& inputs, bool keep) {
  in_ = inputs;
  rows_ = inputs.rows;
  on_device_ = device_ != nullptr && !keep;
  if (on_device_) {
    device_->Run(inputs);
    returns_ = device_->Returns();
    return;
  }
  const int64_t T = inputs.horizon, n = rows_, slots = keep ? T : 1;
  z_.resize(static_cast<size_t>((keep ? T + 1 : 2) * n * states_));
  input_.resize(static_cast<size_t>(slots * n * states_));
  action_.resize(static_cast<size_t>(slots * n * actions_));
  log_prob_.resize(static_cast<size_t>(slots * n));
  reward_.resize(static_cast<size_t>(slots * n));
  returns_.assign(static_cast<size_t>(n), 0.0);
  pass_.Resize(policy_.spec, slots * n, keep);
  pass_.PrepareForward(policy_.net);
  std::copy_n(inputs.start, n * states_, z_.data());
  rollout_->Begin(n, T, keep, inputs.beliefs, inputs.carry);
  const replay::Normaliser& norm = model_.normaliser();
  const double reward_mean = norm.y_mean[static_cast<size_t>(states_)],
               reward_sd = norm.y_sd[static_cast<size_t>(states_)];
  for (int64_t t = 0; t < T; ++t) {
    const int64_t slot = keep ? t : 0, from = keep ? t : t % 2, to = keep ? t + 1 : (t + 1) % 2;
    const float* now = z_.data() + from * n * states_;
    float* p = input_.data() + slot * n * states_;
    nets::Affine(n, states_, now, states_, input_scale_.data(), input_shift_.data(), p, states_);
    pass_.Forward(policy_.net, p, slot * n, n);
    float *action = action_.data() + slot * n * actions_, *reward = reward_.data() + slot * n;
    nets::TanhGaussian(n, actions_, pass_.output(slot * n), inputs.action_noise + t * n * actions_, policy_.sigma_max,
                       action, log_prob_.data() + slot * n);
    rollout_->Step(t, now, action, inputs.dynamics_noise + t * n * states_, z_.data() + to * n * states_, reward);
    for (int64_t r = 0; r < n; ++r) returns_[static_cast<size_t>(r)] += reward[r] * reward_sd + reward_mean;
  }
}

double Imagination::clamped_fraction() const {
  if (on_device_) return device_->clamped_fraction();
  const auto entries = static_cast<double>(in_.horizon * rows_ * states_);
  return entries > 0 ? static_cast<double>(rollout_->clamped()) / entries : 0.0;
}

void Imagination::Backward(const float* dz, const float* dreward, const float* dlog_prob, bool detach_input,
                           float* gradient) {
  const int64_t T = in_.horizon, n = rows_;
  std::vector<float> carry(static_cast<size_t>(n * states_), 0.0f), daction(static_cast<size_t>(n * actions_)),
      dinput(static_cast<size_t>(n * states_));
  pass_.PrepareBackward(policy_.net);
  for (int64_t t = T - 1; t >= 0; --t) {
    if (dz != nullptr) {
      const float* direct = dz + (t + 1) * n * states_;
      for (size_t i = 0; i < carry.size(); ++i) carry[i] += direct[i];
    }
    rollout_->StepBackward(t, z(t + 1), in_.dynamics_noise + t * n * states_, dreward + t * n, carry.data(),
                           daction.data());
    nets::TanhGaussianBackward(n, actions_, pass_.output(t * n), in_.action_noise + t * n * actions_, policy_.sigma_max,
                               action_.data() + t * n * actions_, daction.data(), dlog_prob + t * n,
                               pass_.output_gradient(t * n));
    pass_.BackwardData(policy_.net, t * n, n, detach_input ? nullptr : dinput.data());
    if (!detach_input) nets::AddScaled(n, states_, dinput.data(), states_, input_scale_.data(), carry.data(), states_);
  }
  // In pieces of some 10^9 products, so that a pause is heard while a wide network's gradient is multiplied out.
  const int64_t piece = std::max<int64_t>(1, 1'000'000'000 / static_cast<int64_t>(policy_.net.values.size()));
  for (int64_t row = 0; row < T * n; row += piece) {
    PollInterrupt();
    pass_.BackwardWeights(policy_.net, input_.data() + row * states_, row, std::min(piece, T * n - row), gradient);
  }
}

}  // namespace equipoise::model
