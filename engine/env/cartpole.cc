// Cartpole swing-up (dm_control, dense reward): a product of four factors in [0, 1].
//
//   upright (1 + cos) / 2,  centred (1 + g(x/2)) / 2,  slow (1 + g(hinge velocity / 5)) / 2,  gentle (4 + max(0, 1 -
//   u^2)) / 5 g(d) = 0.1^(d^2)
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/env/mujoco_task.h"
#include "engine/env/sees_terms.h"
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

class Cartpole final : public MujocoTask, public SeesTerms {
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
    observation[1] = pole_cos_;
    observation[2] = pole_sin_;
    observation[3] = data()->qvel[0];
    observation[4] = data()->qvel[1];
  }

  std::string RebuiltInPose() const override { return ""; }
  std::vector<std::string> SeenTermNames() const override { return {"reward of the imagined state"}; }
  void SeenTerms(const double* action, const double* observation, double* terms) const override {
    const std::array<double, 4> factors = Factors(action[0], observation);
    terms[0] = factors[0] * factors[1] * factors[2] * factors[3];
  }

 protected:
  void AfterStep() override { ObservePole(); }
  void AfterStateWritten() override { ObservePole(); }
  void RestoreExtra(const std::vector<double>& extra) override {
    MujocoTask::RestoreExtra(extra);
    mj_kinematics(model(), mutable_data());  // the cart's orientation; unlike mj_step1 it cannot restart a bad state
    ObservePole();
  }

  void Reward(const double* action, StepResult* result) const override {
    std::array<double, 5> observation{};
    Observe(observation.data());
    const std::array<double, 4> factors = Factors(action[0], observation.data());
    result->terms.assign(factors.begin(), factors.end());
    result->reward = factors[0] * factors[1] * factors[2] * factors[3];
  }

  void Pose(const double* observation, const double* previous_qpos, double* qpos) const override {
    qpos[0] = observation[0];
    // The turn that is nearest to the previous angle: a pole that goes round does not jump back.
    const double angle = std::atan2(observation[2], observation[1]);
    qpos[1] = previous_qpos[1] + std::remainder(angle - previous_qpos[1], 2 * kPi);
  }

 private:
  // As TaskInfo::term_names.
  static std::array<double, 4> Factors(double action, const double* observation) {
    return {(1 + observation[1]) / 2, (4 + std::max(0.0, 1 - action * action)) / 5,
            (1 + Tolerance(observation[4] / 5)) / 2, (1 + Tolerance(observation[0] / 2)) / 2};
  }

  // The pole's orientation must belong to the new state, not to a stage of the integrator. The reference runs all of
  // mj_step1 to have it; here only the pole is turned, by the operations of mj_kinematics in their order, so that every
  // bit is the same. The cart slides and never turns.
  void ObservePole() {
    const mjModel* m = model();
    const int hinge = m->body_jntadr[kPole];
    double pose[4], turn[4], matrix[9];
    mju_mulQuat(pose, data()->xquat + 4 * m->body_parentid[kPole], m->body_quat + 4 * kPole);
    const int angle = m->jnt_qposadr[hinge];
    mju_axisAngle2Quat(turn, m->jnt_axis + 3 * hinge, data()->qpos[angle] - m->qpos0[angle]);
    mju_mulQuat(pose, pose, turn);
    mju_normalize4(pose);
    mju_quat2Mat(matrix, pose);
    pole_cos_ = matrix[8];
    pole_sin_ = matrix[2];
  }

  double pole_cos_ = 0, pole_sin_ = 0;  // 0 is upright
};

}  // namespace

std::unique_ptr<Task> MakeCartpole(ModelPtr model) { return std::make_unique<Cartpole>(std::move(model)); }

}  // namespace equipoise::env
