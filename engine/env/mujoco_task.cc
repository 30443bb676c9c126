#include "engine/env/mujoco_task.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace equipoise::env {
namespace {

// Counters that MuJoCo raises where it then repairs or restarts, so that nothing else would show it.
constexpr int kFatal[] = {mjWARN_BADQPOS, mjWARN_BADQVEL, mjWARN_BADQACC, mjWARN_BADCTRL};

// Not a number, or so large that MuJoCo would restart at the next step.
bool AnyBad(const double* values, int n) {
  return std::any_of(values, values + n, [](double v) { return mju_isBad(v) != 0; });
}

void CopyChecked(const std::vector<double>& from, int size, const char* what, double* to) {
  EQ_CHECK(from.size() == static_cast<size_t>(size),
           std::string(what) + " has " + std::to_string(from.size()) + " entries, not " + std::to_string(size));
  std::copy(from.begin(), from.end(), to);
}

}  // namespace

MujocoTask::MujocoTask(ModelPtr model, TaskInfo info, int frame_skip)
    : model_(std::move(model)), info_(std::move(info)), frame_skip_(frame_skip) {
  data_.reset(mj_makeData(model_.get()));
  EQ_CHECK(data_ != nullptr, "mj_makeData failed");
  info_.qpos_size = model_->nq;
  info_.qvel_size = model_->nv;
  info_.action_size = model_->nu;
  info_.observation_size = static_cast<int>(info_.observation_names.size());
  control_range_.low.assign(static_cast<size_t>(model_->nu), -1.0);
  control_range_.high.assign(static_cast<size_t>(model_->nu), 1.0);
  info_.control_dt_seconds = model_->opt.timestep * frame_skip_;
  EQ_CHECK(info_.action_names.size() == static_cast<size_t>(model_->nu), info_.name + ": one name per actuator");
}

void MujocoTask::SetState(const std::vector<double>& qpos, const std::vector<double>& qvel) {
  mj_resetData(model_.get(), data_.get());
  CopyChecked(qpos, model_->nq, "qpos", data_->qpos);
  CopyChecked(qvel, model_->nv, "qvel", data_->qvel);
  mj_forward(model_.get(), data_.get());
  compat::NormalizeQuaternionsAfterForward(model_.get(), data_.get());
  AfterStateWritten();
}

StepResult MujocoTask::Step(const double* action) {
  for (int counter : kFatal) data_->warning[counter].number = 0;
  StepResult result;
  result.terms.assign(info_.term_names.size(), 0.0);
  BeforeStep();
  WriteControl(action, data_->ctrl);
  bool sound = !Diverged();
  for (int i = 0; i < frame_skip_ && sound; ++i) {
    mj_step(model_.get(), data_.get());
    sound = !Diverged();
  }
  if (sound) {
    AfterStep();
    Reward(action, &result);
  }
  result.finite = sound && std::isfinite(result.reward);
  return result;
}

void MujocoTask::Push(int body, const double* wrench) {
  std::fill(data_->xfrc_applied, data_->xfrc_applied + 6 * model_->nbody, 0.0);
  if (wrench == nullptr) return;
  EQ_CHECK(body > 0 && body < model_->nbody, info_.name + " has no body " + std::to_string(body));
  std::copy(wrench, wrench + 6, data_->xfrc_applied + 6 * body);
}

bool MujocoTask::Diverged() const {
  for (int counter : kFatal) {
    if (data_->warning[counter].number > 0) return true;
  }
  return AnyBad(data_->qpos, model_->nq) || AnyBad(data_->qvel, model_->nv);
}

SimState MujocoTask::Save() const {
  SimState state;
  state.qpos.assign(data_->qpos, data_->qpos + model_->nq);
  state.qvel.assign(data_->qvel, data_->qvel + model_->nv);
  state.warmstart.assign(data_->qacc_warmstart, data_->qacc_warmstart + model_->nv);
  state.extra = SaveExtra();
  state.time = data_->time;
  return state;
}

void MujocoTask::Restore(const SimState& state) {
  // No forward pass: the next mj_step derives everything else from these, exactly as it would have without the
  // interruption.
  mj_resetData(model_.get(), data_.get());
  CopyChecked(state.qpos, model_->nq, "saved qpos", data_->qpos);
  CopyChecked(state.qvel, model_->nv, "saved qvel", data_->qvel);
  CopyChecked(state.warmstart, model_->nv, "saved warmstart", data_->qacc_warmstart);
  data_->time = state.time;
  RestoreExtra(state.extra);
}

void MujocoTask::RestoreExtra(const std::vector<double>& extra) {
  EQ_CHECK(extra.empty(), info_.name + " keeps nothing beside MuJoCo's state");
}

void MujocoTask::PoseFromObservation(const double* observation, const double* previous_qpos, double* qpos) const {
  const std::vector<double> previous(previous_qpos, previous_qpos + model_->nq);  // qpos may be the same array
  Pose(observation, previous.data(), qpos);
  for (int i = 0; i < model_->nq; ++i) {
    if (!std::isfinite(qpos[i])) qpos[i] = previous[i];
  }
}

void MujocoTask::WriteControl(const double* action, double* ctrl) { std::copy(action, action + model_->nu, ctrl); }

void MujocoTask::AddUniform(Stream& stream, double width, std::vector<double>* values) {
  for (double& value : *values) value += stream.Uniform(-width, width);
}

void MujocoTask::AddNormal(Stream& stream, double sd, std::vector<double>* values) {
  for (double& value : *values) value += sd * stream.Normal();
}

void MujocoTask::NameObservation(std::vector<std::string> names, std::vector<int> wrapped) {
  info_.observation_names = std::move(names);
  info_.wrapped = std::move(wrapped);
  info_.observation_size = static_cast<int>(info_.observation_names.size());
}

ControlRange ControlRangeOf(const Task& task) {
  const auto* known = dynamic_cast<const MujocoTask*>(&task);  // there are no others
  return known != nullptr ? known->control_range_ : ControlRange{};
}

std::vector<double> MujocoTask::InitialQpos() const { return {model_->qpos0, model_->qpos0 + model_->nq}; }

}  // namespace equipoise::env
