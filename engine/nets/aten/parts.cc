#include "engine/nets/aten/parts.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/check.h"
#include "engine/nets/variational.h"

namespace equipoise::nets {
namespace {

// Of a NetworkPass or a VariationalPass: how the outputs are computed is Compute's.
template <class Pass>
class AtenPassOf : public Pass {
 public:
  AtenPassOf(const MlpSpec& spec, int64_t rows, const at::Device& device)
      : spec_(spec),
        rows_(rows),
        device_(device),
        output_(static_cast<size_t>(rows * spec.outputs)),
        output_gradient_(output_.size()) {}

  void Forward(const Weights& net, const float* x) override {
    const AtenWeights& weights = AtenWeights::Of(net);
    leaf_ = weights.Leaf();
    x_ = ToDevice(x, {rows_, spec_.inputs}, device_).requires_grad_(true);
    y_ = Compute(weights.Blocks(leaf_), x_);
    ToHost(y_, output_.data());
  }
  void Evaluate(const Weights& net, const float* x) override {
    const at::NoGradGuard no_gradients;
    const AtenWeights& weights = AtenWeights::Of(net);
    y_ = at::Tensor();
    ToHost(ReferenceMlp(spec_, weights.Blocks(weights.flat()), ToDevice(x, {rows_, spec_.inputs}, device_)),
           output_.data());
  }
  const float* output() override { return output_.data(); }
  float* output_gradient() override { return output_gradient_.data(); }
  void Backward(Gradient* gradient, float* dx) override {
    std::vector<at::Tensor> wanted;
    if (gradient != nullptr) wanted.push_back(leaf_);
    if (dx != nullptr) wanted.push_back(x_);
    WalkBack(output_gradient_, wanted);
    if (gradient != nullptr) AtenGradient::Of(gradient).Take(leaf_);
    if (dx != nullptr) ToHost(x_.grad(), dx);
  }
  void BackwardInput(const std::vector<int64_t>& rows, float* dx) override {
    if (rows.empty()) return;
    std::vector<float> dy(output_gradient_.size(), 0.0f);
    for (const int64_t r : rows)
      std::copy_n(output_gradient_.data() + r * spec_.outputs, spec_.outputs, dy.data() + r * spec_.outputs);
    WalkBack(dy, {x_});
    ToHost(x_.grad(), dx);
    for (size_t k = 0; k < rows.size(); ++k) {
      const auto to = static_cast<int64_t>(k);
      if (rows[k] != to) std::copy_n(dx + rows[k] * spec_.inputs, spec_.inputs, dx + to * spec_.inputs);
    }
  }

 protected:
  virtual at::Tensor Compute(const std::vector<at::Tensor>& blocks, const at::Tensor& x) const = 0;
  MlpSpec spec_;
  int64_t rows_;
  at::Device device_;

 private:
  void WalkBack(const std::vector<float>& dy, const std::vector<at::Tensor>& wanted) {
    EQ_CHECK(y_.defined(), "a pass is walked back once after each Forward");
    y_.backward(ToDevice(dy.data(), {rows_, spec_.outputs}, device_), {}, false, at::TensorList(wanted));
    y_ = at::Tensor();
  }

  at::Tensor leaf_, x_, y_;  // of the last Forward
  std::vector<float> output_, output_gradient_;
};

class AtenPass final : public AtenPassOf<NetworkPass> {
 public:
  using AtenPassOf::AtenPassOf;

 private:
  at::Tensor Compute(const std::vector<at::Tensor>& blocks, const at::Tensor& x) const override {
    return ReferenceMlp(spec_, blocks, x);
  }
};

class AtenVariationalPass final : public AtenPassOf<VariationalPass> {
 public:
  using AtenPassOf::AtenPassOf;
  void SetNoise(const float* noise) override { noise_ = noise; }
  double AddDivergence(const Weights& net, double prior_sd, float share, Gradient* gradient) const override {
    const at::Tensor leaf = AtenWeights::Of(net).Leaf();
    const at::Tensor divergence = ReferenceDivergence(leaf, prior_sd);
    (divergence * static_cast<double>(share)).backward({}, {}, false, at::TensorList(leaf));
    AtenGradient::Of(gradient).Take(leaf);
    return divergence.item<double>();
  }

 private:
  at::Tensor Compute(const std::vector<at::Tensor>& blocks, const at::Tensor& x) const override {
    return ReferenceVariational(spec_, blocks, x, ToDevice(noise_, {NoiseSize(spec_, rows_)}, device_));
  }
  const float* noise_ = nullptr;
};

}  // namespace

at::Tensor ToDevice(const float* data, at::IntArrayRef sizes, const at::Device& device) {
  // The copy is explicit: the caller's array is written again while a tensor on the CPU would still refer to it.
  return at::from_blob(const_cast<float*>(data), sizes, at::kFloat).to(device, at::kFloat, false, true);
}

at::Tensor ToDevice(const std::vector<float>& values, const at::Device& device) {
  return ToDevice(values.data(), {static_cast<int64_t>(values.size())}, device);
}

void ToHost(const at::Tensor& tensor, float* out) {
  at::from_blob(out, tensor.sizes(), at::kFloat).copy_(tensor.detach());
}

void AtenGradient::Sum(const at::Tensor& part, double share) {
  const at::NoGradGuard no_gradients;
  if (sum_.defined()) {
    sum_ = sum_.add(part, share);
  } else {
    sum_ = share == 1.0 ? part : part * share;
  }
}

void AtenGradient::Add(const Gradient& part, float share) {
  const auto* ours = dynamic_cast<const AtenGradient*>(&part);
  EQ_CHECK(ours != nullptr, "a gradient of another back end");
  if (ours->sum_.defined()) Sum(ours->sum_, share);
}

void AtenGradient::AddWeights(const Weights& weights, float share) { Sum(AtenWeights::Of(weights).flat(), share); }

double AtenGradient::Norm() const {
  return sum_.defined() ? at::linalg_vector_norm(sum_, 2, {}, false, at::kDouble).item<double>() : 0;
}

void AtenGradient::AddWeights(const Weights& weights, const std::vector<float>& shares) {
  const at::NoGradGuard no_gradients;
  const AtenWeights& of = AtenWeights::Of(weights);
  const std::vector<at::Tensor> blocks = of.Blocks(of.flat());
  std::vector<at::Tensor> parts;
  for (size_t i = 0; i < blocks.size(); ++i) parts.push_back(blocks[i].reshape({-1}) * shares[i]);
  Sum(at::cat(parts), 1.0);
}

void AtenGradient::Take(const at::Tensor& leaf) {
  Sum(leaf.grad(), 1.0);
  leaf.mutable_grad() = at::Tensor();
}

AtenGradient& AtenGradient::Of(Gradient* gradient) {
  auto* ours = dynamic_cast<AtenGradient*>(gradient);
  EQ_CHECK(ours != nullptr, "a gradient of another back end");
  return *ours;
}

AtenWeights::AtenWeights(const Parameters& frozen, const at::Device& device)
    : read_(&frozen), flat_(ToDevice(frozen.values, device)) {}

AtenWeights::AtenWeights(Parameters* net, Adam* adam, const at::Device& device) : AtenWeights(*net, device) {
  net_ = net;
  adam_ = adam;
  if (adam == nullptr) return;
  m_ = ToDevice(adam->m, device);
  v_ = ToDevice(adam->v, device);
  steps_ = first_steps_ = adam->steps;
  first_flat_ = flat_.clone();
  first_m_ = m_.clone();
  first_v_ = v_.clone();
  rate_ = adam->rate;
}

Adam::Outcome AtenWeights::Step(double loss, const Gradient& gradient, double lr, double clip) {
  EQ_CHECK(adam_ != nullptr, "weights without moments");
  const auto* ours = dynamic_cast<const AtenGradient*>(&gradient);
  EQ_CHECK(ours != nullptr && ours->sum().defined(), "a gradient of another back end, or of nothing");
  const at::NoGradGuard no_gradients;
  Adam::Outcome outcome;
  if (std::isfinite(loss)) outcome.applied = Apply(ours->sum(), lr * rate_, clip, &outcome);
  if (outcome.applied) {
    consecutive_ = 0;
    return outcome;
  }
  ++skipped_;
  if (++consecutive_ == 10) {
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

bool AtenWeights::Apply(const at::Tensor& gradient, double lr, double clip, Adam::Outcome* outcome) {
  outcome->norm = at::linalg_vector_norm(gradient, 2, {}, false, at::kDouble).item<double>();
  if (!std::isfinite(outcome->norm)) return false;
  outcome->clipped = clip > 0 && outcome->norm > clip;
  const double scale = outcome->clipped ? clip / outcome->norm : 1.0;
  if (outcome->norm * scale > 1e18) return false;
  const at::Tensor g = outcome->clipped ? gradient * scale : gradient;
  constexpr double kBeta1 = 0.9, kBeta2 = 0.999;
  const auto t = static_cast<double>(++steps_);
  m_.mul_(kBeta1).add_(g, 1 - kBeta1);
  v_.mul_(kBeta2).addcmul_(g, g, 1 - kBeta2);
  const at::Tensor spread = (v_.sqrt() / std::sqrt(1 - std::pow(kBeta2, t))).add_(adam_->epsilon);
  flat_.addcdiv_(m_, spread, -lr / (1 - std::pow(kBeta1, t)));
  return true;
}

void AtenWeights::MoveTowards(const Weights& leader, double tau) { flat_.lerp_(Of(leader).flat(), tau); }

double AtenWeights::SumOfSquares() const { return flat_.square().sum(at::kDouble).item<double>(); }

void AtenWeights::Store() {
  EQ_CHECK(net_ != nullptr, "frozen weights");
  ToHost(flat_, net_->values.data());
  if (adam_ == nullptr) return;
  ToHost(m_, adam_->m.data());
  ToHost(v_, adam_->v.data());
  adam_->steps = steps_;
  adam_->rate = rate_;
}

at::Tensor AtenWeights::Leaf() const { return flat_.detach().requires_grad_(true); }

const AtenWeights& AtenWeights::Of(const Weights& weights) {
  const auto* ours = dynamic_cast<const AtenWeights*>(&weights);
  EQ_CHECK(ours != nullptr, "weights of another back end");
  return *ours;
}

std::unique_ptr<NetworkPass> NewAtenPass(const MlpSpec& spec, int64_t rows, const at::Device& device) {
  return std::make_unique<AtenPass>(spec, rows, device);
}

std::unique_ptr<VariationalPass> NewAtenVariationalPass(const MlpSpec& spec, int64_t rows, const at::Device& device) {
  return std::make_unique<AtenVariationalPass>(spec, rows, device);
}

ReferencePolicy AtenPolicy(const Policy& policy, std::vector<at::Tensor> blocks, const at::Device& device) {
  return {policy.spec, std::move(blocks), ToDevice(policy.mean, device), ToDevice(policy.sd, device), policy.spread};
}

}  // namespace equipoise::nets
