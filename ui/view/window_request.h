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

struct LookAtRun {  // that the window has open
  std::string folder;
};
struct CloseRun {  // lets it go; where it trains, a person has agreed to that
  std::string folder;
  bool agreed = false;
};
struct OpenFolder {  // in the file manager
  std::string path;
};
struct FullScreen {};  // and back
struct TakeScreenshot {};
struct TakeEvidence {};
struct UndoView {};  // the last change of what is looked at
struct GiveUpFilm {};
// RunRequest: another run in a tab of its own, which is looked at. run::ForkRequest: one that is not.
using WindowRequest = std::variant<RunRequest, run::ForkRequest, LookAtRun, CloseRun, OpenFolder, FullScreen,
                                   TakeScreenshot, TakeEvidence, TakeAwayRequest, UndoView, GiveUpFilm>;

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
