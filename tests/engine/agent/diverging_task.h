// diverging_task.h: a task whose simulation diverges in given steps of given attempts: it says so itself, or what it
// observes or pays is no number.
#pragma once

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "engine/env/task.h"

namespace equipoise::test {

enum class Divergence { kSaid, kObservation, kHugeObservation, kReward };

class DivergingTask : public env::Task {
 public:
  // Attempt i diverges in step `diverges[i]`, from 0; negative, or no such entry: it does not.
  DivergingTask(std::unique_ptr<env::Task> task, std::vector<int> diverges, Divergence kind = Divergence::kSaid)
      : task_(std::move(task)), diverges_(std::move(diverges)), kind_(kind) {}
  // The next attempt is the first.
  void CountFromHere() { attempt_ = -1; }
  const env::TaskInfo& info() const override { return task_->info(); }
  const mjModel* model() const override { return task_->model(); }
  const mjData* data() const override { return task_->data(); }
  void Reset(Stream& stream) override {
    task_->Reset(stream);
    ++attempt_;
    step_ = 0;
    now_ = false;
  }
  void SetState(const std::vector<double>& qpos, const std::vector<double>& qvel) override {
    task_->SetState(qpos, qvel);
  }
  env::StepResult Step(const double* action) override {
    env::StepResult result = task_->Step(action);
    const auto attempt = static_cast<size_t>(attempt_);
    now_ = attempt < diverges_.size() && diverges_[attempt] == step_;
    if (now_ && kind_ == Divergence::kSaid) result.finite = false;
    if (now_ && kind_ == Divergence::kReward) result.reward = INFINITY;
    ++step_;
    return result;
  }
  void Push(int body, const double* wrench) override { task_->Push(body, wrench); }
  void Observe(double* observation) const override {
    task_->Observe(observation);
    if (now_ && kind_ == Divergence::kObservation) observation[0] = NAN;
    if (now_ && kind_ == Divergence::kHugeObservation) observation[0] = 1e300;  // in single precision: infinite
  }
  env::SimState Save() const override { return task_->Save(); }
  void Restore(const env::SimState& state) override { task_->Restore(state); }
  void PoseFromObservation(const double* observation, const double* previous, double* qpos) const override {
    task_->PoseFromObservation(observation, previous, qpos);
  }
  std::string RebuiltInPose() const override { return task_->RebuiltInPose(); }

 private:
  const std::unique_ptr<env::Task> task_;
  const std::vector<int> diverges_;
  const Divergence kind_;
  int attempt_ = -1, step_ = 0;
  bool now_ = false;
};

}  // namespace equipoise::test
