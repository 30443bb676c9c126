// Ant (openai/gym v3/v4 with terminate_when_unhealthy = False, 27 observations, no contact cost).
//
// The forward reward uses the torso's x from the kinematics arrays, which mj_step leaves at the last stage of its
// integrator and not at the new qpos: up to 3e-3 m off. That is how the reference behaves, so the value is part of the
// saved state.
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/env/mujoco_task.h"
#include "engine/env/sees_terms.h"
#include "engine/env/tasks.h"

namespace equipoise::env {
namespace {

constexpr size_t kTorso = 1;      // body
constexpr int kRootPosition = 7;  // entries of qpos: x y z, quaternion

TaskInfo Info() {
  TaskInfo info;
  info.name = "ant";
  info.title = "Ant";
  info.horizon = 100;
  info.observation_names = {"height", "quaternion w", "quaternion x", "quaternion y", "quaternion z"};
  std::vector<std::string> joints, motors;
  for (int leg = 1; leg <= 4; ++leg) {
    for (const char* joint : {"hip ", "ankle "}) {
      joints.push_back(joint + std::to_string(leg));
      motors.push_back(joint + std::to_string((leg + 2) % 4 + 1));  // the fourth leg's motors come first
    }
  }
  for (const std::string& joint : joints) info.observation_names.push_back(joint + " angle");
  for (const char* axis : {"x", "y", "z"}) info.observation_names.push_back(std::string(axis) + " velocity");
  for (const char* axis : {"x", "y", "z"}) info.observation_names.push_back(std::string("turn rate ") + axis);
  for (const std::string& joint : joints) info.observation_names.push_back(joint + " velocity");
  info.action_names = motors;
  info.term_names = {"forward", "control", "alive"};
  return info;
}

class Ant final : public MujocoTask, public SeesTerms {
 public:
  Ant(ModelPtr model, AliveBonus alive) : MujocoTask(std::move(model), Info(), 5), alive_(alive) {}

  void Reset(Stream& stream) override {
    std::vector<double> qpos = InitialQpos(), qvel(model()->nv, 0.0);
    AddUniform(stream, 0.1, &qpos);  // the quaternion too; the forward pass normalises it
    AddNormal(stream, 0.1, &qvel);
    SetState(qpos, qvel);
  }

  void Observe(double* observation) const override {
    double* out = std::copy(data()->qpos + 2, data()->qpos + model()->nq, observation);
    std::copy(data()->qvel, data()->qvel + model()->nv, out);
  }

  std::string RebuiltInPose() const override { return "x and y from the predicted velocity"; }
  // Not the way covered: x is not observed.
  std::vector<std::string> SeenTermNames() const override { return {"control", "alive"}; }
  void SeenTerms(const double* action, const double* observation, double* terms) const override {
    terms[0] = ControlCost(action);
    terms[1] = Alive(observation[0]);
  }

 protected:
  void AfterStateWritten() override { torso_x_ = data()->xpos[3 * kTorso]; }
  void BeforeStep() override { x_before_ = torso_x_; }
  void AfterStep() override { torso_x_ = data()->xpos[3 * kTorso]; }
  std::vector<double> SaveExtra() const override { return {torso_x_}; }
  void RestoreExtra(const std::vector<double>& extra) override {
    EQ_CHECK(extra.size() == 1, "Ant keeps one number beside MuJoCo's state");
    torso_x_ = extra[0];
  }

  void Reward(const double* action, StepResult* result) const override {
    result->terms[0] = (torso_x_ - x_before_) / info().control_dt_seconds;
    result->terms[1] = ControlCost(action);
    result->terms[2] = Alive(data()->qpos[2]);
    for (double term : result->terms) result->reward += term;
  }

  void Pose(const double* observation, const double* previous_qpos, double* qpos) const override {
    const double* velocity = observation + model()->nq - 2;
    for (int i = 0; i < 2; ++i) qpos[i] = previous_qpos[i] + velocity[i] * info().control_dt_seconds;
    std::copy(observation, observation + model()->nq - 2, qpos + 2);
    // A predicted quaternion is four free numbers; a rotation has length 1.
    double norm = 0;
    for (int i = 3; i < kRootPosition; ++i) norm += qpos[i] * qpos[i];
    norm = std::sqrt(norm);
    const bool usable = std::isfinite(norm) && norm > 1e-6;
    for (int i = 3; i < kRootPosition; ++i) qpos[i] = usable ? qpos[i] / norm : previous_qpos[i];
  }

 private:
  double ControlCost(const double* action) const {
    double squares = 0;
    for (int i = 0; i < model()->nu; ++i) squares += action[i] * action[i];
    return -0.5 * squares;
  }
  double Alive(double height) const {  // that everything is finite Step has made sure of
    return alive_ == AliveBonus::kAlways || (0.2 <= height && height <= 1.0) ? 1 : 0;
  }

  AliveBonus alive_;
  double torso_x_ = 0, x_before_ = 0;
};

}  // namespace

std::unique_ptr<Task> MakeAnt(ModelPtr model, AliveBonus alive) {
  return std::make_unique<Ant>(std::move(model), alive);
}

}  // namespace equipoise::env
