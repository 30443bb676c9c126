// card_fold.h: when the card at the upper left of the scene gives way to the bodies behind it.
//
// A person folds it with its caret, for good (UiState::card_folded); a body that comes to stand behind it folds it for
// a moment, so that it does not flicker with every step.
// Thread   window thread, inside a frame
#pragma once

#include "ui/scene.h"
#include "ui/ui_state.h"

namespace equipoise::ui {

bool CardIsFolded(const UiState& state);
// Left of the card's right end. Returns how much room it took: none in an export, where nobody could click it.
float FoldCaret(UiState& state, ImVec2 right_middle);
// After the picture between a and b was drawn; `size` of the whole card, unfolded.
void KeepCardOut(UiState& state, const Scene& scene, ImVec2 size, ImVec2 a, ImVec2 b);

}  // namespace equipoise::ui
