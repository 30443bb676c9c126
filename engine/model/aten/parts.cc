#include "engine/model/aten/parts.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "engine/base/check.h"
#include "engine/model/aten/world.h"

namespace equipoise::model {
namespace {

using nets::AtenGradient;
using nets::AtenWeights;
using nets::ToDevice;
using nets::ToHost;

class AtenSequences final : public Sequences {
 public:
  AtenSequences(const LstmSpec& spec, const at::Device& device) : spec_(spec), device_(device) {}

  double Differentiate(const nets::Weights& net, const float* x, const float* y, int64_t horizon, int64_t batch,
                       const Belief& beliefs, float scale, nets::Gradient* gradient) override {
    const AtenWeights& weights = AtenWeights::Of(net);
    const at::Tensor leaf = weights.Leaf();
    const at::Tensor terms = ReferenceNll(
        {spec_, weights.Blocks(leaf), {}, {}, {}, {}}, ToDevice(x, {horizon, batch, spec_.inputs()}, device_),
        ToDevice(y, {horizon, batch, spec_.outputs()}, device_), MasksOf(beliefs, spec_.hidden, batch, device_));
    (terms.sum() * static_cast<double>(scale)).backward({}, {}, false, at::TensorList(leaf));
    AtenGradient::Of(gradient).Take(leaf);
    return terms.detach().sum(at::kDouble).item<double>();
  }

  void BurnIn(const nets::Weights& net, const float* x, int64_t horizon, int64_t batch, const Belief& beliefs,
              float* carries, int64_t stride) override {
    const at::NoGradGuard no_gradients;
    const AtenWeights& weights = AtenWeights::Of(net);
    const ReferenceModel model{spec_, weights.Blocks(weights.flat()), {}, {}, {}, {}};
    const at::Tensor inputs = ToDevice(x, {horizon, batch, spec_.inputs()}, device_),
                     masks = MasksOf(beliefs, spec_.hidden, batch, device_);
    ReferenceCarry carry = ReferenceStart(model, batch);
    std::vector<at::Tensor> all;
    for (int64_t t = 0; t < horizon; ++t) {
      all.push_back(at::cat({carry.h, carry.c}, 1));
      if (t + 1 < horizon) ReferenceStep(model, inputs[t], masks, &carry);
    }
    const at::Tensor host = at::stack(all).to(at::kCPU).contiguous();
    const int64_t width = batch * 2 * spec_.hidden;
    for (int64_t t = 0; t < horizon; ++t)
      std::copy_n(host.data_ptr<float>() + t * width, width, carries + t * stride * 2 * spec_.hidden);
  }

 private:
  LstmSpec spec_;
  at::Device device_;
};

// Imagines in raw units, as reference.h does; speaks in the model's normalised units.
class AtenTrajectories final : public Trajectories {
 public:
  AtenTrajectories(const WorldModel& model, const nets::Policy& policy, const nets::Weights& weights, bool detach_input,
                   const at::Device& device)
      : device_(device),
        actions_(model.actions()),
        world_(NewAtenWorld(model, device)),
        constants_(nets::AtenPolicy(policy, {}, device)),
        weights_(AtenWeights::Of(weights)),
        detach_input_(detach_input),
        reward_sd_(model.normaliser().y_sd[static_cast<size_t>(model.states())]),
        reward_mean_(model.normaliser().y_mean[static_cast<size_t>(model.states())]) {}

  void Run(const ImaginationInputs& in) override {
    const ReferenceUnits& units = world_->units();
    const int64_t n = in.rows, T = in.horizon, S = units.states;
    rows_ = n;
    const at::Tensor mean = units.x_mean.narrow(0, 0, S), sd = units.x_sd.narrow(0, 0, S);
    leaf_ = weights_.Leaf();
    nets::ReferencePolicy policy = constants_;
    policy.blocks = weights_.Blocks(leaf_);
    const ReferenceTrajectory imagined = ReferenceImagine(
        units, world_->Begin(n, *in.beliefs, in.carry), policy, ToDevice(in.start, {n, S}, device_) * sd + mean,
        ToDevice(in.action_noise, {T, n, actions_}, device_), ToDevice(in.dynamics_noise, {T, n, S}, device_),
        detach_input_);
    states_ = (imagined.state - mean) / sd;
    state_gradients_.assign(static_cast<size_t>(T + 1), at::Tensor());
    for (size_t t = 1; t < state_gradients_.size(); ++t)
      imagined.states[t].register_hook([this, t](const at::Tensor& gradient) { state_gradients_[t] = gradient; });
    rewards_ = (imagined.reward - reward_mean_) / reward_sd_;
    log_probs_ = imagined.log_prob;
    Fetch(states_, &z_);
    Fetch(rewards_, &reward_);
    Fetch(log_probs_, &log_prob_);
    const at::Tensor sums = imagined.reward.detach().sum(0, false, at::kDouble).to(at::kCPU);
    returns_.assign(sums.data_ptr<double>(), sums.data_ptr<double>() + n);
    clamped_fraction_ = imagined.clamped.item<double>() / static_cast<double>(T * n * S);
  }
  const float* z(int64_t t) const override { return z_.data() + t * rows_ * world_->units().states; }
  const float* reward(int64_t t) const override { return reward_.data() + t * rows_; }
  const float* log_prob(int64_t t) const override { return log_prob_.data() + t * rows_; }
  const std::vector<double>& Returns() const override { return returns_; }
  double clamped_fraction() const override { return clamped_fraction_; }

  void Backward(const float* dz, const float* dreward, const float* dlog_prob, nets::Gradient* gradient) override {
    EQ_CHECK(rewards_.defined(), "trajectories are walked back once after each Run");
    at::Tensor loss = (rewards_ * ToDevice(dreward, rewards_.sizes(), device_)).sum() +
                      (log_probs_ * ToDevice(dlog_prob, log_probs_.sizes(), device_)).sum();
    if (dz != nullptr) loss = loss + (states_ * ToDevice(dz, states_.sizes(), device_)).sum();
    loss.backward({}, {}, false, at::TensorList(leaf_));
    AtenGradient::Of(gradient).Take(leaf_);
    states_ = rewards_ = log_probs_ = at::Tensor();
  }
  double state_gradient(int64_t t) const override {
    const at::Tensor& raw = state_gradients_[static_cast<size_t>(t)];
    const ReferenceUnits& units = world_->units();
    return (raw * units.x_sd.narrow(0, 0, units.states)).norm(2, 1).mean().item<double>();
  }

 private:
  static void Fetch(const at::Tensor& tensor, std::vector<float>* out) {
    out->resize(static_cast<size_t>(tensor.numel()));
    ToHost(tensor, out->data());
  }

  at::Device device_;
  int64_t actions_;
  std::unique_ptr<AtenWorld> world_;
  nets::ReferencePolicy constants_;  // all but its weights
  const AtenWeights& weights_;
  bool detach_input_;
  double reward_sd_, reward_mean_;
  int64_t rows_ = 0;
  at::Tensor leaf_, states_, rewards_, log_probs_;  // of the last Run, normalised
  std::vector<float> z_, reward_, log_prob_;
  std::vector<double> returns_;
  std::vector<at::Tensor> state_gradients_;  // by raw states, from 1 on
  double clamped_fraction_ = 0;
};

class AtenReturns final : public DeviceReturns {
 public:
  AtenReturns(const WorldModel& model, const nets::Policy& policy, const at::Device& device)
      : device_(device),
        actions_(model.actions()),
        world_(NewAtenWorld(model, device)),
        policy_(nets::AtenPolicy(policy, nets::ReferenceBlocks(policy.net.layout, ToDevice(policy.net.values, device)),
                                 device)) {}

  void Run(const ImaginationInputs& in) override {
    EQ_CHECK(in.carry == nullptr, "returns are those of whole episodes");
    const at::NoGradGuard no_gradients;
    const ReferenceUnits& units = world_->units();
    const int64_t n = in.rows, T = in.horizon, S = units.states;
    const at::Tensor start =
        ToDevice(in.start, {n, S}, device_) * units.x_sd.narrow(0, 0, S) + units.x_mean.narrow(0, 0, S);
    const ReferenceTrajectory imagined = ReferenceImagine(units, world_->Begin(n, *in.beliefs, nullptr), policy_, start,
                                                          ToDevice(in.action_noise, {T, n, actions_}, device_),
                                                          ToDevice(in.dynamics_noise, {T, n, S}, device_), false);
    const at::Tensor sums = imagined.reward.sum(0, false, at::kDouble).to(at::kCPU);
    returns_.assign(sums.data_ptr<double>(), sums.data_ptr<double>() + n);
    clamped_fraction_ = imagined.clamped.item<double>() / static_cast<double>(T * n * S);
  }

 private:
  at::Device device_;
  int64_t actions_;
  std::unique_ptr<AtenWorld> world_;
  nets::ReferencePolicy policy_;
};

}  // namespace

std::unique_ptr<nets::Weights> AtenParts::NewWeights(nets::Parameters* net, nets::Adam* adam) const {
  return std::make_unique<AtenWeights>(net, adam, device_);
}

std::unique_ptr<const nets::Weights> AtenParts::Freeze(const nets::Parameters& net) const {
  return std::make_unique<AtenWeights>(net, device_);
}

std::unique_ptr<nets::NetworkPass> AtenParts::NewPass(const nets::MlpSpec& spec, int64_t rows) const {
  return nets::NewAtenPass(spec, rows, device_);
}

std::unique_ptr<nets::VariationalPass> AtenParts::NewVariationalPass(const nets::MlpSpec& spec, int64_t rows) const {
  return nets::NewAtenVariationalPass(spec, rows, device_);
}

std::unique_ptr<Sequences> AtenParts::NewSequences(const LstmSpec& spec) const {
  return std::make_unique<AtenSequences>(spec, device_);
}

std::unique_ptr<Trajectories> AtenParts::NewTrajectories(const WorldModel& model, const nets::Policy& policy,
                                                         const nets::Weights& weights, bool detach_input) const {
  return std::make_unique<AtenTrajectories>(model, policy, weights, detach_input, device_);
}

std::unique_ptr<DeviceReturns> AtenParts::NewReturns(const WorldModel& model, const nets::Policy& policy) const {
  return std::make_unique<AtenReturns>(model, policy, device_);
}

}  // namespace equipoise::model
