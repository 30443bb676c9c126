// run_tabs.h: a tab for each run that the window has open: its name, what it does, and the cross that closes it.
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

// Where there is more than one: a single run needs no tab.
void DrawRunTabs(PanelContext& context, ImVec2 size);

}  // namespace equipoise::ui
