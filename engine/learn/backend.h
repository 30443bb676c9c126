// backend.h: who trains the networks of a run: the setting run.device.
//
//   cpu        hand-written kernels (nets/kernels) on the processor: the default, always there
//   reference  the same parts in plain LibTorch operations with automatic gradients, on the processor: to compare
//   cuda       those on the first CUDA GPU, where LibTorch has one
//
// A back end makes parts (nets/network_parts.h, model/model_parts.h), not learners: each learner is written once, on
// any back end's parts. The same seed draws the same random numbers everywhere; only rounding differs. Acting, and what
// is measured on one recorded episode, are a few rows each and stay on the processor in all three. Checkpoints are the
// same.
//
// Thread   Register before the first run is made; the rest from any thread
#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/model/model_parts.h"

namespace equipoise::learn {

class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::string Text() const = 0;  // for people: "CPU"
  virtual Status Ready() const = 0;      // is the device there?
  virtual const model::ModelParts& parts() const = 0;
};

// Makes a device known beside "cpu". One that is known stays as it is: learners hold its parts.
void RegisterBackend(const std::string& device, std::unique_ptr<const Backend> backend);
// Error: this program does not have that device, or this machine does not; what to do.
Result<const Backend*> FindBackend(const std::string& device);

}  // namespace equipoise::learn
