// key_actions.h: what a key does. Apart from the window, so that it can be tested without one.
#pragma once

#include "ui/kit/keys.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

void Act(KeyAction action, PanelContext& context);

// Says so when the window has no room for a zoom that was just asked for. `monitor`: its content scale; `scale`: the
// one that is drawn with.
void NoticeZoom(UiState* state, float monitor, float scale);

}  // namespace equipoise::ui
