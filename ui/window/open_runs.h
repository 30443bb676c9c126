// open_runs.h: the runs that this window has open, one of which is looked at.
//
// A run that trains here goes on in its engine while another one is looked at beside it, read only. At most one trains:
// who opens a second one was asked whether the first shall end. Letting a run go ends it at its last whole episode with
// everything written, and waits for that.
//
// Thread   window thread; `wake` is called on the engine's thread of the run that is looked at
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/run/engine.h"
#include "ui/window/inspection.h"
#include "ui/window/run_opening.h"

namespace equipoise::ui {

struct OpenRun {
  std::unique_ptr<run::Engine> engine;         // null while its folder is opened again
  bool watching = false;                       // it has no engine at work: another process writes it, or it has ended
  std::shared_ptr<const run::Snapshot> shown;  // newest that was asked for
  std::unique_ptr<Inspection> inspection;      // of its stored decisions

  size_t refusals = 0;  // as they were said last
  std::string newest_refusal;

  bool Trains() const;  // an engine of this window works on it, or is paused
  std::string Folder() const;
  std::string NewRefusal();  // of `shown`; "": none since the last call
};

class OpenRuns {
 public:
  explicit OpenRuns(std::function<void()> wake) : wake_(std::move(wake)) {}

  OpenRun* looked() { return runs_.empty() ? nullptr : &runs_[looked_]; }  // null: no run yet
  // The run of this window's own that is not looked at; null: there is none.
  OpenRun* elsewhere();
  // A training that goes on, looked at or not; null: none.
  OpenRun* training();
  // The newest snapshot of the run that is looked at; null before the first one.
  std::shared_ptr<const run::Snapshot> Latest();

  // Starts what was opened and looks at it. A training goes on if it is only looked at; every other run is let go.
  void Add(OpenedRun opened);
  // The run of this folder lets go of it, so that it can be opened again; its last snapshot stays.
  void Release(const std::string& folder);
  // To the run elsewhere; what was looked at is let go.
  void Back();
  void Clear() { runs_.clear(); }

 private:
  void LookAt(size_t index);

  std::vector<OpenRun> runs_;
  size_t looked_ = 0;
  std::function<void()> wake_;
};

// "Training goes on: hopper-s3, episode 12": of a run that is not looked at.
std::string ElsewhereWords(const run::Snapshot& snapshot);
// The same into the state, as long as there is one.
void ShowElsewhere(OpenRuns* runs, UiState* state);

}  // namespace equipoise::ui
