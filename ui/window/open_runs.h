// open_runs.h: the runs that this window has open, each in a tab; one of them is looked at.
//
// Each has an engine of its own, which trains or only reads. None of them stops because another one is opened or looked
// at: a run goes until it is done, or until its tab or the window is closed. Letting one go ends it at its last whole
// episode with everything written, and waits for that.
//
// Thread   window thread; `wake` is called on the engine's thread of the run that is looked at
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/engine.h"
#include "ui/view/run_look.h"
#include "ui/window/inspection.h"
#include "ui/window/run_opening.h"

namespace equipoise::ui {

struct OpenRun {
  std::unique_ptr<run::Engine> engine;         // null while its folder is opened again
  bool watching = false;                       // it has no engine at work: another process writes it, or it has ended
  std::shared_ptr<const run::Snapshot> shown;  // newest that was asked for
  std::unique_ptr<Inspection> inspection;      // of its stored decisions
  std::optional<RunLook> look;                 // as it was left; none: it was not looked at yet
  int forked_before = 0;                       // of a fork: the episode up to which it is the other run

  size_t refusals = 0;  // as they were said last
  std::string newest_refusal;
  bool end_known = false;  // a person has seen or heard that it has ended

  std::shared_ptr<const run::Snapshot> Latest();  // null before the first one
  bool Trains() const;                            // an engine of this window works on it, or is paused
  std::string Folder() const;
  std::string NewRefusal();  // of `shown`; "": none since the last call
};

class OpenRuns {
 public:
  explicit OpenRuns(std::function<void()> wake) : wake_(std::move(wake)) {}

  bool empty() const { return runs_.empty(); }
  std::vector<OpenRun>& all() { return runs_; }
  OpenRun* looked() { return runs_.empty() ? nullptr : &runs_[looked_]; }  // null: no run yet
  OpenRun* Find(const std::string& folder);                                // null: it is not open
  // The newest snapshot of the run that is looked at; null before the first one.
  std::shared_ptr<const run::Snapshot> Latest();

  // Starts what was opened, in the tab that its folder has already or in a new one behind the others.
  OpenRun* Add(OpenedRun opened);
  void LookAt(const OpenRun* run);
  // The run of this folder lets go of it, so that it can be opened again; its last snapshot stays.
  void Release(const std::string& folder);
  // Lets it go. Where it was looked at, the one in its place is, or the last one.
  void Close(const OpenRun* run);
  // All of them end at the same time.
  void Clear();

 private:
  void WakeByLooked();

  std::vector<OpenRun> runs_;
  size_t looked_ = 0;
  std::function<void()> wake_;
};

// "Trains: episode 12 of 100", "Fork: episode 12, the same up to 30".
std::string RunWords(OpenRun* run);
// The tabs into the state, and what several trainings share; says what has ended elsewhere.
void ShowRuns(OpenRuns* runs, UiState* state);

}  // namespace equipoise::ui
