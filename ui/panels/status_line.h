// status_line.h: warnings, what is pending and where the run is written.
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawStatusLine(PanelContext& context, ImVec2 size);

}  // namespace equipoise::ui
