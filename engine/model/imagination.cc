#include "engine/model/imagination.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/base/view.h"

namespace equipoise::model {

std::unique_ptr<DeviceReturns> WorldModel::NewDeviceReturns(const nets::Policy&) const { return nullptr; }

void Rollout::Moments(int64_t, float*, float*) { EQ_CHECK(false, "this model does not tell what it predicts"); }

Belief WorldModel::Nth(int64_t) const {
  EQ_CHECK(false, "the beliefs of this model cannot be counted");
  return {};
}

Imagination::Imagination(const WorldModel& model, const nets::Policy& policy)
    : Imagination(model, std::make_unique<PolicyActions>(policy, model.normaliser())) {
  policy_ = static_cast<PolicyActions*>(source_.get());
  device_ = model.NewDeviceReturns(policy);
}

Imagination::Imagination(const WorldModel& model, std::unique_ptr<ActionSource> source)
    : model_(model),
      source_(std::move(source)),
      rollout_(model.NewRollout()),
      states_(model.states()),
      actions_(model.actions()) {}

void Imagination::Run(const ImaginationInputs& inputs, Keep keep) {
  in_ = inputs;
  rows_ = inputs.rows;
  kept_ = keep;
  const bool usual = inputs.belief_of == nullptr && inputs.reward_noise == nullptr;
  on_device_ = device_ != nullptr && keep == Keep::kReturns && usual;
  if (on_device_) {
    EQ_CHECK(inputs.dynamics_noise != nullptr && inputs.noise_rows == 0,
             "a device takes noise of its own for each row");
    device_->Run(inputs);
    returns_ = device_->Returns();
    return;
  }
  const bool steps = keep != Keep::kReturns, gradients = keep == Keep::kGradients;
  const int64_t T = inputs.horizon, n = rows_, slots = steps ? T : 1;
  Room(z_, (steps ? T + 1 : 2) * n * states_);
  Room(action_, slots * n * actions_);
  Room(reward_, slots * n);
  const View<double> returns = Room(returns_, n);
  std::fill(returns.begin(), returns.end(), 0.0);
  const replay::Normaliser& norm = model_.normaliser();
  reward_mean_ = View(norm.y_mean)[states_];
  reward_sd_ = View(norm.y_sd)[states_];
  if (policy_ != nullptr) policy_->set_noise(inputs.action_noise);
  source_->Begin(n, T, gradients);
  std::copy_n(inputs.start, n * states_, z_.data());
  rollout_->SetBeliefs(inputs.belief_of);
  rollout_->Begin(n, T, gradients, inputs.beliefs, inputs.carry);
  for (int64_t t = 0; t < T; ++t) {
    PollInterrupt();
    const int64_t slot = steps ? t : 0, from = steps ? t : t % 2, to = steps ? t + 1 : (t + 1) % 2;
    const float* now = z_.data() + from * n * states_;
    float *action = action_.data() + slot * n * actions_, *reward = reward_.data() + slot * n;
    source_->Act(t, now, action);
    rollout_->Step(t, now, action, DynamicsNoise(t), z_.data() + to * n * states_, reward);
    if (inputs.reward_noise != nullptr) rollout_->SampleReward(t, inputs.reward_noise + t * n, reward);
    for (int64_t r = 0; r < n; ++r) returns[r] += Raw(reward[r]);
  }
}

const float* Imagination::DynamicsNoise(int64_t t) {
  const int64_t n = rows_, given = in_.noise_rows > 0 ? in_.noise_rows : n;
  if (in_.dynamics_noise != nullptr && given == n) return in_.dynamics_noise + t * n * states_;
  if (in_.dynamics_noise == nullptr) {
    noise_.assign(static_cast<size_t>(n * states_), 0.0f);
    return noise_.data();
  }
  Room(noise_, n * states_);
  const float* now = in_.dynamics_noise + t * given * states_;
  for (int64_t r = 0; r < n; r += given)
    std::copy_n(now, std::min(given, n - r) * states_, noise_.data() + r * states_);
  return noise_.data();
}

double Imagination::clamped_fraction() const {
  if (on_device_) return device_->clamped_fraction();
  const auto entries = static_cast<double>(in_.horizon * rows_ * states_);
  return entries > 0 ? static_cast<double>(rollout_->clamped()) / entries : 0.0;
}

void Imagination::Backward(const float* dz, const float* dreward) {
  EQ_CHECK(kept_ == Keep::kGradients, "gradients of a rollout that kept nothing for them");
  const int64_t n = rows_;
  std::vector<float> carry(static_cast<size_t>(n * states_), 0.0f), daction(static_cast<size_t>(n * actions_));
  state_gradient_.assign(static_cast<size_t>(in_.horizon + 1), 0.0);
  for (int64_t t = in_.horizon - 1; t >= 0; --t) {
    if (dz != nullptr) {
      const float* direct = dz + (t + 1) * n * states_;
      for (size_t i = 0; i < carry.size(); ++i) carry[i] += direct[i];
    }
    for (int64_t r = 0; r < n; ++r) {
      double square = 0;
      for (int64_t j = r * states_; j < (r + 1) * states_; ++j) {
        const double x = carry[static_cast<size_t>(j)];
        square += x * x;
      }
      state_gradient_[static_cast<size_t>(t + 1)] += std::sqrt(square) / static_cast<double>(n);
    }
    rollout_->StepBackward(t, z(t + 1), DynamicsNoise(t), dreward + t * n, carry.data(), daction.data());
    source_->Backward(t, action(t), daction.data(), carry.data());
  }
}

void Imagination::Backward(const float* dz, const float* dreward, const float* dlog_prob, bool detach_input,
                           float* gradient) {
  EQ_CHECK(policy_ != nullptr, "there is no policy to differentiate by");
  policy_->BeginBackward(dlog_prob, detach_input);
  Backward(dz, dreward);
  policy_->AddGradient(gradient);
}

}  // namespace equipoise::model
