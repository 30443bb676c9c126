#include "tests/bench/plain_world.h"

#include <ATen/ATen.h>

#include <vector>

#include "engine/model/aten/world.h"
#include "engine/model/model_units.h"
#include "engine/nets/aten/parts.h"

namespace equipoise::bench {
namespace {

using at::Tensor;
using nets::ToHost;

constexpr double kLimit = model::kClampLimit;

Tensor Copy(const float* data, at::IntArrayRef sizes) { return nets::ToDevice(data, sizes, at::Device(at::kCPU)); }
Tensor Copy(const std::vector<float>& values) { return nets::ToDevice(values, at::Device(at::kCPU)); }

class PlainRollout : public model::Rollout {
 public:
  explicit PlainRollout(const model::WorldModel& model)
      : S_(model.states()), A_(model.actions()), world_(model::NewAtenWorld(model, at::Device(at::kCPU))) {
    const model::RolloutUnits units(S_, A_, model.normaliser());
    action_scale_ = Copy(units.action_scale);
    action_shift_ = Copy(units.action_shift);
    delta_scale_ = Copy(units.delta_scale);
    delta_shift_ = Copy(units.delta_shift);
  }

  void Begin(int64_t rows, int64_t, bool keep, const model::Belief* beliefs, const float* carry) override {
    EQ_CHECK(!keep, "a plain rollout keeps nothing to walk back by");
    const at::NoGradGuard no_gradients;
    rows_ = rows;
    network_ = world_->Begin(rows, *beliefs, carry);
  }
  void Step(int64_t, const float* z, const float* action, const float* noise, float* z_next, float* reward) override {
    const at::NoGradGuard no_gradients;
    const Tensor from = Copy(z, {rows_, S_}), act = Copy(action, {rows_, A_});
    const model::ReferenceHeads heads = network_(at::cat({from, act * action_scale_ + action_shift_}, 1));
    Tensor delta = at::clamp(heads.mean.narrow(1, 0, S_), -kLimit, kLimit);
    if (noise != nullptr) delta = delta + heads.sd.narrow(1, 0, S_) * Copy(noise, {rows_, S_});
    ToHost(at::clamp(from + delta_shift_ + delta_scale_ * delta, -kLimit, kLimit), z_next);
    ToHost(heads.mean.select(1, S_), reward);
  }
  void StepBackward(int64_t, const float*, const float*, const float*, float*, float*) override {
    EQ_CHECK(false, "a plain rollout is not walked back");
  }
  int64_t clamped() const override { return 0; }

 private:
  int64_t S_, A_, rows_ = 0;
  std::unique_ptr<model::AtenWorld> world_;
  model::ReferenceNetwork network_;
  Tensor action_scale_, action_shift_, delta_scale_, delta_shift_;
};

}  // namespace

std::unique_ptr<model::Rollout> PlainWorld::NewRollout() const { return std::make_unique<PlainRollout>(inner_); }

}  // namespace equipoise::bench
