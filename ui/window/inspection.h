// inspection.h: between the window and the inspector of the run that it shows: answers in, requests out, once a frame.
//
// The inspector is started when the first thing is asked, and again when the window turns to another run folder.
// Thread   window thread; `wake` is called on the inspector's
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ui/view/ui_state.h"

namespace equipoise::ui {

class Inspection {
 public:
  explicit Inspection(std::function<void()> wake) : wake_(std::move(wake)) {}

  // Before the panels are drawn.
  void TakeAnswers(UiState* state) const;
  // After: posts the questions of this frame and empties them. Without a run folder nothing is kept: each is answered
  // at once.
  void PostRequests(const run::Snapshot& snapshot, UiState* state);

 private:
  std::function<void()> wake_;
  std::string folder_;
  std::unique_ptr<run::Inspector> inspector_;
};

}  // namespace equipoise::ui
