// window_request.h: what a panel or a key asks of the window, which carries it out at the end of the frame.
//
// Thread   window thread
#pragma once

#include <variant>
#include <vector>

#include "engine/run/fork.h"
#include "ui/view/run_request.h"
#include "ui/view/shot_spec.h"

namespace equipoise::ui {

struct BackToTraining {};  // from a run that is looked at to the one that trains in this window
struct TakeScreenshot {};
struct TakeEvidence {};
struct UndoView {};  // the last change of what is looked at
struct GiveUpFilm {};
// RunRequest: another run for this window. run::ForkRequest: a run that trains beside the one that is looked at.
using WindowRequest = std::variant<RunRequest, run::ForkRequest, BackToTraining, TakeScreenshot, TakeEvidence,
                                   TakeAwayRequest, UndoView, GiveUpFilm>;

class WindowRequests {
 public:
  void Post(WindowRequest request);
  // All of them, in the order in which they were posted; none is left.
  std::vector<WindowRequest> Take();
  const std::vector<WindowRequest>& posted() const { return posted_; }

 private:
  std::vector<WindowRequest> posted_;
};

}  // namespace equipoise::ui
