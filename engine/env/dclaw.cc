// DClawTurnFixed (ROBEL): three fingers turn a valve by half a revolution.
//
//   action -> servo target:  a = clip(action);  target = clip(a R, +-R);
//                            ctrl = q + 0.1 clip((target - q) / 0.1, +-2 pi / 3)      q before the step
//   reward = -5 |e| - |pose - nominal| - |velocities of at least 0.5| + 10 [|e| < 0.25] + 50 [|e| < 0.10]
//
// The reference keeps limits and target as float32; rounding them otherwise shifts results by 1e-8.
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
constexpr int kClaw = 9;  // joints of the three fingers; the valve's comes after them
constexpr double kRange[3] = {0.48f, static_cast<float>(kPi / 3), static_cast<float>(kPi / 2)};
constexpr double kRate = static_cast<float>(2 * kPi / 3);
constexpr double kControlDt = 0.1;
constexpr double kTarget = static_cast<float>(-kPi);
constexpr double kNominal[3] = {0, -kPi / 3, kPi / 3};

TaskInfo Info() {
  TaskInfo info;
  info.name = "dclaw";
  info.title = "DClaw turn";
  info.horizon = 40;
  std::vector<std::string> joints;
  for (const char* finger : {"index", "middle", "thumb"}) {
    for (int joint = 1; joint <= 3; ++joint) joints.push_back(std::string(finger) + " " + std::to_string(joint));
  }
  for (const std::string& joint : joints) info.observation_names.push_back(joint + " angle");
  info.observation_names.emplace_back("valve cos");
  info.observation_names.emplace_back("valve sin");
  for (const std::string& joint : joints) info.observation_names.push_back(joint + " last action");
  info.observation_names.emplace_back("angle to go");
  info.wrapped = {static_cast<int>(info.observation_names.size()) - 1};
  info.action_names = joints;
  info.term_names = {"distance", "pose", "velocity", "near", "there"};
  return info;
}

class DClaw final : public MujocoTask, public SeesTerms {
 public:
  explicit DClaw(ModelPtr model) : MujocoTask(std::move(model), Info(), 40) { SayControl({}); }

  void Reset(Stream&) override {  // without noise, as in the reference
    std::vector<double> qpos(model()->nq, 0.0);
    for (int i = 0; i < kClaw; ++i) qpos[i] = kNominal[i % 3];
    SetState(qpos, std::vector<double>(model()->nv, 0.0));
  }

  void Observe(double* observation) const override {
    double* out = std::copy(data()->qpos, data()->qpos + kClaw, observation);
    const double valve = data()->qpos[kClaw];
    *out++ = std::cos(valve);
    *out++ = std::sin(valve);
    out = std::copy(last_action_.begin(), last_action_.end(), out);
    *out = AngleToGo();
  }

  std::string RebuiltInPose() const override { return ""; }
  // Not the velocities: they are not observed.
  std::vector<std::string> SeenTermNames() const override { return {"distance", "pose", "near", "there"}; }
  void SeenTerms(const double*, const double* observation, double* terms) const override {
    const std::array<double, 3> goal = Goal(std::abs(observation[info().observation_size - 1]));
    terms[0] = goal[0];
    terms[1] = PoseCost(observation);
    terms[2] = goal[1];
    terms[3] = goal[2];
  }

 protected:
  void AfterStateWritten() override { last_action_.fill(0); }

  void WriteControl(const double* action, double* ctrl) override {
    for (int i = 0; i < kClaw; ++i) {
      const double range = kRange[i % 3], q = data()->qpos[i];
      last_action_[i] = std::clamp(action[i], -1.0, 1.0);
      const double target = std::clamp(last_action_[i] * range, -range, range);
      ctrl[i] = q + std::clamp((target - q) / kControlDt, -kRate, kRate) * kControlDt;
    }
  }

  void Reward(const double*, StepResult* result) const override {
    double velocity = 0;
    for (int i = 0; i < kClaw; ++i) {
      const double v = data()->qvel[i];
      if (std::abs(v) >= 0.5) velocity += v * v;
    }
    const std::array<double, 3> goal = Goal(std::abs(AngleToGo()));
    result->terms = {goal[0], PoseCost(data()->qpos), -std::sqrt(velocity), goal[1], goal[2]};
    for (double term : result->terms) result->reward += term;
  }

  std::vector<double> SaveExtra() const override { return {last_action_.begin(), last_action_.end()}; }
  void RestoreExtra(const std::vector<double>& extra) override {
    EQ_CHECK(extra.size() == last_action_.size(), "DClaw keeps its last action beside MuJoCo's state");
    std::copy(extra.begin(), extra.end(), last_action_.begin());
  }

  void Pose(const double* observation, const double* previous_qpos, double* qpos) const override {
    std::copy(observation, observation + kClaw, qpos);
    // The turn that is nearest to the previous angle: a valve that goes round does not jump back.
    const double angle = std::atan2(observation[kClaw + 1], observation[kClaw]);
    qpos[kClaw] = previous_qpos[kClaw] + std::remainder(angle - previous_qpos[kClaw], 2 * kPi);
  }

 private:
  static std::array<double, 3> Goal(double error) {
    return {-5 * error, error < 0.25 ? 10.0 : 0.0, error < 0.10 ? 50.0 : 0.0};
  }
  static double PoseCost(const double* claw) {
    double pose = 0;
    for (int i = 0; i < kClaw; ++i) {
      const double offset = claw[i] - kNominal[i % 3];
      pose += offset * offset;
    }
    return -std::sqrt(pose);
  }

  // In [-pi, pi).
  double AngleToGo() const {
    double turned = std::fmod(kTarget - data()->qpos[kClaw] + kPi, 2 * kPi);
    if (turned < 0) turned += 2 * kPi;
    return turned - kPi;
  }

  std::array<double, kClaw> last_action_{};
};

}  // namespace

std::unique_ptr<Task> MakeDClaw(ModelPtr model) { return std::make_unique<DClaw>(std::move(model)); }

}  // namespace equipoise::env
