// Walker2d (openai/gym v3/v4 with terminate_when_unhealthy = False).
#include <utility>

#include "engine/env/planar_locomotion.h"
#include "engine/env/tasks.h"

namespace equipoise::env {
namespace {

TaskInfo Info() {
  TaskInfo info;
  info.name = "walker2d";
  info.title = "Walker2d";
  info.horizon = 100;
  return info;
}

PlanarSpec Spec() {
  PlanarSpec spec;
  spec.frame_skip = 4;
  spec.control_weight = 1e-3;
  spec.velocity_limit = 10;
  return spec;
}

class Walker2d final : public PlanarLocomotion {
 public:
  Walker2d(ModelPtr model, AliveBonus alive)
      : PlanarLocomotion(std::move(model), Info(), {"thigh", "leg", "foot", "left thigh", "left leg", "left foot"},
                         Spec(), alive) {}

  void Reset(Stream& stream) override {
    std::vector<double> qpos = InitialQpos(), qvel(model()->nv, 0.0);
    AddUniform(stream, 0.005, &qpos);
    AddUniform(stream, 0.005, &qvel);
    SetState(qpos, qvel);
  }

 private:
  bool Healthy(const double* observation) const override {
    const double height = observation[0], pitch = observation[1];
    return 0.8 < height && height < 2.0 && -1.0 < pitch && pitch < 1.0;
  }
};

}  // namespace

std::unique_ptr<Task> MakeWalker2d(ModelPtr model, AliveBonus alive) {
  return std::make_unique<Walker2d>(std::move(model), alive);
}

}  // namespace equipoise::env
