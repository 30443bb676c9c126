// HalfCheetah (openai/gym v3/v4): neither a bonus nor an end; velocities are observed unclipped.
#include <utility>

#include "engine/env/planar_locomotion.h"
#include "engine/env/tasks.h"

namespace equipoise::env {
namespace {

TaskInfo Info() {
  TaskInfo info;
  info.name = "halfcheetah";
  info.title = "HalfCheetah";
  info.horizon = 100;
  return info;
}

PlanarSpec Spec() {
  PlanarSpec spec;
  spec.frame_skip = 5;
  spec.control_weight = 0.1;
  spec.has_alive_bonus = false;
  return spec;
}

class HalfCheetah final : public PlanarLocomotion {
 public:
  explicit HalfCheetah(ModelPtr model)
      : PlanarLocomotion(std::move(model), Info(),
                         {"back thigh", "back shin", "back foot", "front thigh", "front shin", "front foot"}, Spec(),
                         AliveBonus::kWhileHealthy) {}

  void Reset(Stream& stream) override {
    std::vector<double> qpos = InitialQpos(), qvel(model()->nv, 0.0);
    AddUniform(stream, 0.1, &qpos);
    AddNormal(stream, 0.1, &qvel);
    SetState(qpos, qvel);
  }

 private:
  bool Healthy(const double*) const override { return true; }
};

}  // namespace

std::unique_ptr<Task> MakeHalfCheetah(ModelPtr model) { return std::make_unique<HalfCheetah>(std::move(model)); }

}  // namespace equipoise::env
