// trainable.h: what learns between two episodes: a model, a learner, whatever else has weights of its own.
//
// Its id is its only name: the section of its settings, its random streams ("sac.noise"), the entries of the archive
// ("sac.policy.net"), its scalars ("sac.critic_loss") and its progress go by it.
//
// Thread   Train of parts in different lanes may run at the same time: each has its own streams and touches only itself
// Errors   Load throws FormatError when an entry is absent or of another size; Interrupted out of PollInterrupt
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "engine/base/archive.h"
#include "engine/base/team.h"
#include "engine/config/settings.h"
#include "engine/nets/part_info.h"
#include "engine/replay/episode_buffer.h"

namespace equipoise::nets {

// Where a run stands between two episodes: what the amount of the next work may depend on.
struct Standing {
  const replay::EpisodeBuffer& data;
  const config::Settings& settings;
  int picked;  // episodes that were acted after training, so far
};

struct TrainInputs {
  const replay::EpisodeBuffer& data;
  const config::Settings& settings;
  uint64_t iteration;  // names the random streams of this phase
  int steps;
  std::function<void(int done, int total)> progress;
  Team* team = nullptr;  // who shares the work; null: this thread alone
};

struct TrainReport {
  // Means over the phase, by the name they are logged under. Of a phase without steps (a frozen part) only what needs
  // none.
  std::map<std::string, double> scalars;
  int steps = 0;          // gradient steps made, those that a guard skipped included
  int skipped = 0;        // steps whose loss or gradient was not finite
  bool reloaded = false;  // the guard brought the last good weights back
  // By setting ("sac.critic_lr"): the share of that step size that guards left (guard.h). Only those below 1.
  std::map<std::string, double> step_share;
};

class Trainable {
 public:
  virtual ~Trainable() = default;
  virtual const PartInfo& info() const = 0;
  const std::string& id() const { return info().id; }
  // Steps to be made before the next episode: the only place that knows. 0: frozen, or nothing is due.
  virtual int NextWork(const Standing& now) const = 0;
  // Where nothing is due although it learns: what it waits for, in few words: "7 of 20 episodes". "": it does not.
  virtual std::string Waiting(const Standing& now) const {
    (void)now;
    return "";
  }
  // False: what it learns from is not there yet, so it is left out.
  virtual bool ready() const { return true; }
  // `steps`: of NextWork. Called with 0 as well: what needs no step is reported.
  virtual TrainReport Train(const TrainInputs& in) = 0;
  // A live setting changed; called between phases.
  virtual void OnSettings(const config::Settings& before, const config::Settings& after) = 0;
  // `count` states appended to the observation (> 0) or removed from its end (< 0): its function of the rest stays.
  // `inserted`: statistics of the new ones, until they are measured; of no meaning when some are removed.
  virtual void EditStates(int64_t count, const replay::Normaliser& inserted) = 0;
  virtual bool finite() const = 0;
  virtual void Save(ArchiveWriter& out) const = 0;
  virtual void Load(const ArchiveReader& in) = 0;
};

}  // namespace equipoise::nets
