#include "engine/nets/aten/net.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <utility>

namespace equipoise::nets {

at::Tensor ToDevice(const float* data, at::IntArrayRef sizes, const at::Device& device) {
  // The copy is explicit: the caller's array is written again while a tensor on the CPU would still refer to it.
  return at::from_blob(const_cast<float*>(data), sizes, at::kFloat).to(device, at::kFloat, false, true);
}

at::Tensor ToDevice(const std::vector<float>& values, const at::Device& device) {
  return ToDevice(values.data(), {static_cast<int64_t>(values.size())}, device);
}

std::vector<float> ToHost(const at::Tensor& tensor) {
  const at::Tensor host = tensor.detach().to(at::kCPU).contiguous();
  return {host.data_ptr<float>(), host.data_ptr<float>() + host.numel()};
}

AtenNet::AtenNet(Parameters* net, Adam* adam, const at::Device& device)
    : net_(net),
      adam_(adam),
      flat_(ToDevice(net->values, device)),
      m_(ToDevice(adam->m, device)),
      v_(ToDevice(adam->v, device)),
      steps_(adam->steps),
      first_flat_(flat_.clone()),
      first_m_(m_.clone()),
      first_v_(v_.clone()),
      first_steps_(steps_),
      rate_(adam->rate) {
  flat_.requires_grad_(true);
}

Adam::Outcome AtenNet::Step(const at::Tensor& loss, double value, double lr, double clip) {
  Adam::Outcome outcome;
  if (std::isfinite(value)) {
    flat_.mutable_grad() = at::Tensor();
    loss.backward({}, {}, false, at::TensorList(flat_));
    const at::NoGradGuard no_gradients;
    outcome.applied = Apply(flat_.grad(), lr * rate_, clip, &outcome);
  }
  if (outcome.applied) {
    consecutive_ = 0;
    return outcome;
  }
  ++skipped_;
  if (++consecutive_ == 10) {
    const at::NoGradGuard no_gradients;
    flat_.copy_(first_flat_);
    m_.copy_(first_m_);
    v_.copy_(first_v_);
    steps_ = first_steps_;
    rate_ *= 0.5;
    consecutive_ = 0;
    reloaded_ = true;
  }
  return outcome;
}

bool AtenNet::Apply(const at::Tensor& gradient, double lr, double clip, Adam::Outcome* outcome) {
  outcome->norm = at::linalg_vector_norm(gradient, 2, {}, false, at::kDouble).item<double>();
  if (!std::isfinite(outcome->norm)) return false;
  outcome->clipped = clip > 0 && outcome->norm > clip;
  const double scale = outcome->clipped ? clip / outcome->norm : 1.0;
  if (outcome->norm * scale > 1e18) return false;
  const at::Tensor g = outcome->clipped ? gradient * scale : gradient;
  constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;
  const auto t = static_cast<double>(++steps_);
  m_.mul_(kBeta1).add_(g, 1 - kBeta1);
  v_.mul_(kBeta2).addcmul_(g, g, 1 - kBeta2);
  const at::Tensor spread = (v_.sqrt() / std::sqrt(1 - std::pow(kBeta2, t))).add_(kEpsilon);
  flat_.addcdiv_(m_, spread, -lr / (1 - std::pow(kBeta1, t)));
  return true;
}

void AtenNet::Store() const {
  net_->values = ToHost(flat_);
  adam_->m = ToHost(m_);
  adam_->v = ToHost(v_);
  adam_->steps = steps_;
  adam_->rate = rate_;
}

ReferencePolicy AtenPolicy(const Policy& policy, std::vector<at::Tensor> blocks, const at::Device& device) {
  return {policy.spec, std::move(blocks), ToDevice(policy.mean, device), ToDevice(policy.sd, device), policy.sigma_max};
}

}  // namespace equipoise::nets
