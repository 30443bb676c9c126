// sheets.h: what lies over the whole window while it is open: the keys, all settings, a passing message.
//
// Thread   window thread, inside a frame, after the panels
#pragma once

#include "ui/panel.h"

namespace equipoise::ui {

void DrawKeySheet(PanelContext& context);
void DrawSettingsSheet(PanelContext& context);
void DrawToast(PanelContext& context);

}  // namespace equipoise::ui
