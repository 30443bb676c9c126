// time_needed.h: how long will a run of these settings take for its first decision? Asked before it starts, where its
// settings are large, and tried out: the learning itself, on this machine, for a second.
//
// What was tried of a stage is taken for all of it. A later step may take longer than the first (more data, warm caches the
// other way), so the time is good to a factor of two; of what the trial did not get to nothing is known, and then the time
// is a lower bound.
//
// Thread   any
// Errors   the sentence, where there is no memory for a single step
// Cost     a second, and no more than a step's piece beyond it; nothing for settings of usual size. Leaves nothing behind
#pragma once

#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/config/settings.h"

namespace equipoise::run {

struct TimeNeeded {
  double seconds = 0;     // of the first episode that learns
  bool at_least = false;  // else about
  std::string stage;      // what takes most of it: "model fit, 2000 gradient steps"
  std::string large;      // settings far above their defaults, in words; "": none is
  // "The first episode takes about 40 min here, most of it the model fit, 2000 gradient steps (tried for a second: ...)"
  std::string Sentence() const;
};
// None: it takes less than a minute.
Result<std::optional<TimeNeeded>> FindTimeNeeded(const config::Settings& settings);

// "about 3 h", "about 25 min"; of whole minutes and hours, in years where they are.
std::string RoughTime(double seconds);

}  // namespace equipoise::run
