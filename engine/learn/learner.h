// learner.h: what every learner is to the trainer: it owns a policy, trains it from data and models, and can be saved.
//
// Thread   Train of two learners may run at the same time; each gets its own streams and touches only itself
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "engine/base/team.h"
#include "engine/config/settings.h"
#include "engine/learn/start_pool.h"
#include "engine/model/world_model.h"
#include "engine/nets/policy.h"
#include "engine/replay/episode_buffer.h"

namespace equipoise::learn {

struct TrainInputs {
  const replay::EpisodeBuffer& data;
  const model::WorldModel* model;  // null for a learner without one
  const StartPool& starts;
  const config::Settings& settings;
  uint64_t iteration;  // names the random streams of this phase
  int steps;
  std::function<void(int done, int total)> progress;
  Team* team = nullptr;  // who shares the work; null: this thread alone
};

struct TrainReport {
  // Means over the phase, by the name they are logged under. Of a phase without steps (a frozen learner) only what
  // needs none.
  std::map<std::string, double> scalars;
  int skipped = 0;        // steps whose loss or gradient was not finite
  bool reloaded = false;  // the guard brought the last good weights back
  // By setting ("sac.critic_lr"): the share of that step size that guards left (guard.h). Only those below 1.
  std::map<std::string, double> step_share;
};

class Learner {
 public:
  virtual ~Learner() = default;
  virtual const nets::Policy& policy() const = 0;
  virtual TrainReport Train(const TrainInputs& in) = 0;
  // A live setting changed; called between phases.
  virtual void OnSettings(const config::Settings& before, const config::Settings& after) = 0;
  // Distractors appended to (count > 0) or removed from the observation; the policy's function of the rest stays.
  virtual void EditStates(int64_t count, float sd) = 0;
  virtual bool finite() const = 0;
  virtual void Save(ArchiveWriter& out) const = 0;
  virtual void Load(const ArchiveReader& in) = 0;
};

}  // namespace equipoise::learn
