// selection.h: what of a run is chosen and what is pointed at, the same in all panels.
//
// Thread   window thread
#pragma once

#include <optional>

namespace equipoise::ui {

// One version of the model that is followed through the training: mask `mask` of the check of that episode.
struct PinnedMask {
  int episode = 0, mask = 0;
};

struct Selection {
  // A pinned episode (click in curves, strip or log): the check shows its decision. None: the newest.
  std::optional<int> episode;
  std::optional<int> mask;  // index into the decision shown
  std::optional<PinnedMask> pinned;
  // The episode under the mouse: a panel sets next_hovered while it draws; at the start of a frame it becomes hovered.
  std::optional<int> hovered, next_hovered;

  // A click on an episode: it is chosen, or no longer so when it was.
  void Toggle(std::optional<int> clicked) { episode = episode == clicked ? std::nullopt : clicked; }
  void BeginFrame() {
    hovered = next_hovered;
    next_hovered.reset();
  }
};

}  // namespace equipoise::ui
