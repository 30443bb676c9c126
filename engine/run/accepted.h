// accepted.h: what was accepted for an episode that is not complete yet, as lines that bring it back.
//
// A checkpoint is the state after a whole episode. What a person asks for in between (changes that wait or are in force
// already, a hand that pushes) is on disk before it is shown as accepted, and a continued run does it again at the same
// boundary or step: the same numbers, the same words, once. See store/accepted_log.h for the file.
//
// Format   {"changes": [{"key", "to", "episode"}], "steered"}   all that count from here on, those in force included
//          {"push": "attempt step body fx fy fz tx ty tz", "why"}   in force at this step; all zero: let go
// Thread   any; no state
// Errors   a line that is not as written, or a setting that this version does not have, with file and line
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/archive.h"
#include "engine/record/push.h"
#include "engine/record/snapshot.h"

namespace equipoise::run {

// Why somebody pushed, by attempt and step at which that was known first.
using PushReasons = std::map<std::pair<int, int>, std::string>;

struct Accepted {
  std::optional<std::vector<PendingChange>> changes;  // none: those of the checkpoint
  std::vector<Stroke> strokes;                        // of the episode that comes next, with the last one's release
  PushReasons push_reasons;
  bool steered = false;  // something was in force
  bool empty() const { return !changes && strokes.empty(); }
};

std::string ChangesLine(const std::vector<PendingChange>& changes, bool steered);
std::string PushLine(const Stroke& stroke, const std::string& why = "");
// Of the pushes that these events tell of in one episode.
PushReasons PushReasonsOf(const std::vector<Event>& events, int episode);

// `settings`: as in force at the checkpoint. `origin`: the file's name.
Result<Accepted> AcceptedFrom(const std::vector<std::string>& lines, const config::Settings& settings,
                              const std::string& origin);
// The same from the events of an episode that was given up, for folders that older versions wrote. `episode`: as the
// pushes call it.
Result<Accepted> AcceptedFrom(const std::vector<Event>& events, const config::Settings& settings, int episode);
// The lines that say so; a push without a release lasts to the end of its episode of `horizon` steps.
std::vector<std::string> LinesOf(const Accepted& accepted, int horizon);

// In every checkpoint of a version that keeps such a log: what its events say after the checkpoint is no more than
// that.
constexpr char kHasAcceptedLog[] = "engine.accepted_log";

// Changes in a checkpoint. Older ones do not say for which episode: then it is `next`.
void SaveChanges(const std::vector<PendingChange>& changes, ArchiveWriter& out);
Result<std::vector<PendingChange>> LoadChanges(const ArchiveReader& in, const config::Settings& settings, int next);

}  // namespace equipoise::run
