// scene_overlay.h: what lies on the picture of the scene: the pill of what is shown, the gestures, a failure.
#pragma once

#include <string>

#include "ui/view/moment.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

// All draw inside the picture with corners a and b.
void DrawShownPill(PanelContext& context, const Moment& moment, ImVec2 a, ImVec2 b);
void DrawGestureHint(ImVec2 a, ImVec2 b, bool compact);
// The reason why the engine stopped, over the lower half.
void DrawStopped(const std::string& reason, ImVec2 a, ImVec2 b);

}  // namespace equipoise::ui
