// run_desk.h: which runs the window has open and which one it looks at, as requests change it.
//
// Opening, looking and forking stop nothing; only closing a run ends it, and where it trains a person is asked first.
//
// Thread   window thread
// Errors   Show throws when there is no run to look at any more
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ui/view/ui_state.h"
#include "ui/window/forks_beside.h"
#include "ui/window/open_runs.h"
#include "ui/window/run_opening.h"

namespace equipoise::ui {

class RunDesk {
 public:
  RunDesk(std::unique_ptr<RunOpening> first, double now, const std::function<void()>& wake)
      : wake_(wake), opening_(std::move(first)), opening_since_(now), runs_(wake), forks_(wake) {}

  OpenRuns& runs() { return runs_; }
  const RunOpening* opening() const { return opening_.get(); }  // the run to come; null: none
  double opening_since() const { return opening_since_; }

  // All of these: true when another run is looked at from now on; the state has what was left of its look.
  // Once a frame: what was on its way and is there, and the tabs into the state.
  bool Show(UiState* state);
  // While a run is on its way in, nothing of this is done.
  bool CarryOut(const RunRequest& wanted, UiState* state);
  bool CarryOut(const LookAtRun& wanted, UiState* state);
  bool CarryOut(const CloseRun& wanted, UiState* state);
  void Fork(const run::ForkRequest& wanted) { forks_.Start(wanted); }

  // Ends every run at its last whole episode.
  void Clear();

 private:
  bool TakeOver(Result<OpenedRun> made, UiState* state);
  bool LookAt(const OpenRun* run, UiState* state);
  bool LetGo(const OpenRun* run, UiState* state);

  std::function<void()> wake_;
  std::unique_ptr<RunOpening> opening_;
  double opening_since_ = 0;
  std::string reopened_;  // the folder that was let go of for it; "": none
  OpenRuns runs_;
  ForksBeside forks_;
};

}  // namespace equipoise::ui
