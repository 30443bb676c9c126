// engine.h: a run on a thread of its own. Commands go in, snapshots come out, nothing else is shared.
//
// Thread   Post and Latest may be called from any thread and never block on the engine's work
// Errors   Create/Open: anything wrong with the run folder or the task. Later failures (LibTorch, MuJoCo, full disk)
//          end in a snapshot with state kStopped and the reason; the process lives on
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/record/command.h"
#include "engine/record/snapshot.h"

namespace equipoise::run {

class Engine {
 public:
  // A new run. `directory` empty: nothing is written. It must not exist or be empty.
  static Result<std::unique_ptr<Engine>> Create(const config::Settings& settings, const std::string& directory);
  // Continues a run folder from its newest whole state, to the same bytes as if it had not stopped; one that ended
  // before its first checkpoint begins again. What was damaged and could be mended is in Notes and in the events.
  // `episodes` > 0 sets a new total; not below what is done.
  static Result<std::unique_ptr<Engine>> Open(const std::string& directory, int episodes);

  virtual ~Engine() = default;  // quits and joins

  // Before Start: settings to change at the boundary where it goes on, as ChangeSetting does; all of them or none.
  virtual Status Change(const std::vector<ChangeSetting>& changes) = 0;
  virtual void Start(bool paused) = 0;
  virtual void Post(Command command) = 0;
  virtual std::shared_ptr<const Snapshot> Latest() const = 0;
  // Called on the engine's thread after each publication; must be quick and must not throw (wakes a window).
  virtual void OnPublish(std::function<void()> callback) = 0;
  // Blocks until the engine thread has ended (finished, quit or stopped).
  virtual void Wait() = 0;
  // What was found wrong with the folder at Open, and what was done about it: a sentence each.
  virtual std::vector<std::string> Notes() const { return {}; }
  // After Wait: it is a fork, and stopped because training again did not give the run that it was forked from.
  virtual bool Differs() const { return false; }
  // After Wait: a path to write in the run's folder by, where that still is under its name and this process's to write.
  // It leads there while the engine lives, whatever becomes of the name; see base/held_folder.h.
  virtual std::optional<std::string> FolderToWrite() { return {}; }
};

}  // namespace equipoise::run
