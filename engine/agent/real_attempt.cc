#include "engine/agent/real_attempt.h"

#include <mujoco/mujoco.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/view.h"

namespace equipoise::run {

std::shared_ptr<EpisodeTrace> RoomForEpisode(const env::TaskInfo& info, int horizon) {
  auto trace = std::make_shared<EpisodeTrace>();
  trace->qpos_size = info.qpos_size;
  trace->qvel_size = info.qvel_size;
  trace->ctrl_size = info.action_size;
  const int64_t steps = horizon, poses = steps + 1;
  Room(trace->qpos, poses * info.qpos_size);
  Room(trace->qvel, poses * info.qvel_size);
  Room(trace->ctrl, poses * info.action_size);
  Room(trace->reward, steps);
  Room(trace->terms, steps);
  return trace;
}

RealAttempt::RealAttempt(env::Task* task, uint64_t seed, int64_t index, int attempt, EpisodeTrace* trace)
    : task_(task),
      trace_(trace),
      observation_(static_cast<size_t>(task->info().observation_size)),
      action_(static_cast<size_t>(task->info().action_size)),
      seen_(observation_.size()) {
  Stream reset(seed, "env.reset", static_cast<uint64_t>(index), static_cast<uint64_t>(attempt));
  task_->Reset(reset);
  Observe();
}

void RealAttempt::Observe() {
  task_->Observe(observation_.data());
  for (size_t j = 0; j < seen_.size(); ++j) seen_[j] = static_cast<float>(observation_[j]);
  const env::TaskInfo& info = task_->info();
  const mjData* data = task_->data();
  const auto keep = [this](const double* from, int count, std::vector<double>* all) {
    std::copy_n(from, count, all->begin() + static_cast<std::ptrdiff_t>(step_) * count);
  };
  keep(data->qpos, info.qpos_size, &trace_->qpos);
  keep(data->qvel, info.qvel_size, &trace_->qvel);
  keep(data->ctrl, info.action_size, &trace_->ctrl);
}

bool RealAttempt::Step(const float* action, const PushBody* push) {
  std::copy_n(action, action_.size(), action_.begin());
  task_->Push(push != nullptr ? push->body : 0, push != nullptr ? push->wrench.data() : nullptr);
  env::StepResult result = task_->Step(action_.data());
  // In single precision, as learners see it.
  if (!result.finite || !std::isfinite(static_cast<float>(result.reward))) {
    problem_ = std::move(result.problem);
    return false;
  }
  View(trace_->reward)[step_] = result.reward;
  View(trace_->terms)[step_] = std::move(result.terms);
  ++step_;
  Observe();
  const bool finite = std::all_of(seen_.begin(), seen_.end(), [](float x) { return std::isfinite(x); });
  if (!finite) --step_;
  return finite;
}

}  // namespace equipoise::run
