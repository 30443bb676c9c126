// real_episode.h: an episode that was really acted, brought back from the run folder with its poses.
//
// replay.bin holds observations, not poses: the episode is simulated again from its reset, with its actions and with
// the pushes of a hand, and must meet every recorded observation to the bit. Where it does not (another simulator), the
// poses are rebuilt from the observations, and `note` says so.
//
// Thread   any; moves the task
// Errors   a damaged or shorter replay.bin; pushes that cannot be read
#pragma once

#include <string>

#include "engine/agent/decision_moment.h"
#include "engine/base/result.h"
#include "engine/env/task.h"
#include "engine/inspect/imagined.h"
#include "engine/record/push.h"
#include "engine/record/snapshot.h"

namespace equipoise::run {

struct ActedEpisode {
  replay::Episode recorded;
  // Who acted is left to the caller. Rebuilt poses come without velocities, controls and terms of the reward.
  EpisodeTrace trace;
  std::string note;   // what had to be rebuilt; empty: nothing
  int attempt = -1;   // that was simulated again; -1: none was
  int followed = -1;  // the last step whose observation came out as recorded, in the best attempt; -1: none did
};

// `settings`: of the run; those that say when an episode begins and how long it is never change. Random episodes count
// up to 0.
Result<ActedEpisode> ReadActedEpisode(const std::string& replay_path, const config::Settings& settings, int episode,
                                      const std::vector<Stroke>& strokes, env::Task* task);

struct RealEpisode {
  replay::Episode recorded;
  Trajectory trajectory;  // observations with the distractors that were active
  std::string note;
};

Result<RealEpisode> ReadRealEpisode(const std::string& replay_path, const DecisionMoment& moment,
                                    const std::vector<Stroke>& strokes, env::Task* task);

}  // namespace equipoise::run
