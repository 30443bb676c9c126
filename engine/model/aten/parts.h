// parts.h: all parts of a back end (nets/network_parts.h, model/model_parts.h) in LibTorch, on one of its devices: the
// mathematics of reference.h with automatic gradients. Whole trajectories stay on the device, forwards and back.
//
// Thread   as those; polls for interrupts at every time step forwards. A backward pass is not interrupted
#pragma once

#include <memory>
#include <vector>

#include "engine/model/aten/reference.h"
#include "engine/model/model_parts.h"
#include "engine/nets/aten/parts.h"

namespace equipoise::model {

class AtenParts final : public ModelParts {
 public:
  explicit AtenParts(const at::Device& device) : device_(device) {}
  const at::Device& device() const { return device_; }

  std::unique_ptr<nets::Weights> NewWeights(nets::Parameters* net, nets::Adam* adam) const override;
  std::unique_ptr<const nets::Weights> Freeze(const nets::Parameters& net) const override;
  std::unique_ptr<nets::NetworkPass> NewPass(const nets::MlpSpec& spec, int64_t rows) const override;
  std::unique_ptr<nets::VariationalPass> NewVariationalPass(const nets::MlpSpec& spec, int64_t rows) const override;
  // One: a device is quickest with all rows at once.
  std::vector<Shard> PiecesOf(int64_t rows) const override { return {{0, rows}}; }
  std::unique_ptr<Sequences> NewSequences(const LstmSpec& spec) const override;
  // The model must be one of those that world.h knows.
  std::unique_ptr<Trajectories> NewTrajectories(const WorldModel& model, const nets::Policy& policy,
                                                const nets::Weights& weights, bool detach_input) const override;
  std::unique_ptr<DeviceReturns> NewReturns(const WorldModel& model, const nets::Policy& policy) const override;

 private:
  at::Device device_;
};

}  // namespace equipoise::model
