// standing.h: how the runs of a sweep stand, by their folders.
//
// Thread   any; a RunList by one
// Cost     as RunList::Refresh
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "engine/browse/run_list.h"
#include "engine/sweep/manifest.h"

namespace equipoise::sweep {

enum class Stand { kWaiting, kRunning, kStopped, kFinished, kFailed };
const char* Name(Stand stand);  // "waiting", "running", "stopped", "finished", "failed"

struct RunStanding {
  size_t line = 0;
  Stand stand = Stand::kWaiting;
  int episodes = 0;
  double last = NAN;  // mean of the newest ten returns
  std::string why;    // it failed: a sentence
};

// Of the wanted lines, in their order. A run is finished when it has the episodes that its line asks for.
std::vector<RunStanding> StandingsOf(const Manifest& manifest, const std::string& folder, run::RunList* list);

// How a line begins that whoever ran a process puts behind its log when it failed: "ended with exit code 1: ...".
inline constexpr char kEnded[] = "ended ";
// The last line of a run's log that is not empty; "" without one.
std::string LastWords(const std::string& log);

// A line for each cell: how many of its runs are where, episodes, the newest returns. `notes` stand behind a line:
// what a scheduler says of it.
std::string StandingTable(const Manifest& manifest, const std::vector<RunStanding>& standings,
                          const std::map<size_t, std::string>& notes, int width);
// "12 runs: 5 finished, 2 running, 5 waiting"
std::string StandingSummary(const std::vector<RunStanding>& standings);

}  // namespace equipoise::sweep
