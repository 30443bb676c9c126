// real_attempt.h: one attempt at an episode on the real task, step by step: reset, observe, push, step, and what is
// kept.
//
// An episode that is acted and one that is simulated again from its record differ in where the actions come from, and
// in nothing else.
//
// Streams  "env.reset" of (seed, index of the episode, attempt)
// Shapes   observation [observation_size] as float32, which is how it is seen and recorded
// Thread   one; moves the task. What was written of the trace, and lies up to step(), never changes again
#pragma once

#include <memory>
#include <vector>

#include "engine/env/task.h"
#include "engine/record/command.h"
#include "engine/record/snapshot.h"

namespace equipoise::run {

constexpr int kAttempts = 4;  // at one episode whose simulation diverges, before it is given up

// For the whole of an episode, so that whoever reads its beginning is never moved aside.
std::shared_ptr<EpisodeTrace> RoomForEpisode(const env::TaskInfo& info, int horizon);

class RealAttempt {
 public:
  // Resets the task; index: of the episode among all of the run, from 0. `trace` has room for it. Both outlive it.
  RealAttempt(env::Task* task, uint64_t seed, int64_t index, int attempt, EpisodeTrace* trace);
  int step() const { return step_; }  // that have been made
  const std::vector<float>& observation() const { return seen_; }
  // `action` [action_size]; `push` null: nobody pushes. False: the simulation diverged, and the attempt is over.
  bool Step(const float* action, const PushBody* push);
  // Why, where the task knows more than that; "": it diverged.
  const std::string& problem() const { return problem_; }

 private:
  void Observe();

  env::Task* task_;
  EpisodeTrace* trace_;
  int step_ = 0;
  std::vector<double> observation_, action_;
  std::vector<float> seen_;
  std::string problem_;
};

}  // namespace equipoise::run
