// effects_panel.h: four quantities before and after the newest two interventions. Only in a steered run with room for it.
#pragma once

#include "ui/panel.h"

namespace equipoise::ui {

void DrawEffectsPanel(PanelContext& context, ImVec2 size);

}  // namespace equipoise::ui
