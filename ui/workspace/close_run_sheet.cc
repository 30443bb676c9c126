// close_run_sheet.cc: before the tab of a run is closed that trains in this window.
#include <algorithm>
#include <string>

#include "ui/kit/explain.h"
#include "ui/kit/layout.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui {

void DrawCloseRunSheet(PanelContext& context) {
  UiState& state = context.state;
  const std::string folder = state.sheet.closes();
  if (folder.empty()) return;
  const auto tab = std::find_if(state.window.runs.begin(), state.window.runs.end(),
                                [&folder](const RunTab& run) { return run.folder == folder; });
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  SheetFrame frame =
      BeginSheet("##close", {std::min(Px(560), all.x - Px(40)), Px(176)}, icon::kPause, "Close a run that trains?");
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  Explain(at, {at.x + width, at.y + Px(60)}, "Run", tab != state.window.runs.end() ? tab->words + "." : "");
  TraceWidget("close.of." + folder, at, {at.x + width, at.y + Px(57)});
  float y = at.y + Px(2);
  const std::string words = (tab != state.window.runs.end() ? tab->name + ". " + tab->words : folder) +
                            ". Closing it ends it at its last whole episode; it can be continued from there at any "
                            "time.";
  for (const std::string& line : Wrap(GetFonts().small, words, width, 3)) {
    Text(GetFonts().small, {at.x, y}, Colors().text, line);
    y += Px(19);
  }
  const float bottom = ImGui::GetWindowPos().y + ImGui::GetWindowSize().y - Px(12) - Px(34);
  ButtonStyle stay;
  stay.primary = true;
  stay.tooltip = "Nothing changes";
  if (Button("close.stay", {at.x + width - Px(150), bottom}, {Px(150), Px(34)}, "Let it go on", stay))
    frame.open = false;
  ButtonStyle end;
  end.tooltip = "The training is saved at its last whole episode";
  if (Button("close.end", {at.x + width - Px(150) - Px(158), bottom}, {Px(150), Px(34)}, "End and close it", end)) {
    state.requests.Post(CloseRun{folder, /*agreed=*/true});
    frame.open = false;
  }
  EndSheet(frame, &state.sheet);
}

}  // namespace equipoise::ui
