#include "ui/view/mask_choice.h"

namespace equipoise::ui {

void ChooseMask(UiState* state, const eps::Decision& decision, int mask, bool second) {
  ImaginedView& view = state->imagined;
  std::optional<int>& chosen = second ? view.second_mask : state->selected_mask;
  if (chosen == mask) {
    chosen.reset();
    return;
  }
  chosen = mask;
  const std::optional<int> other = second ? state->selected_mask : view.second_mask;
  if (other == mask) (second ? state->selected_mask : view.second_mask).reset();
  if (view.episode != decision.episode) {
    view.episode = decision.episode;
    view.position = view.held = 0;
    if (!second) view.second_mask.reset();
  }
  view.playing = true;
  state->selected_episode = decision.episode;
  state->scene_source = SceneSource::kImagined;
  state->pages.first = Page::kScene;  // where it is seen
}

bool BackToNow(UiState* state) {
  const bool imagined = state->scene_source == SceneSource::kImagined;
  if (!imagined && !state->selected_episode && !state->selected_mask && !state->imagined.second_mask) return false;
  state->selected_episode.reset();
  state->selected_mask.reset();
  state->imagined.second_mask.reset();
  if (imagined) state->scene_source = state->source_before;
  return true;
}

}  // namespace equipoise::ui
