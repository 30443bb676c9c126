// run_panel.h: pause, resume, single steps, and the speed of the live scene.
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawRunPanel(PanelContext& context, ImVec2 size);

}  // namespace equipoise::ui
