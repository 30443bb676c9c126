// mujoco_task.h: what all tasks share: an mjModel, an mjData of their own, and the order of one environment step.
//
//   Step:  BeforeStep, write ctrl, frame_skip x mj_step with constant ctrl, AfterStep, then the reward on the new
//   state. SetState:  mj_resetData, write qpos and qvel, mj_forward, AfterStateWritten.
//
// No forward pass follows a step: MuJoCo's derived arrays stay as mj_step leaves them, as in the reference
// implementations. MuJoCo restarts a simulation that went bad from its initial state; that is noticed through its
// counters, so it cannot pass for a good step.
//
// Thread   one thread; see task.h
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/env/mujoco_model.h"
#include "engine/env/task.h"

namespace equipoise::env {

// What an action of -1 and of 1 is to each actuator, and straight in between. Empty: it depends on more than the action.
struct ControlRange {
  std::vector<double> low, high;
};
ControlRange ControlRangeOf(const Task& task);

class MujocoTask : public Task {
 public:
  const TaskInfo& info() const final { return info_; }
  const mjModel* model() const final { return model_.get(); }
  const mjData* data() const final { return data_.get(); }
  void SetState(const std::vector<double>& qpos, const std::vector<double>& qvel) final;
  StepResult Step(const double* action) final;
  void Push(int body, const double* wrench) final;
  SimState Save() const final;
  void Restore(const SimState& state) final;
  void PoseFromObservation(const double* observation, const double* previous_qpos, double* qpos) const final;

 protected:
  // `info` comes without the sizes that the model knows; they are filled in here.
  MujocoTask(ModelPtr model, TaskInfo info, int frame_skip);

  // Notes what the reward compares the new state with.
  virtual void BeforeStep() {}
  // Action to ctrl; the default writes it as it is (MuJoCo clamps it to the ctrlrange).
  virtual void WriteControl(const double* action, double* ctrl);
  // Brings derived arrays up to date where the reference does.
  virtual void AfterStep() {}
  // Fills reward and terms (already sized, zero) from the new state.
  virtual void Reward(const double* action, StepResult* result) const = 0;
  // A task's own memory: reset, save, restore. Restore is called with qpos and qvel in place.
  virtual void AfterStateWritten() {}
  virtual std::vector<double> SaveExtra() const { return {}; }
  virtual void RestoreExtra(const std::vector<double>& extra);
  // PoseFromObservation, before entries that are not finite are taken from the previous pose.
  virtual void Pose(const double* observation, const double* previous_qpos, double* qpos) const = 0;

  // Adds independent noise to every entry: uniform in [-width, width], or normal.
  static void AddUniform(Stream& stream, double width, std::vector<double>* values);
  static void AddNormal(Stream& stream, double sd, std::vector<double>* values);
  // MuJoCo's initial qpos (a joint's "ref" is in it).
  std::vector<double> InitialQpos() const;
  mjData* mutable_data() { return data_.get(); }
  // For a task that learns from its mjData what it observes.
  void NameObservation(std::vector<std::string> names, std::vector<int> wrapped);
  // For one whose WriteControl is another than the default.
  void SayControl(ControlRange range) { control_range_ = std::move(range); }

 private:
  friend ControlRange ControlRangeOf(const Task& task);
  bool Diverged() const;

  ModelPtr model_;
  DataPtr data_;
  TaskInfo info_;
  ControlRange control_range_;
  int frame_skip_;
};

}  // namespace equipoise::env
