// Hopper (openai/gym v3/v4 with terminate_when_unhealthy = False).
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/env/planar_locomotion.h"
#include "engine/env/tasks.h"

namespace equipoise::env {
namespace {

TaskInfo Info() {
  TaskInfo info;
  info.name = "hopper";
  info.title = "Hopper";
  info.horizon = 200;
  return info;
}

PlanarSpec Spec() {
  PlanarSpec spec;
  spec.frame_skip = 4;
  spec.control_weight = 1e-3;
  spec.velocity_limit = 10;
  return spec;
}

class Hopper final : public PlanarLocomotion {
 public:
  Hopper(ModelPtr model, AliveBonus alive)
      : PlanarLocomotion(std::move(model), Info(), {"thigh", "leg", "foot"}, Spec(), alive) {}

  void Reset(Stream& stream) override {
    std::vector<double> qpos = InitialQpos(), qvel(model()->nv, 0.0);
    AddUniform(stream, 0.005, &qpos);
    AddUniform(stream, 0.005, &qvel);
    SetState(qpos, qvel);
  }

 private:
  bool Healthy(const double* observation) const override {
    const auto moderate = [](double v) { return -100 < v && v < 100; };
    const double height = observation[0], pitch = observation[1];
    return height > 0.7 && std::abs(pitch) < 0.2 &&
           std::all_of(observation + 1, observation + info().observation_size, moderate);
  }
};

}  // namespace

std::unique_ptr<Task> MakeHopper(ModelPtr model, AliveBonus alive) {
  return std::make_unique<Hopper>(std::move(model), alive);
}

}  // namespace equipoise::env
