// sheets.h: what lies over the whole window while it is open: keys, settings, runs, a new run, a passing message.
//
// Thread   window thread, inside a frame, after the panels
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawKeySheet(PanelContext& context);
void DrawSettingsSheet(PanelContext& context);
void DrawRunsSheet(PanelContext& context);
void DrawNewRunSheet(PanelContext& context);
void DrawTakeAwaySheet(PanelContext& context);
void DrawLeaveTrainingSheet(PanelContext& context);
// What a person needs on the first start, in three lines; closed for good by its button.
void DrawHint(PanelContext& context);
void DrawToast(PanelContext& context);

// Dims everything and opens a card of `size` in the middle, whose controls alone are in reach of the keyboard
// (focus.h). Where the window is smaller the sheet scrolls. A click beside the card closes it. Always pair with
// EndSheet.
void BeginSheet(const char* id, ImVec2 size, const char* icon, const char* title, bool* open);
void EndSheet();

bool AnySheetOpen(const UiState& state);
void CloseSheets(UiState* state);

}  // namespace equipoise::ui
