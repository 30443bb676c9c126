// tooltip.h: the words beside what the mouse points at: one box, one size of letters, never over what it speaks of.
//
// A panel says what is to be shown; of several in a frame the last one is, once all panels are drawn.
// Thread   window thread, inside a frame
#pragma once

#include <string>

#include "ui/kit/imgui_compat.h"

namespace equipoise::ui {

// Keeps off the box (a, b): below it where there is room, else above; without a box, off the mouse.
void Tooltip(const std::string& text);
void Tooltip(const std::string& text, ImVec2 a, ImVec2 b);
bool TooltipWanted();  // by somebody in this frame
// Draws the one that was wanted last. After all panels.
void ShowTooltip();

}  // namespace equipoise::ui
