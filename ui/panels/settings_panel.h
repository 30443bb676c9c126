// settings_panel.h: the settings a person turns most, with what is pending; the rest is in the settings sheet.
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawSettingsPanel(PanelContext& context, ImVec2 size);

}  // namespace equipoise::ui
