#include "engine/env/planar_locomotion.h"

#include <algorithm>
#include <utility>

namespace equipoise::env {
namespace {

TaskInfo WithNames(TaskInfo info, const std::vector<std::string>& joints, bool has_alive_bonus) {
  info.observation_names = {"height", "pitch"};
  for (const std::string& joint : joints) info.observation_names.push_back(joint + " angle");
  for (const char* root : {"x", "height", "pitch"}) info.observation_names.push_back(std::string(root) + " velocity");
  for (const std::string& joint : joints) info.observation_names.push_back(joint + " velocity");
  info.action_names = joints;
  info.term_names = {"forward", "control"};
  if (has_alive_bonus) info.term_names.emplace_back("alive");
  return info;
}

}  // namespace

PlanarLocomotion::PlanarLocomotion(ModelPtr model, TaskInfo info, const std::vector<std::string>& joints,
                                   PlanarSpec spec, AliveBonus alive)
    : MujocoTask(std::move(model), WithNames(std::move(info), joints, spec.has_alive_bonus), spec.frame_skip),
      spec_(spec),
      alive_(alive) {}

void PlanarLocomotion::Observe(double* observation) const {
  double* out = std::copy(data()->qpos + 1, data()->qpos + model()->nq, observation);
  std::transform(data()->qvel, data()->qvel + model()->nv, out,
                 [this](double v) { return std::clamp(v, -spec_.velocity_limit, spec_.velocity_limit); });
}

double PlanarLocomotion::ControlCost(const double* action) const {
  double squares = 0;
  for (int i = 0; i < model()->nu; ++i) squares += action[i] * action[i];
  return -spec_.control_weight * squares;
}

double PlanarLocomotion::Alive(const double* observation) const {
  return alive_ == AliveBonus::kAlways || Healthy(observation) ? 1 : 0;
}

void PlanarLocomotion::Reward(const double* action, StepResult* result) const {
  result->terms[0] = (data()->qpos[0] - x_before_) / info().control_dt_seconds;
  result->terms[1] = ControlCost(action);
  if (spec_.has_alive_bonus) {
    std::vector<double> state(data()->qpos + 1, data()->qpos + model()->nq);
    state.insert(state.end(), data()->qvel, data()->qvel + model()->nv);
    result->terms[2] = Alive(state.data());
  }
  for (double term : result->terms) result->reward += term;
}

std::vector<std::string> PlanarLocomotion::SeenTermNames() const {
  return {info().term_names.begin() + 1, info().term_names.end()};
}

void PlanarLocomotion::SeenTerms(const double* action, const double* observation, double* terms) const {
  terms[0] = ControlCost(action);
  if (spec_.has_alive_bonus) terms[1] = Alive(observation);
}

void PlanarLocomotion::Pose(const double* observation, const double* previous_qpos, double* qpos) const {
  const int nq = model()->nq;
  qpos[0] = previous_qpos[0] + observation[nq - 1] * info().control_dt_seconds;
  std::copy(observation, observation + nq - 1, qpos + 1);
}

}  // namespace equipoise::env
