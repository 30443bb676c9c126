// watch.h: a run folder seen from outside: as a snapshot, or as an engine that only watches.
//
// No lock is taken and nothing that belongs to the run is written, so it may be going on in another process, and one
// that has ended stays as it is to the last byte; a long one that nobody is running gets its index (episode_index.h).
// What a folder does not hold (the pose, the phase of the moment) is absent from these snapshots.
//
// Thread   as engine.h
// Errors   a folder that is no run; a line that is not as written
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/record/snapshot.h"
#include "engine/run/engine.h"

namespace equipoise::run {

Result<std::shared_ptr<const Snapshot>> ReadSnapshot(const std::string& folder);

// A folder that is a copy of one on another machine, where the run is: whoever makes the copy tells of it.
struct Afar {
  std::string address, instead;          // for people: where it is, and how it can be steered
  std::function<std::string()> trouble;  // why it cannot be copied at present; "": it can. Asked once a second
};
// As below; the run is at work as long as it says so itself, and trouble is told like a refused command.
Result<std::unique_ptr<Engine>> Watch(const std::string& folder, const Afar& afar);

// Reads the folder again whenever it has grown. Commands are refused with the reason, except Quit.
Result<std::unique_ptr<Engine>> Watch(const std::string& folder);

}  // namespace equipoise::run
