// fork.h: a second run that is another one up to an episode, and from there goes on with other settings.
//
// It begins at the newest checkpoint of the other run that stands before the episode, or at the start, and trains again
// from there; its records before the episode are the other run's to the byte, but for the clock, or it stops and says
// where they part. Interventions of the other run before the episode are made again; those at it and later are not.
// The other run is only read, and may be going on in another process.
//
// Thread   any; Begin's engine has its own
// Errors   Plan: whatever cannot be, before anything is written. Begin: the disk; the folder is whole or absent then
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/record/command.h"
#include "engine/run/engine.h"
#include "engine/run/fork_plan.h"

namespace equipoise::run {

// What a fork before this episode starts its own way with: as at the start, with what these events changed before it and
// what is planned for it.
Result<config::Settings> SettingsBefore(config::Settings at_start, const std::vector<Event>& events, int episode);

struct ForkRequest {
  std::string from, out;  // folders; `out` must not exist, or be empty
  int episode = 0;        // the first one that may be another, from 1 to the one after the last that was done
  std::vector<ChangeSetting> changes;
  int episodes = 0;  // how many in all; 0: as many as the other run is to have
};

class Fork {
 public:
  static Result<Fork> Plan(const ForkRequest& request);
  // Not yet started.
  Result<std::unique_ptr<Engine>> Begin() const;

  const ForkPlan& plan() const { return plan_; }
  int again() const { return again_; }  // episodes that are trained again, random ones included
  // "from its checkpoint before-2; episodes 21 to 29 are trained again"
  const std::string& beginning() const { return beginning_; }

 private:
  struct Source;
  struct Start;
  Status Take(const Source& source, const Start& start);

  ForkPlan plan_;
  std::string out_, from_, beginning_;
  int again_ = 0;
  std::vector<std::pair<std::string, std::string>> files_;  // name in the folder, bytes; run.json comes last
  std::vector<std::string> copied_;                         // taken over as they are
};

}  // namespace equipoise::run
