// experiments_panel.h: three ways to disturb a learner, and back again.
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawExperimentsPanel(PanelContext& context, ImVec2 size);

}  // namespace equipoise::ui
