// fork_plan.h: what a fork has still to do before it goes its own way: train again up to its episode, as the run did
// that it was forked from, and then change what it was made for.
//
//   fork/                     in the fork's folder; written before anything else and never changed
//     run.json                of the other run, as it stood
//     episodes.jsonl, events.jsonl    of the other run, up to the fork: what must come out again
//     plan.json               {"from", "episode", "changes": [{"key", "to"}], "episodes"}
//
// As long as a checkpoint says so (kForkAhead) a continued run has this before it: it can be killed at any moment.
//
// Thread   any; no state
// Errors   files that cannot be read or are not as written
#pragma once

#include <string>
#include <vector>

#include "engine/record/snapshot.h"
#include "engine/run/rerun_script.h"

namespace equipoise::run {

// In a checkpoint: the episode of the fork that is still to come.
constexpr char kForkAhead[] = "engine.fork_ahead";

// Of a fork's folder.
std::string ForkFolder(const std::string& folder);

struct ForkPlan {
  std::string from;  // as a person named it
  std::string path;  // the same, absolute
  int episode = 0;   // the first one of its own
  std::vector<PendingChange> changes;
  int episodes = 0;  // how long it is to be

  static Result<ForkPlan> Read(const std::string& folder);
  // The file that says so.
  std::string Text() const;
};

// With what it must come out as.
struct ForkAhead {
  ForkPlan plan;
  RerunScript script;
  std::vector<std::string> episodes, events;  // records of the other run (same_records.h)
  std::string unlike;  // what is other here than where the other run was computed; "": nothing is known to be

  static Result<ForkAhead> Read(const std::string& folder);
};

}  // namespace equipoise::run
