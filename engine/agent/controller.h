// controller.h: who acts on the real task, step by step.
//
//   Begin(start);  in step t = 0, 1, ...: Act(o_t) -> a_t, then Observe(o_t, a_t, r_t, o_{t+1})
//
// An attempt whose simulation diverged is not observed to its end: Begin comes again, with the next attempt.
//
// Shapes   observation [states], distractors last; action [actions] in [-1, 1]
// Units    observations and rewards raw
// Thread   the trainer's; what a controller acts for (a learner, a model) does not change within an episode
// Errors   Interrupted out of PollInterrupt, for one that computes for long
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/random.h"
#include "engine/base/team.h"
#include "engine/config/settings.h"
#include "engine/env/sim_access.h"
#include "engine/eps/pick.h"
#include "engine/nets/acting_function.h"
#include "engine/nets/part_info.h"
#include "engine/plan/plan_trace.h"
#include "engine/replay/episode_buffer.h"

namespace equipoise::agent {

// What an attempt at an episode begins with.
struct EpisodeStart {
  uint64_t seed = 0;
  int64_t index = 0;                // among all episodes of the run, from 0
  int attempt = 0;                  // those before it diverged
  int horizon = 0;                  // steps
  int64_t states = 0, actions = 0;  // of an observation and an action
  // Borrowed for the episode.
  const config::Settings* settings = nullptr;  // in force; null: the defaults
  const env::SimAccess* simulation = nullptr;  // null: nobody may look behind the observations
  Team* team = nullptr;                        // who shares the work of one that computes for long; null: nobody

  // Of this attempt alone: no other episode or attempt draws the same numbers.
  Stream NewStream(std::string_view name, uint64_t k = 0) const {
    return Stream(seed, name, static_cast<uint64_t>(index), static_cast<uint64_t>(attempt), k);
  }
};

struct ActInputs {
  int step = 0;  // from 0
  const float* observation = nullptr;
};

// What a controller did, and what it tells of how that came about. Whatever only some of them know has a default here
// that says "unknown", so that the others need not be touched.
struct ActResult {
  std::vector<float> action;
  std::vector<float> latent = {};  // of a policy with a spread: what it drew before tanh, and the action's log-density
  float log_prob = 0;
  std::shared_ptr<plan::PlanTrace> plan = nullptr;  // that was made in this step; null: none was
};

struct StepSeen {
  int step = 0;
  const float* observation = nullptr;
  const float* action = nullptr;
  double reward = 0;
  const float* next = nullptr;  // observation
  bool pushed = false;          // a hand pushed the robot meanwhile
};

class Controller {
 public:
  virtual ~Controller() = default;
  // Of the part that it acts for, and "random" of none: decisions, records and files name it by that.
  virtual const std::string& id() const = 0;
  // What it is called, where it acts for no part of its own id; null: as that part is.
  virtual const nets::PartInfo* info() const { return nullptr; }
  // What it would do in an imagined state, as it stands now. Null: that cannot be said (it plans, or remembers), so it
  // is neither imagined nor checked.
  virtual const nets::Policy* policy() const = 0;
  // How it acts in the episode of that index, as it stands now, exploration included. Nothing: no function of the
  // observation says that.
  virtual std::optional<nets::ActingFunction> function(int64_t index) const {
    (void)index;
    if (policy() == nullptr) return std::nullopt;
    return nets::ActingFunction::Of(*policy());
  }
  // It looks for its actions in a model, by draws of its own alone: from the same model and start the same ones again.
  virtual bool plans() const { return false; }
  // False: numbers that it acts by are not finite.
  virtual bool finite() const = 0;

  virtual void Begin(const EpisodeStart& start) = 0;
  virtual ActResult Act(const ActInputs& in) = 0;
  virtual void Observe(const StepSeen& seen) { (void)seen; }
  // What it makes of an episode that it acted, before anything was trained on it: scalars by name.
  virtual std::map<std::string, double> Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                                const config::Settings& settings) const {
    (void)data, (void)episode, (void)settings;
    return {};
  }
};

inline eps::Pick PickOf(const Controller* controller) { return eps::Pick::Of(controller->id()); }

}  // namespace equipoise::agent
