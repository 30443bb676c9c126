// leave_training_sheet.cc: before another run is opened that would end the training of this window.
#include <algorithm>
#include <string>
#include <utility>

#include "ui/kit/layout.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/view/facts.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui {

void DrawLeaveTrainingSheet(PanelContext& context) {
  UiState& state = context.state;
  if (!state.sheet.leaves_for()) return;
  const RunRequest wanted = *state.sheet.leaves_for();
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  SheetFrame frame =
      BeginSheet("##leave", {std::min(Px(560), all.x - Px(40)), Px(176)}, icon::kPause, "A training goes on");
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  TraceWidget("leave.for." + wanted.folder, at, {at.x + width, at.y + Px(57)});
  const std::string training =
      state.window.elsewhere
          ? state.window.elsewhere->words
          : Format("Training goes on: %s, episode %d", RunName(context.snapshot).c_str(), context.snapshot.episode);
  float y = at.y + Px(2);
  const std::string words = training + ". Opening " + wanted.folder +
                            " ends it at its last whole episode; it can be continued from there at any time.";
  for (const std::string& line : Wrap(GetFonts().small, words, width, 3)) {
    Text(GetFonts().small, {at.x, y}, Colors().text, line);
    y += Px(19);
  }
  const float bottom = ImGui::GetWindowPos().y + ImGui::GetWindowSize().y - Px(12) - Px(34);
  ButtonStyle stay;
  stay.primary = true;
  stay.tooltip = "Nothing changes";
  if (Button("leave.stay", {at.x + width - Px(150), bottom}, {Px(150), Px(34)}, "Let it go on", stay))
    frame.open = false;
  ButtonStyle end;
  end.tooltip = "The training is saved at its last whole episode";
  if (Button("leave.end", {at.x + width - Px(150) - Px(198), bottom}, {Px(190), Px(34)}, "End it, open the other",
             end)) {
    RunRequest agreed = wanted;
    agreed.ends_training = true;
    state.requests.Post(std::move(agreed));
    frame.open = false;
  }
  EndSheet(frame, &state.sheet);
}

}  // namespace equipoise::ui
