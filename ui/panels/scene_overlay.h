// scene_overlay.h: what lies on the picture of the scene: the card of the actor, the pill of what is shown, a failure.
#pragma once

#include <string>

#include "ui/panel.h"

namespace equipoise::ui {

// All draw inside the picture with corners a and b.
// The size that the card wants; folded it is its headline. Its caret folds it by hand (UiState::card_folded); submit it
// before the picture, so that it gets the mouse first.
ImVec2 ActorCardSize(const run::Snapshot& snapshot, const Moment& moment, ImVec2 a, ImVec2 b, bool folded);
void DrawActorCard(PanelContext& context, const Moment& moment, ImVec2 a, ImVec2 b, bool folded);
void DrawShownPill(PanelContext& context, const Moment& moment, ImVec2 a, ImVec2 b);
void DrawGestureHint(ImVec2 a, ImVec2 b, bool compact);
// The reason why the engine stopped, over the lower half.
void DrawStopped(const std::string& reason, ImVec2 a, ImVec2 b);

}  // namespace equipoise::ui
