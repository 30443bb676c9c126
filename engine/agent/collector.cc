#include "engine/agent/collector.h"

#include <mujoco/mujoco.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/agent/real_attempt.h"
#include "engine/base/check.h"
#include "engine/base/interrupt.h"

namespace equipoise::run {
namespace {

// The bodies that stand in these states, one behind the other; the first is the task's own.
std::vector<double> PosesOf(const env::Task& task, const std::vector<float>& states, int64_t count) {
  const env::TaskInfo& info = task.info();
  const auto width = count > 0 ? static_cast<int64_t>(states.size()) / count : 0;
  std::vector<double> poses(task.data()->qpos, task.data()->qpos + info.qpos_size);
  for (int64_t t = 1; t < count; ++t) {
    const std::vector<double> observation(states.begin() + t * width,
                                          states.begin() + t * width + info.observation_size);
    poses.resize(static_cast<size_t>((t + 1) * info.qpos_size));
    double* now = poses.data() + t * info.qpos_size;
    task.PoseFromObservation(observation.data(), now - info.qpos_size, now);
  }
  return poses;
}

std::shared_ptr<const plan::PlanTrace> Posed(const env::Task& task, std::shared_ptr<plan::PlanTrace> plan) {
  const int64_t steps = plan->shape.steps;
  plan->poses = PosesOf(task, plan->states, steps + 1);
  for (plan::PlanTrace::Candidate& c : plan->candidates) c.poses = PosesOf(task, c.states, steps);
  return plan;
}

}  // namespace

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

Collector::Outcome Collector::Act(const Turn& turn, agent::Controller* controller, const env::Distractors* distractors,
                                  const std::function<void(const LiveStep&)>& on_step, const PushAt& push) {
  std::string problem;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Outcome out;
    out.restarts = attempt;
    if (Attempt(turn, controller, distractors, attempt, on_step, push, &out)) return out;
    problem = out.problem;
  }
  if (!problem.empty())
    throw std::runtime_error("the task " + task_->info().title + " cannot be learned from: " + problem + ", in " +
                             std::to_string(kAttempts) +
                             " attempts at one episode. Correct its file (`equipoise task check` tries it out) and "
                             "begin a run with it");
  throw std::runtime_error(
      "the simulation of " + task_->info().title + " diverged in " + std::to_string(kAttempts) +
      " attempts at one episode; its actions drive it out of what MuJoCo can integrate. Resume the run "
      "from its last checkpoint with smaller step sizes (the settings that end in lr)");
}

bool Collector::Attempt(const Turn& turn, agent::Controller* controller, const env::Distractors* distractors,
                        int attempt, const std::function<void(const LiveStep&)>& on_step, const PushAt& push,
                        Outcome* out) {
  const env::TaskInfo& info = task_->info();
  const std::shared_ptr<EpisodeTrace> trace = RoomForEpisode(info, horizon_);
  trace->episode = turn.episode;
  trace->pick = turn.pick;
  trace->reason = turn.reason;
  out->trace = trace;
  RealAttempt now(task_.get(), seed_, turn.index, attempt, trace.get());
  replay::Episode& episode = out->episode;
  Stream phases(seed_, "env.distractor", static_cast<uint64_t>(turn.index), static_cast<uint64_t>(attempt));
  if (distractors != nullptr) episode.phases = distractors->DrawPhases(phases);
  const size_t physics = now.observation().size(), steps = static_cast<size_t>(horizon_);
  // Exactly: they stay as long as the run.
  episode.states.reserve((steps + 1) * physics);
  episode.actions.reserve(steps * static_cast<size_t>(info.action_size));
  episode.rewards.reserve(steps);
  std::vector<float> seen(physics + (distractors != nullptr ? static_cast<size_t>(distractors->size()) : 0)), before;
  const auto see = [&] {
    std::copy(now.observation().begin(), now.observation().end(), seen.begin());
    episode.states.insert(episode.states.end(), now.observation().begin(), now.observation().end());
    if (distractors != nullptr) distractors->Values(episode.phases.data(), now.step(), seen.data() + physics);
  };
  see();
  LiveStep live;
  live.acting = true;
  live.trace = trace;
  const env::SimAccess simulation(*task_);
  controller->Begin({seed_, turn.index, attempt, horizon_, static_cast<int64_t>(seen.size()), info.action_size,
                     turn.settings, &simulation, turn.team});
  for (int t = 0; t < horizon_; ++t) {
    PollInterrupt();
    agent::ActResult did = controller->Act({t, seen.data()});
    if (did.plan != nullptr) live.plan = Posed(*task_, std::move(did.plan));
    const std::vector<float>& action = did.action;
    EQ_CHECK(static_cast<int>(action.size()) == info.action_size,
             "\"" + controller->id() + "\" acts with another number of actions");
    if (!std::all_of(action.begin(), action.end(), [](float x) { return std::isfinite(x); }))
      throw std::runtime_error(
          "\"" + controller->id() +
          "\" acts with numbers that are not finite. Roll the run back, or resume it from its last "
          "checkpoint, with smaller step sizes (the settings that end in lr)");
    const PushBody* pushed = push ? push(attempt, t) : nullptr;
    if (!now.Step(action.data(), pushed)) {
      out->problem = now.problem();
      return false;
    }
    const double reward = trace->reward[static_cast<size_t>(t)];
    episode.actions.insert(episode.actions.end(), action.begin(), action.end());
    episode.rewards.push_back(static_cast<float>(reward));
    if (!did.latent.empty()) {
      episode.latents.reserve(steps * did.latent.size());
      episode.log_probs.reserve(steps);
      episode.latents.insert(episode.latents.end(), did.latent.begin(), did.latent.end());
      episode.log_probs.push_back(did.log_prob);
    }
    out->episode_return += reward;
    before = seen;
    see();
    controller->Observe({t, before.data(), action.data(), reward, seen.data(), pushed != nullptr});
    live.pushed_body = pushed != nullptr ? pushed->body : 0;
    live.step = t + 1;
    live.reward = reward;
    live.episode_return = out->episode_return;
    on_step(live);
  }
  return true;
}

}  // namespace equipoise::run
