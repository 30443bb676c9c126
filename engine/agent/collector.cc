#include "engine/agent/collector.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/agent/real_attempt.h"
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

Collector::Outcome Collector::Act(const Turn& turn, agent::Controller* controller, const env::Distractors* distractors,
                                  const std::function<void(const LiveStep&)>& on_step, const PushAt& push) {
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
  const std::shared_ptr<EpisodeTrace> trace = RoomForEpisode(info, horizon_);
  trace->episode = turn.episode;
  trace->pick = turn.pick;
  trace->reason = turn.reason;
  out->trace = trace;
  RealAttempt now(task_.get(), seed_, turn.index, attempt, trace.get());
  replay::Episode& episode = out->episode;
  Stream phases(seed_, "env.distractor", static_cast<uint64_t>(turn.index), static_cast<uint64_t>(attempt));
  if (distractors != nullptr) episode.phases = distractors->DrawPhases(phases);
  const size_t physics = now.observation().size();
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
  controller->Begin({seed_, turn.index, attempt, horizon_, static_cast<int64_t>(seen.size()), info.action_size});
  for (int t = 0; t < horizon_; ++t) {
    PollInterrupt();
    const agent::ActResult did = controller->Act({t, seen.data()});
    const std::vector<float>& action = did.action;
    EQ_CHECK(static_cast<int>(action.size()) == info.action_size,
             "\"" + controller->id() + "\" acts with another number of actions");
    const PushBody* pushed = push ? push(attempt, t) : nullptr;
    if (!now.Step(action.data(), pushed)) return false;
    const double reward = trace->reward[static_cast<size_t>(t)];
    episode.actions.insert(episode.actions.end(), action.begin(), action.end());
    episode.rewards.push_back(static_cast<float>(reward));
    if (!did.latent.empty()) {
      episode.latents.insert(episode.latents.end(), did.latent.begin(), did.latent.end());
      episode.log_probs.push_back(did.log_prob);
    }
    out->episode_return += reward;
    before = seen;
    see();
    controller->Observe({t, before.data(), action.data(), reward, seen.data()});
    live.pushed_body = pushed != nullptr ? pushed->body : 0;
    live.step = t + 1;
    live.reward = reward;
    live.episode_return = out->episode_return;
    on_step(live);
  }
  return true;
}

}  // namespace equipoise::run
