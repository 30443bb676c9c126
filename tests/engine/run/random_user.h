// random_user.h: somebody who does anything to a run, in any order, while others look on.
//
// Commands of every kind are posted at random instants, sensible ones and nonsense; in between the run is quit and
// continued. Beside it one thread reads every snapshot whole, as a window does, and another asks an inspector about past
// episodes. All draws follow from the seed; the instants do not.
//
// Checked  what is pending lies ahead; the numbers of interventions rise; every return is finite; a quit ends in
//          `stop_seconds`; at the end the folder passes its audit
// Thread   one caller
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/config/settings.h"

namespace equipoise::test {

struct RandomUse {
  config::Settings settings;
  std::string folder;  // that does not exist
  uint64_t seed = 0;
  int64_t commands = 0;          // as many, and then
  double seconds = 0;            // until so much time has gone by
  double stop_seconds = 2;       // that a quit may take
  double pause_seconds = 0.002;  // at most, between two commands
};

struct RandomUseReport {
  int64_t commands = 0, changes = 0, cancels = 0, pushes = 0, roll_backs = 0, pauses = 0, steps = 0;  // posted
  int64_t refused = 0;  // of those, with a reason
  int64_t interventions = 0, episodes = 0, lives = 0, snapshots = 0, questions = 0;
  double slowest_stop = 0;  // seconds
  std::vector<std::string> faults;
};
// `progress` (may be empty) hears of it once a second or so.
RandomUseReport UseAtRandom(const RandomUse& use, const std::function<void(const RandomUseReport&)>& progress);

// In one line.
std::string ToText(const RandomUseReport& report);

}  // namespace equipoise::test
