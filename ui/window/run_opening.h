// run_opening.h: a run on its way into the window, made or read on a thread of its own, and the sentence that says so.
//
// A run of 10,000 episodes takes seconds to read; the window meanwhile answers, and shows the run it had.
//
// Thread   window thread; `make` runs on a thread of its own and `wake` is called from there when it has ended
// Errors   those of `make`; what it throws becomes an error as well
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/run/engine.h"
#include "ui/view/ui_state.h"

namespace equipoise::ui {

struct OpenedRun {
  std::unique_ptr<run::Engine> engine;
  bool watching = false;  // it only reads a run that another process writes
  bool paused = false;    // to be started so
  int forked_before = 0;  // of a fork: the episode up to which it is the other run
  std::string complaint;  // shown once it is open: what could not be had or ended badly; "": nothing
};
using MakeRun = std::function<Result<OpenedRun>()>;

class RunOpening {
 public:
  RunOpening(std::string words, MakeRun make, std::function<void()> wake);
  // Waits for `make`: whoever writes a run folder must not be cut off.
  ~RunOpening() = default;
  RunOpening(const RunOpening&) = delete;
  RunOpening& operator=(const RunOpening&) = delete;

  bool Ready(std::chrono::milliseconds patience = std::chrono::milliseconds(0)) const;
  Result<OpenedRun> Take() { return made_.get(); }  // once; waits
  // Why there will be no run; "": there is one, or it is not ready yet. Before Take only.
  std::string Failure() const;
  const std::string& words() const { return words_; }

 private:
  std::string words_;
  std::shared_ptr<std::string> failure_ = std::make_shared<std::string>();  // written before made_ is ready
  std::future<Result<OpenedRun>> made_;
};

// What `request` asks for. `same`: of the folder that this window had open; when it cannot be had, it is at least
// looked at, with the complaint.
MakeRun OpeningOf(const RunRequest& request, bool same);

// "Reading runs/a: 95.7 MB of episodes." A run that is yet to be made has none: "Making runs/a."
std::string OpeningWords(const std::string& folder);

// Over everything, from the second look on (`since` seconds): a run that is there at once needs no sentence.
void DrawOpening(const RunOpening& opening, double since, UiState* state);

}  // namespace equipoise::ui
