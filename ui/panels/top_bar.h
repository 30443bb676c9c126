// top_bar.h: the name, the state of the run and what it is: task, agent, preset, seed, device, counts.
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawTopBar(PanelContext& context, ImVec2 size);

}  // namespace equipoise::ui
