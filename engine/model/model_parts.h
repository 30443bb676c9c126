// model_parts.h: what a back end makes for whoever trains a dropout LSTM or a policy inside a world model, beside the
// parts of nets/network_parts.h.
//
// The seams are where little passes through: a batch of recorded trajectories, a set of imagined ones. A step of an
// imagined trajectory is no seam: on a device of its own it would wait for two copies.
//
// Shapes   x [T, B, inputs], y [T, B, outputs], normalised; imagined ones as in imagination.h
// Thread   each belongs to one thread at a time
#pragma once

#include <memory>
#include <vector>

#include "engine/model/dropout_lstm.h"
#include "engine/model/imagination.h"
#include "engine/nets/network_parts.h"

namespace equipoise::model {

// The dropout LSTM over recorded trajectories, one belief each (sequence_pass.h).
class Sequences {
 public:
  virtual ~Sequences() = default;
  // Adds the derivatives of scale * sum of -log p(y), over trajectories, time and outputs, and returns that sum.
  virtual double Differentiate(const nets::Weights& net, const float* x, const float* y, int64_t horizon, int64_t batch,
                               const Belief& beliefs, float scale, nets::Gradient* gradient) = 0;
  // The carry before step t of trajectory b: to row t * stride + b of carries.
  virtual void BurnIn(const nets::Weights& net, const float* x, int64_t horizon, int64_t batch, const Belief& beliefs,
                      float* carries, int64_t stride) = 0;
};

// Imagined by a policy in training, and walked back to its weights.
class Trajectories {
 public:
  virtual ~Trajectories() = default;
  // What `inputs` points to stays as it is until Backward.
  virtual void Run(const ImaginationInputs& inputs) = 0;
  virtual const float* z(int64_t t) const = 0;       // t = 0..T
  virtual const float* reward(int64_t t) const = 0;  // normalised
  virtual const float* log_prob(int64_t t) const = 0;
  virtual const std::vector<double>& Returns() const = 0;
  virtual double clamped_fraction() const = 0;
  // Once after Run; as Imagination::Backward.
  virtual void Backward(const float* dz, const float* dreward, const float* dlog_prob, nets::Gradient* gradient) = 0;
  // After it: as Imagination::state_gradient.
  virtual double state_gradient(int64_t t) const = 0;
};

class ModelParts : public nets::NetworkParts {
 public:
  virtual std::unique_ptr<Sequences> NewSequences(const LstmSpec& spec) const = 0;
  // `weights` are those of policy.net in training; all three outlive the trajectories. `detach_input`: no gradient
  // through what the policy sees.
  virtual std::unique_ptr<Trajectories> NewTrajectories(const WorldModel& model, const nets::Policy& policy,
                                                        const nets::Weights& weights, bool detach_input) const = 0;
  // As WorldModel::NewDeviceReturns.
  virtual std::unique_ptr<DeviceReturns> NewReturns(const WorldModel& model, const nets::Policy& policy) const = 0;
};

// By hand-written kernels on the processor.
const ModelParts& CpuParts();

}  // namespace equipoise::model
