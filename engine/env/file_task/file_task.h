// file_task.h: a task as a TOML file beside a MuJoCo model describes it; assets/tasks/README.md is the format.
//
//   Step   quantities are kept as those before; ctrl from the action; frame_skip x mj_step; positions and sensors of the
//          new state where they are needed (unless fresh = false); quantities; healthy; the terms
//
// A reward that is not a number, or an observed one that is not, ends the attempt like a simulation that diverged; the
// result names the term.
//
// Thread   as task.h
// Errors   Make: what the file says and the model has not, with file, line and the nearest name
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/env/file_task/formula.h"
#include "engine/env/file_task/rebuilt_pose.h"
#include "engine/env/file_task/source.h"
#include "engine/env/file_task/task_file.h"
#include "engine/env/file_task/values.h"
#include "engine/env/mujoco_task.h"

namespace equipoise::env {

class FileTask final : public MujocoTask {
 public:
  // `name`: what run.task calls it.
  static Result<std::unique_ptr<FileTask>> Make(const TaskFile& file, const std::string& name, ModelPtr model,
                                                AliveBonus alive);

  void Reset(Stream& stream) override;
  void Observe(double* observation) const override { values_->Observe(observation); }
  std::string RebuiltInPose() const override { return pose_->sentence(); }
  const std::vector<ObservedEntry>& observed() const { return values_->observed(); }
  bool healthy() const { return healthy_ != 0; }

 protected:
  void BeforeStep() override { values_->KeepAsBefore(); }
  void WriteControl(const double* action, double* ctrl) override;
  void AfterStep() override;
  void Reward(const double* action, StepResult* result) const override;
  void AfterStateWritten() override;
  std::vector<double> SaveExtra() const override;
  void RestoreExtra(const std::vector<double>& extra) override;
  void Pose(const double* observation, const double* previous_qpos, double* qpos) const override {
    pose_->Pose(observation, previous_qpos, qpos);
  }

 private:
  // An entry of task.reset, found in the model.
  struct ResetStep {
    ResetSpec::Kind kind;
    int keyframe = -1;
    std::vector<Origin> of;
    std::vector<double> numbers;
  };
  struct Actuator {
    double middle = 0, half = 1;  // of its range
    const double *q = nullptr, *v = nullptr;
    std::vector<double> lists;
  };

  FileTask(const TaskFile& file, const std::string& name, ModelPtr model, AliveBonus alive);
  static TaskInfo InfoOf(const TaskFile& file, const std::string& name, const mjModel& model);
  void Connect(const TaskFile& file);  // throws TaskFileError
  void ConnectAction(const TaskFile& file);
  ResetStep Found(const ResetSpec& spec, const std::string& path) const;
  Formula Compiled(const Written& formula, const Vocabulary& vocabulary, const std::string& path,
                   const std::string& place) const;
  void Refresh();

  const bool fresh_, is_product_, clips_;
  const AliveBonus alive_rule_;
  std::vector<double> action_, last_action_;
  double dt_ = 0, alive_ = 1, healthy_ = 1;
  std::unique_ptr<SourceFinder> finder_;
  std::unique_ptr<Values> values_;
  std::unique_ptr<RebuiltPose> pose_;
  std::unique_ptr<Formula> healthy_formula_, ctrl_formula_;
  std::vector<Formula> terms_;
  std::vector<ResetStep> reset_;
  std::vector<Actuator> actuators_;
  double a_ = 0, q_ = 0, v_ = 0, low_ = 0, high_ = 0;  // what the formula of ctrl speaks of
  std::vector<double> list_slots_;
};

}  // namespace equipoise::env
