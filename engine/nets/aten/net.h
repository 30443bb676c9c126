// net.h: a network's weights and Adam moments as tensors, for the length of one training phase.
//
// Made from the flat arrays at the start of a phase, trained, and written back by Store at its end; a phase that ends
// with an exception leaves the arrays as they were. Step is guard.h and Adam::Step in tensors: the same clipping, the
// same refusal of what is not finite, the same return to the weights of before, at half the step size, after ten
// refusals in a row.
//
// Thread   belongs to one thread
#pragma once

#include "engine/nets/aten/reference.h"
#include "engine/nets/parameters.h"
#include "engine/nets/policy.h"

namespace equipoise::nets {

// A copy of a host array as a float32 tensor.
at::Tensor ToDevice(const float* data, at::IntArrayRef sizes, const at::Device& device);
at::Tensor ToDevice(const std::vector<float>& values, const at::Device& device);
// And back.
std::vector<float> ToHost(const at::Tensor& tensor);

class AtenNet {
 public:
  AtenNet(Parameters* net, Adam* adam, const at::Device& device);

  // Views of the weights: with gradients, or as constants.
  std::vector<at::Tensor> Blocks() const { return ReferenceBlocks(net_->layout, flat_); }
  std::vector<at::Tensor> FrozenBlocks() const { return ReferenceBlocks(net_->layout, flat_.detach()); }
  const at::Tensor& flat() const { return flat_; }  // [total], a leaf that wants gradients

  // Back-propagates `loss` into these weights alone and takes one guarded step. `value` is what must be finite.
  Adam::Outcome Step(const at::Tensor& loss, double value, double lr, double clip);
  int skipped() const { return skipped_; }
  bool reloaded() const { return reloaded_; }
  double rate() const { return rate_; }

  void Store() const;

 private:
  bool Apply(const at::Tensor& gradient, double lr, double clip, Adam::Outcome* outcome);

  Parameters* net_;
  Adam* adam_;
  at::Tensor flat_, m_, v_;
  int64_t steps_;
  at::Tensor first_flat_, first_m_, first_v_;  // as they were when training began
  int64_t first_steps_;
  double rate_;
  int skipped_ = 0, consecutive_ = 0;
  bool reloaded_ = false;
};

// `blocks` of the policy's own network, with or without gradients.
ReferencePolicy AtenPolicy(const Policy& policy, std::vector<at::Tensor> blocks, const at::Device& device);

}  // namespace equipoise::nets
