// replayer.h: a kept decision made again, and imagined from, and an episode acted again: on copies, so that nothing
// here can change the run. Of an agent that plans, making a decision again is planning the episode again.
//
// Works on any run folder, running, finished or crashed, from what lies in it: decisions/, episodes.jsonl, events.jsonl
// and replay.bin.
//
// Thread   one thread; PollInterrupt is heard
// Errors   Open: a folder that is no run. What a request cannot be answered with is its result's `problem`
// Cost     Reevaluate: one check, or as many plans as the episode had. Imagine: (masks * kMeasured + K) * T model steps with real actions, masks * M * T
//          otherwise. Recall: T environment steps. Disagree: a check. FollowMask: 2 M T model steps a decision
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/settings.h"
#include "engine/eps/decision.h"
#include "engine/inspect/disagreement.h"
#include "engine/inspect/imagined.h"
#include "engine/record/snapshot.h"

namespace equipoise::run {

struct Reevaluate {
  int episode = 0;
  bool all_masks = false;  // also those that a check which stopped early left out
};

struct Reevaluated {
  Reevaluate request;
  std::string problem;  // why there is no result; empty: there is one
  eps::Decision logged, again;
  bool planned = false;              // by an agent that plans: the numbers are its actions
  bool same = false;                 // every number in the log, or every planned action, came out again, to the bit
  std::vector<std::string> differs;  // those that did not: "delta of mask 3 is 1.25 in the log, now 1.26"
  // On another processor, with other kernels or another build than the decision's: what is other ("": nothing, as far
  // as the run folder says). Then bits may differ, and numbers are held to be the same within a thousandth of the
  // returns, or within their mask's standard error (lives.h).
  std::string elsewhere;
  bool same_but_for_rounding = false;  // not to the bit, and `elsewhere` explains it
  std::string sentence;                // what was found, for a person
};

// An episode as it was acted: the poses, velocities, controls and rewards of every step, random episodes included.
struct Recall {
  int episode = 0;
};

struct Recalled {
  Recall request;
  std::string problem;  // why there is no result; empty: there is one
  std::shared_ptr<const EpisodeTrace> trace;
  std::string note;  // what had to be rebuilt; empty: every step was simulated again, to the bit
};

class Replayer {
 public:
  static Result<std::unique_ptr<Replayer>> Open(const std::string& folder);
  // With the settings as the run began, for whoever does not take run.json's word for them.
  static Result<std::unique_ptr<Replayer>> Open(const std::string& folder, const config::Settings& settings);
  virtual ~Replayer() = default;
  virtual Reevaluated Do(const Reevaluate& request) = 0;
  virtual Imagined Do(const Imagine& request) = 0;
  virtual Recalled Do(const Recall& request) = 0;
  virtual Disagreement Do(const Disagree& request) = 0;
  // A few more decisions of those that are left, the newest first; what was found before is kept.
  virtual FollowedMask Do(const FollowMask& request) = 0;
};

}  // namespace equipoise::run
