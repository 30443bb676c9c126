// Cartpole swing-up (dm_control, dense reward): a product of four factors in [0, 1].
//
//   upright (1 + cos) / 2,  centred (1 + g(x/2)) / 2,  slow (1 + g(hinge velocity / 5)) / 2,  gentle (4 + max(0, 1 -
//   u^2)) / 5 g(d) = 0.1^(d^2)
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/env/mujoco_task.h"
#include "engine/env/tasks.h"

namespace equipoise::env {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr int kPole = 2;  // body

TaskInfo Info() {
  TaskInfo info;
  info.name = "cartpole";
  info.title = "Cartpole swing-up";
  info.horizon = 200;
  info.observation_names = {"cart x", "pole cos", "pole sin", "cart velocity", "pole velocity"};
  info.action_names = {"push"};
  info.term_names = {"upright", "small_control", "small_velocity", "centered"};
  return info;
}

double Tolerance(double distance) { return std::exp(-0.5 * distance * distance * (-2 * std::log(0.1))); }

class Cartpole final : public MujocoTask {
 public:
  explicit Cartpole(ModelPtr model) : MujocoTask(std::move(model), Info(), 1) {}

  void Reset(Stream& stream) override {
    std::vector<double> qpos = {0.0, kPi}, qvel(2, 0.0);
    AddNormal(stream, 0.01, &qpos);
    AddNormal(stream, 0.01, &qvel);
    // The reference switches the actuator off for the forward pass; after a reset ctrl is 0, and so is the motor's
    // force.
    SetState(qpos, qvel);
  }

  void Observe(double* observation) const override {
    observation[0] = data()->qpos[0];
    observation[1] = PoleCos();
    observation[2] = data()->xmat[9 * kPole + 2];
    observation[3] = data()->qvel[0];
    observation[4] = data()->qvel[1];
  }

  std::string RebuiltInPose() const override { return ""; }

 protected:
  // The pole's orientation must belong to the new state, not to a stage of the integrator. The reference runs all of
  // mj_step1 here; what it computes beside the kinematics the next mj_step computes again.
  void AfterStep() override { mj_kinematics(model(), mutable_data()); }
  void RestoreExtra(const std::vector<double>& extra) override {
    MujocoTask::RestoreExtra(extra);
    mj_kinematics(model(), mutable_data());  // for the observation; unlike mj_step1 it cannot restart a bad state
  }

  void Reward(const double* action, StepResult* result) const override {
    std::vector<double>& terms = result->terms;
    terms[0] = (1 + PoleCos()) / 2;
    terms[1] = (4 + std::max(0.0, 1 - action[0] * action[0])) / 5;
    terms[2] = (1 + Tolerance(data()->qvel[1] / 5)) / 2;
    terms[3] = (1 + Tolerance(data()->qpos[0] / 2)) / 2;
    result->reward = terms[0] * terms[1] * terms[2] * terms[3];
  }

  void Pose(const double* observation, const double* previous_qpos, double* qpos) const override {
    qpos[0] = observation[0];
    // The turn that is nearest to the previous angle: a pole that goes round does not jump back.
    const double angle = std::atan2(observation[2], observation[1]);
    qpos[1] = previous_qpos[1] + std::remainder(angle - previous_qpos[1], 2 * kPi);
  }

 private:
  double PoleCos() const { return data()->xmat[9 * kPole + 8]; }
};

}  // namespace

std::unique_ptr<Task> MakeCartpole(ModelPtr model) { return std::make_unique<Cartpole>(std::move(model)); }

}  // namespace equipoise::env
