// new_run_settings.h: every setting of a run that is yet to begin, and two presets of its task side by side.
//
// Thread   window thread, inside the sheet of a new run, with the cursor where the list begins
#pragma once

#include "ui/view/panel.h"
#include "ui/view/run_request.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui {

// All that its agent has, by section, searched; what is typed becomes a change of the preset, which can be undone.
void DrawNewRunSettings(PanelContext& context, const NewRun& made, NewRunSheetView* view, ImVec2 size);
// Only what differs between them.
void DrawPresetsCompared(const NewRun& made, const std::vector<std::string>& presets, NewRunSheetView* view,
                         ImVec2 size);

}  // namespace equipoise::ui
