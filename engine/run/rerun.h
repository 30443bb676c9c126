// rerun.h: a run made again from its settings, its seed and its events, and whether that is the same run.
//
// Thread   any; Begin's engine has its own
// Errors   a folder that cannot be read, or that exists already
#pragma once

#include <memory>
#include <string>

#include "engine/run/engine.h"

namespace equipoise::run {

// A new run in `out` that follows what `folder` tells. Start it and wait for its end.
Result<std::unique_ptr<Engine>> BeginRerun(const std::string& folder, const std::string& out);

struct Compared {
  bool same = false;
  std::string sentence;  // what is equal, or where the first difference is
};
// Every record but the clock, notes about files and errors; the recorded steps; networks and optimisers.
Result<Compared> CompareRuns(const std::string& folder, const std::string& out);

}  // namespace equipoise::run
