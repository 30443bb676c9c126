// parts.h: the parts of network_parts.h in LibTorch: weights and moments as tensors on a device for the length of one
// phase, gradients by automatic differentiation.
//
// A pass brings its inputs to the device and its outputs back. Step is guard.h and Adam::Step in tensors: the same
// clipping, the same refusal of what is not finite, the same return to the weights of before, at half the step size,
// after ten refusals in a row. A phase that ends with an exception leaves the arrays as they were.
//
// Thread   as network_parts.h
#pragma once

#include <memory>

#include "engine/nets/aten/reference.h"
#include "engine/nets/network_parts.h"
#include "engine/nets/policy.h"

namespace equipoise::nets {

// A copy of a host array as a float32 tensor.
at::Tensor ToDevice(const float* data, at::IntArrayRef sizes, const at::Device& device);
at::Tensor ToDevice(const std::vector<float>& values, const at::Device& device);
// And back: all its elements, in order.
void ToHost(const at::Tensor& tensor, float* out);

class AtenGradient final : public Gradient {
 public:
  void Clear() override { sum_ = at::Tensor(); }
  void Add(const Gradient& part, float share) override;
  void AddWeights(const Weights& weights, float share) override;
  double Norm() const override;
  void AddWeights(const Weights& weights, const std::vector<float>& shares) override;
  // Adds what the last backward pass left at `leaf`, and takes it away there.
  void Take(const at::Tensor& leaf);
  const at::Tensor& sum() const { return sum_; }  // [total]; undefined: nothing was added
  static AtenGradient& Of(Gradient* gradient);

 private:
  void Sum(const at::Tensor& part, double share);
  at::Tensor sum_;
};

class AtenWeights final : public Weights {
 public:
  AtenWeights(Parameters* net, Adam* adam, const at::Device& device);
  AtenWeights(const Parameters& frozen, const at::Device& device);

  std::unique_ptr<Gradient> NewGradient() const override { return std::make_unique<AtenGradient>(); }
  Adam::Outcome Step(double loss, const Gradient& gradient, double lr, double clip) override;
  void MoveTowards(const Weights& leader, double tau) override;
  double SumOfSquares() const override;
  void Store() override;
  int skipped() const override { return skipped_; }
  bool reloaded() const override { return reloaded_; }

  const at::Tensor& flat() const { return flat_; }  // [total], a constant
  // The same numbers as a leaf that wants gradients, which are its own; used up before the next Step.
  at::Tensor Leaf() const;
  // Views of `flat`, or of a leaf.
  std::vector<at::Tensor> Blocks(const at::Tensor& flat) const { return ReferenceBlocks(read_->layout, flat); }
  static const AtenWeights& Of(const Weights& weights);

 private:
  bool Apply(const at::Tensor& gradient, double lr, double clip, Adam::Outcome* outcome);

  const Parameters* read_;
  Parameters* net_ = nullptr;  // null: frozen
  Adam* adam_ = nullptr;       // null: without moments
  at::Tensor flat_, m_, v_;
  at::Tensor first_flat_, first_m_, first_v_;  // as they were when training began
  int64_t steps_ = 0, first_steps_ = 0;
  double rate_ = 1;
  int skipped_ = 0, consecutive_ = 0;
  bool reloaded_ = false;
};

std::unique_ptr<NetworkPass> NewAtenPass(const MlpSpec& spec, int64_t rows, const at::Device& device);
std::unique_ptr<VariationalPass> NewAtenVariationalPass(const MlpSpec& spec, int64_t rows, const at::Device& device);

// `blocks` of the policy's own network, with or without gradients.
ReferencePolicy AtenPolicy(const Policy& policy, std::vector<at::Tensor> blocks, const at::Device& device);

}  // namespace equipoise::nets
