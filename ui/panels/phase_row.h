// phase_row.h: the phases of one episode in the order of Algorithm 1, and how far each has come.
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawPhaseRow(PanelContext& context, ImVec2 size);

}  // namespace equipoise::ui
