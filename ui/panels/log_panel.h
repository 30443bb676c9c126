// log_panel.h: what happened, newest on top; a click goes to that episode.
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawLogPanel(PanelContext& context, ImVec2 size);

}  // namespace equipoise::ui
