#include "ui/view/mask_choice.h"

namespace equipoise::ui {

void ChooseMask(UiState* state, const eps::Decision& decision, int mask, bool second) {
  ImaginedView& view = state->scene.imagined;
  std::optional<int>& chosen = second ? view.second_mask : state->selection.mask;
  if (chosen == mask) {
    chosen.reset();
    return;
  }
  chosen = mask;
  const std::optional<int> other = second ? state->selection.mask : view.second_mask;
  if (other == mask) (second ? state->selection.mask : view.second_mask).reset();
  if (view.episode != decision.episode) {
    view.episode = decision.episode;
    view.position = view.held = 0;
    if (!second) view.second_mask.reset();
  }
  view.playing = true;
  state->selection.episode = decision.episode;
  state->scene.source = SceneSource::kImagined;
  state->view.pages.first = Page::kScene;  // where it is seen
}

bool BackToNow(UiState* state) {
  const bool imagined = state->scene.shows_imagined();
  if (!imagined && !state->selection.episode && !state->selection.mask && !state->scene.imagined.second_mask)
    return false;
  state->selection.episode.reset();
  state->selection.mask.reset();
  state->scene.imagined.second_mask.reset();
  if (imagined) state->scene.source = state->scene.source_before;
  return true;
}

}  // namespace equipoise::ui
