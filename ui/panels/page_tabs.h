// page_tabs.h: the row of tabs over a pane, where not every card has room at once; by mouse, or by Tab and Enter.
//
// Thread   window thread, inside a frame
#pragma once

#include "ui/view/arrangement.h"

namespace equipoise::ui {

// Draws the tabs; the one that is chosen now becomes `*chosen`.
void DrawPageTabs(const Tabs& tabs, Page* chosen);

}  // namespace equipoise::ui
