// focus.h: every control by keyboard: Tab goes to the next one, Shift+Tab back, Enter presses it.
//
// Controls say where they are while they are drawn (widgets.cc does it for all of its own). While a sheet or a list of
// choices is open, only its controls are in the ring. A control in a part that scrolls is scrolled into view. A click
// hides the mark; the next Tab starts where the last one was. A picture (picture.h) has no controls and no mark.
//
// Thread   window thread, inside a frame unless said otherwise
#pragma once

#include "ui/kit/imgui_compat.h"

namespace equipoise::ui {

// At the start of a frame, before anything is drawn.
void BeginFocusFrame();
// Registers the control that lies here; true when Enter was pressed on it. `id` as in ImGui::GetID.
bool FocusItem(ImGuiID id, ImVec2 a, ImVec2 b);

// Controls between these two come before all others that are open.
void PushFocusScope();
void PopFocusScope();

void MoveFocus(int by);  // +1 or -1
void PressFocused();
void ForgetFocus();
bool HasFocus();
ImVec4 FocusMark();  // where the mark was drawn last: x0, y0, x1, y1
int FocusCount();    // controls in reach, as of the last frame

}  // namespace equipoise::ui
