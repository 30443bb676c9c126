// mask_choice.h: what a click on a mask's dot does: its imagination plays in the scene.
//
// Click: mask A; again: no mask is chosen. Shift and click: mask B beside A; again: A alone. The decision is pinned, so
// that a run that goes on does not take it away. Thread   window thread
#pragma once

#include "engine/eps/decision.h"
#include "ui/view/ui_state.h"

namespace equipoise::ui {

void ChooseMask(UiState* state, const eps::Decision& decision, int mask, bool second);
// Back to the newest decision; false: nothing else was chosen. The scene leaves an imagination for what it showed
// before: one decision's does not stay beside the check of another.
bool BackToNow(UiState* state);

}  // namespace equipoise::ui
