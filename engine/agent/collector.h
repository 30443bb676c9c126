// collector.h: lets a controller act one whole episode on the real task and keeps what the learners and the window need
// of it.
//
// Streams  "env.distractor" of (seed, index of the episode, attempt); an attempt (real_attempt.h) and a controller draw
//          from their own
// Errors   a simulation that diverges is abandoned and the episode started again from another reset, at most three
// times;
//          then std::runtime_error with task, step and what to do
#pragma once

#include <functional>
#include <memory>

#include "engine/agent/controller.h"
#include "engine/env/task.h"
#include "engine/record/command.h"
#include "engine/record/snapshot.h"
#include "engine/replay/episode_buffer.h"
#include "engine/replay/start_pool.h"

namespace equipoise::run {

class Collector {
 public:
  Collector(std::unique_ptr<env::Task> task, int horizon, uint64_t seed);

  struct Outcome {
    replay::Episode episode;
    std::shared_ptr<EpisodeTrace> trace;
    double episode_return = 0;
    int restarts = 0;     // attempts that diverged
    std::string problem;  // of the last of those, where the task knows why
  };
  struct Turn {         // which episode it is, and who acts in it
    int64_t index = 0;  // among all episodes of the run, from 0
    int episode = 0;    // as EpisodeRecord counts
    eps::Pick pick;
    eps::Reason reason = eps::Reason::kRandom;
    const config::Settings* settings = nullptr;  // in force; as EpisodeStart has it, like the next
    Team* team = nullptr;
  };
  // `distractors` null: off. `on_step` is called after every environment step
  // with all that has happened in this attempt so far; `push`, before every one, says who pushes the robot (null:
  // nobody), and may be empty.
  using PushAt = std::function<const PushBody*(int attempt, int step)>;
  Outcome Act(const Turn& turn, agent::Controller* controller, const env::Distractors* distractors,
              const std::function<void(const LiveStep&)>& on_step, const PushAt& push);

  // 1000 starts by the task's reset rule.
  learn::StartPool MakeStartPool();
  env::Task& task() { return *task_; }
  int horizon() const { return horizon_; }
  void set_horizon(int steps) { horizon_ = steps; }

 private:
  bool Attempt(const Turn& turn, agent::Controller* controller, const env::Distractors* distractors, int attempt,
               const std::function<void(const LiveStep&)>& on_step, const PushAt& push, Outcome* out);

  std::unique_ptr<env::Task> task_;
  int horizon_;
  uint64_t seed_;
};

}  // namespace equipoise::run
