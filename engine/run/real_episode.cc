#include "engine/run/real_episode.h"

#include <mujoco/mujoco.h>

#include <algorithm>

#include "engine/run/episode_block.h"
#include "engine/store/replay_file.h"

namespace equipoise::run {
namespace {

// Poses of one attempt that starts and goes on as recorded; false when it does not.
bool Simulate(const replay::Episode& recorded, int horizon, Stream reset, int attempt,
              const std::vector<Stroke>& strokes, env::Task* task, std::vector<double>* qpos) {
  const env::TaskInfo& info = task->info();
  const auto states = static_cast<size_t>(info.observation_size), actions = static_cast<size_t>(info.action_size);
  std::vector<double> observation(states), action(actions);
  qpos->clear();
  task->Reset(reset);
  for (int t = 0; t <= horizon; ++t) {
    task->Observe(observation.data());
    const float* expected = recorded.states.data() + static_cast<size_t>(t) * states;
    for (size_t j = 0; j < states; ++j)
      if (static_cast<float>(observation[j]) != expected[j]) return false;
    qpos->insert(qpos->end(), task->data()->qpos, task->data()->qpos + info.qpos_size);
    if (t == horizon) break;
    std::copy_n(recorded.actions.data() + static_cast<size_t>(t) * actions, actions, action.data());
    const PushBody* push = InForce(strokes, attempt, t);
    task->Push(push != nullptr ? push->body : 0, push != nullptr ? push->wrench.data() : nullptr);
    if (!task->Step(action.data()).finite) return false;
  }
  return true;
}

}  // namespace

Result<RealEpisode> ReadRealEpisode(const std::string& path, const DecisionMoment& moment,
                                    const std::vector<Stroke>& strokes, env::Task* task) {
  const config::Settings& s = moment.settings;
  const env::TaskInfo& info = task->info();
  BlockShape shape{moment.horizon, moment.physics_states, moment.actions, 0};
  const auto block_bytes = store::ReplayFile::BlockBytes(path);
  if (!block_bytes) return block_bytes.error();
  shape.groups = shape.GroupsIn(block_bytes.value());
  if (shape.groups < 0 || shape.bytes() != block_bytes.value())
    return Error{path + ": holds episodes of another shape than its decisions"};
  const int64_t index = s.run.random_episodes + moment.episode - 1;
  const auto block = store::ReplayFile::ReadOne(path, shape.bytes(), index);
  if (!block) return block.error();
  RealEpisode real;
  real.recorded = DecodeBlock(block.value(), shape);
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
  constexpr int kAttempts = 4;  // as many as the collector makes
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const Stream reset(static_cast<uint64_t>(s.run.seed), "env.reset", static_cast<uint64_t>(index),
                       static_cast<uint64_t>(attempt));
    if (Simulate(e, moment.horizon, reset, attempt, strokes, task, &real.trajectory.qpos)) return real;
  }
  real.note = "poses of the real body rebuilt from its observations: the simulation did not repeat itself";
  const std::string rebuilt = task->RebuiltInPose();
  if (!rebuilt.empty()) real.note += ", " + rebuilt;
  real.trajectory.qpos.clear();
  std::vector<double> pose(task->model()->qpos0, task->model()->qpos0 + info.qpos_size), observation(physics);
  for (int t = 0; t <= moment.horizon; ++t) {
    std::copy_n(e.states.data() + static_cast<size_t>(t) * physics, physics, observation.data());
    task->PoseFromObservation(observation.data(), pose.data(), pose.data());
    real.trajectory.qpos.insert(real.trajectory.qpos.end(), pose.begin(), pose.end());
  }
  return real;
}

}  // namespace equipoise::run
