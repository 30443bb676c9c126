#include "engine/inspect/real_episode.h"

#include <mujoco/mujoco.h>

#include <algorithm>
#include <utility>

#include "engine/agent/episode_block.h"
#include "engine/agent/real_attempt.h"
#include "engine/env/configured_task.h"
#include "engine/store/replay_file.h"

namespace equipoise::run {
namespace {

// One attempt that starts and goes on as recorded: how many observations were met, all of them being steps + 1.
int Simulate(const replay::Episode& recorded, uint64_t seed, int64_t index, int attempt,
             const std::vector<Stroke>& strokes, env::Task* task, EpisodeTrace* trace) {
  RealAttempt now(task, seed, index, attempt, trace);
  const float *expected = recorded.states.data(), *action = recorded.actions.data();
  for (;; expected += now.observation().size(), action += task->info().action_size) {
    if (!std::equal(now.observation().begin(), now.observation().end(), expected)) return now.step();
    if (now.step() == trace->steps()) return trace->steps() + 1;
    if (!now.Step(action, InForce(strokes, attempt, now.step()))) return now.step() + 1;
  }
}

// From what the policy saw: poses alone.
EpisodeTrace Rebuilt(const replay::Episode& recorded, int horizon, int episode, const env::Task& task) {
  const env::TaskInfo& info = task.info();
  EpisodeTrace trace;
  trace.episode = episode;
  trace.qpos_size = info.qpos_size;
  const auto states = static_cast<size_t>(info.observation_size);
  std::vector<double> pose(task.model()->qpos0, task.model()->qpos0 + info.qpos_size), observation(states);
  for (int t = 0; t <= horizon; ++t) {
    std::copy_n(recorded.states.data() + static_cast<size_t>(t) * states, states, observation.data());
    task.PoseFromObservation(observation.data(), pose.data(), pose.data());
    trace.qpos.insert(trace.qpos.end(), pose.begin(), pose.end());
  }
  trace.reward.assign(recorded.rewards.begin(), recorded.rewards.end());
  return trace;
}

}  // namespace

Result<ActedEpisode> ReadActedEpisode(const std::string& path, const config::Settings& settings, int episode,
                                      const std::vector<Stroke>& strokes, env::Task* task) {
  const env::TaskInfo& info = task->info();
  const int horizon = env::HorizonOf(settings, info);
  BlockShape shape{horizon, info.observation_size, info.action_size, 0, false};
  const auto block_bytes = store::ReplayFile::BlockBytes(path);
  if (!block_bytes) return block_bytes.error();
  shape = shape.FittedTo(block_bytes.value());
  if (shape.groups < 0 || shape.bytes() != block_bytes.value())
    return Error{path + ": holds episodes of another shape than this run's"};
  const int64_t index = int64_t{settings.run.random_episodes} + episode - 1;
  const auto block = store::ReplayFile::ReadOne(path, shape.bytes(), index);
  if (!block) return block.error();
  ActedEpisode acted;
  acted.recorded = DecodeBlock(block.value(), shape);
  acted.trace = std::move(*RoomForEpisode(info, horizon));
  acted.trace.episode = episode;
  const auto seed = static_cast<uint64_t>(settings.run.seed);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const int met = Simulate(acted.recorded, seed, index, attempt, strokes, task, &acted.trace);
    acted.followed = std::max(acted.followed, met - 1);
    acted.attempt = attempt;
    if (met == horizon + 1) return acted;
  }
  acted.attempt = -1;
  acted.note = "poses of the real body rebuilt from its observations: the simulation did not repeat itself";
  const std::string rebuilt = task->RebuiltInPose();
  if (!rebuilt.empty()) acted.note += ", " + rebuilt;
  acted.trace = Rebuilt(acted.recorded, horizon, episode, *task);
  return acted;
}

Result<RealEpisode> ReadRealEpisode(const std::string& path, const DecisionMoment& moment,
                                    const std::vector<Stroke>& strokes, env::Task* task) {
  auto read = ReadActedEpisode(path, moment.settings, moment.episode, strokes, task);
  if (!read) return read.error();
  ActedEpisode acted = std::move(read).value();
  RealEpisode real;
  real.recorded = std::move(acted.recorded);
  real.note = std::move(acted.note);
  real.trajectory.qpos = std::move(acted.trace.qpos);
  const replay::Episode& e = real.recorded;
  real.trajectory.reward.assign(e.rewards.begin(), e.rewards.end());
  const env::Distractors* distractors = e.phases.empty() ? nullptr : moment.ActiveDistractors();
  if (distractors == nullptr && moment.ActiveDistractors() != nullptr)
    return Error{path + ": episode " + std::to_string(moment.episode) + " holds no distractors, but its decision did"};
  const auto physics = static_cast<size_t>(moment.physics_states);
  const size_t extra = distractors != nullptr ? static_cast<size_t>(distractors->size()) : 0;
  std::vector<float> row(physics + extra);
  for (int t = 0; t <= moment.horizon; ++t) {
    std::copy_n(e.states.data() + static_cast<size_t>(t) * physics, physics, row.data());
    if (distractors != nullptr) distractors->Values(e.phases.data(), t, row.data() + physics);
    real.trajectory.observation.insert(real.trajectory.observation.end(), row.begin(), row.end());
  }
  return real;
}

}  // namespace equipoise::run
