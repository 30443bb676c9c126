// effects_panel.h: what changed after something was changed by hand: four quantities before it and after it.
//
// Two places: cards between scene and check in a large window, for the newest two boundaries; and in every window the
// second side of the experiments' card, for all of them.
// Thread   window thread, inside a frame
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawEffectsPanel(PanelContext& context, ImVec2 size);
// Inside an open card, in all the room that is left of it; scrolls. The newest boundary comes first.
void DrawEffectsList(PanelContext& context);

}  // namespace equipoise::ui
