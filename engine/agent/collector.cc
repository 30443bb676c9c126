#include "engine/agent/collector.h"

#include <mujoco/mujoco.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"

namespace equipoise::run {

Collector::Collector(std::unique_ptr<env::Task> task, int horizon, uint64_t seed)
    : task_(std::move(task)), horizon_(horizon), seed_(seed) {}

learn::StartPool Collector::MakeStartPool() {
  constexpr int kPool = 1000;
  const auto width = static_cast<size_t>(task_->info().observation_size);
  std::vector<double> observation(width);
  std::vector<float> states;
  for (int i = 0; i < kPool; ++i) {
    Stream stream(seed_, "env.pool", static_cast<uint64_t>(i));
    task_->Reset(stream);
    task_->Observe(observation.data());
    states.insert(states.end(), observation.begin(), observation.end());
  }
  return learn::StartPool(std::move(states), static_cast<int64_t>(width));
}

std::shared_ptr<EpisodeTrace> Collector::RoomFor(const Turn& turn) const {
  const env::TaskInfo& info = task_->info();
  const auto steps = static_cast<size_t>(horizon_);
  auto trace = std::make_shared<EpisodeTrace>();
  trace->episode = turn.episode;
  trace->pick = turn.pick;
  trace->reason = turn.reason;
  trace->qpos_size = info.qpos_size;
  trace->qvel_size = info.qvel_size;
  trace->ctrl_size = info.action_size;
  trace->qpos.resize((steps + 1) * static_cast<size_t>(info.qpos_size));
  trace->qvel.resize((steps + 1) * static_cast<size_t>(info.qvel_size));
  trace->ctrl.resize((steps + 1) * static_cast<size_t>(info.action_size));
  trace->reward.resize(steps);
  trace->terms.resize(steps);
  return trace;
}

Collector::Outcome Collector::Act(const Turn& turn, agent::Controller* controller, const env::Distractors* distractors,
                                  const std::function<void(const LiveStep&)>& on_step, const PushAt& push) {
  constexpr int kAttempts = 4;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Outcome out;
    out.restarts = attempt;
    if (Attempt(turn, controller, distractors, attempt, on_step, push, &out)) return out;
  }
  throw std::runtime_error(
      "the simulation of " + task_->info().title + " diverged in " + std::to_string(kAttempts) +
      " attempts at one episode; its actions drive it out of what MuJoCo can integrate. Resume the run "
      "from its last checkpoint with smaller step sizes (the settings that end in lr)");
}

bool Collector::Attempt(const Turn& turn, agent::Controller* controller, const env::Distractors* distractors,
                        int attempt, const std::function<void(const LiveStep&)>& on_step, const PushAt& push,
                        Outcome* out) {
  const env::TaskInfo& info = task_->info();
  const auto i = static_cast<uint64_t>(turn.index), a = static_cast<uint64_t>(attempt);
  Stream reset(seed_, "env.reset", i, a), phases(seed_, "env.distractor", i, a);
  const auto physics = static_cast<size_t>(info.observation_size), actions = static_cast<size_t>(info.action_size);
  const size_t extra = distractors != nullptr ? static_cast<size_t>(distractors->size()) : 0;
  std::vector<double> observation(physics), raw_action(actions);
  std::vector<float> seen(physics + extra), before(physics + extra);
  replay::Episode& episode = out->episode;
  if (distractors != nullptr) episode.phases = distractors->DrawPhases(phases);
  const std::shared_ptr<EpisodeTrace> trace = RoomFor(turn);
  out->trace = trace;
  LiveStep live;
  live.acting = true;
  live.trace = trace;

  task_->Reset(reset);
  auto observe = [&](int t) {
    task_->Observe(observation.data());
    for (size_t j = 0; j < physics; ++j) seen[j] = static_cast<float>(observation[j]);
    episode.states.insert(episode.states.end(), seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(physics));
    if (distractors != nullptr) distractors->Values(episode.phases.data(), t, seen.data() + physics);
    const mjData* data = task_->data();
    const auto keep = [t](const double* from, int count, std::vector<double>* all) {
      std::copy_n(from, count, all->begin() + static_cast<std::ptrdiff_t>(t) * count);
    };
    keep(data->qpos, info.qpos_size, &trace->qpos);
    keep(data->qvel, info.qvel_size, &trace->qvel);
    keep(data->ctrl, info.action_size, &trace->ctrl);
  };
  observe(0);
  controller->Begin({seed_, turn.index, attempt, horizon_, static_cast<int64_t>(seen.size()), info.action_size});
  for (int t = 0; t < horizon_; ++t) {
    PollInterrupt();
    const std::vector<float> action = controller->Act({t, seen.data()}).action;
    EQ_CHECK(action.size() == actions, "\"" + controller->id() + "\" acts with another number of actions");
    std::copy(action.begin(), action.end(), raw_action.begin());
    const PushBody* pushed = push ? push(attempt, t) : nullptr;
    task_->Push(pushed != nullptr ? pushed->body : 0, pushed != nullptr ? pushed->wrench.data() : nullptr);
    live.pushed_body = pushed != nullptr ? pushed->body : 0;
    env::StepResult result = task_->Step(raw_action.data());
    if (!result.finite) return false;
    episode.actions.insert(episode.actions.end(), action.begin(), action.end());
    episode.rewards.push_back(static_cast<float>(result.reward));
    out->episode_return += result.reward;
    before = seen;
    observe(t + 1);
    controller->Observe({t, before.data(), action.data(), result.reward, seen.data()});
    trace->reward[static_cast<size_t>(t)] = result.reward;
    trace->terms[static_cast<size_t>(t)] = std::move(result.terms);
    live.step = t + 1;
    live.reward = result.reward;
    live.episode_return = out->episode_return;
    on_step(live);
  }
  return true;
}

}  // namespace equipoise::run
