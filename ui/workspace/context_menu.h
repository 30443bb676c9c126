// context_menu.h: what can be done with whatever the right button was pressed on: copy its value, go to its episode,
// fork from there, export its card, make that card large.
//
// What lies there is what explains itself (kit/explain.h), the episode that is pointed at (Selection::hovered), and the
// card (Arrangement). A drag with the right button goes on meaning what it means to charts and scene; in the scene the
// menu waits whether a second click follows, which centres.
// Thread   window thread, inside a frame, after all panels and sheets
#pragma once

#include "ui/view/arrangement.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawContextMenu(PanelContext& context, const Arrangement& arrangement);

}  // namespace equipoise::ui
