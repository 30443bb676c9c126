#include "ui/panels/run_tabs.h"

#include <algorithm>
#include <string>
#include <vector>

#include "ui/kit/draw.h"
#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/keys.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"

namespace equipoise::ui {
namespace {

struct Sign {
  const char* icon;
  ImU32 color;
};

Sign SignOf(RunTab::Kind kind) {
  const Palette& c = Colors();
  switch (kind) {
    case RunTab::Kind::kTrains:
      return {icon::kPlay, c.good};
    case RunTab::Kind::kPaused:
      return {icon::kPause, c.text};
    case RunTab::Kind::kFinished:
      return {icon::kCheck, c.good};
    case RunTab::Kind::kStopped:
      return {icon::kPause, c.secondary};
    case RunTab::Kind::kWatched:
      break;
  }
  return {icon::kEye, c.secondary};
}

// A tab that is pressed is looked at; its cross lets it go.
void DrawTab(const RunTab& tab, ImVec2 a, ImVec2 b, UiState* state) {
  const Palette& c = Colors();
  ImFont* font = GetFonts().small;
  const float middle = 0.5f * (a.y + b.y), cross = Px(24);
  const std::string id = "run.tab." + tab.folder, closes = "run.close." + tab.folder;
  ImGui::SetCursorScreenPos(a);
  bool pressed = ImGui::InvisibleButton(id.c_str(), {b.x - a.x - cross, b.y - a.y});
  const bool hovered = ImGui::IsItemHovered();
  pressed |= FocusItem(ImGui::GetID(id.c_str()), a, {b.x - cross, b.y});
  TraceWidget(id, a, {b.x - cross, b.y});
  Explain(a, {b.x - cross, b.y}, "Run", tab.words + ".");
  if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (tab.looked || hovered) Rect(a, b, tab.looked ? c.card : c.field, Px(6));
  if (tab.looked) Rect({a.x + Px(8), a.y}, {b.x - Px(8), a.y + Px(2)}, c.accent, Px(1));
  const Sign sign = SignOf(tab.kind);
  TextMiddle(font, {a.x + Px(10), middle}, sign.color, sign.icon);
  const ImU32 color = tab.looked || hovered ? c.text : c.secondary;
  const float left = a.x + Px(28), room = b.x - cross - left - Px(4);
  const float name = TextWidth(font, tab.name) + Px(10);
  TextMiddleElided(font, {left, middle}, color, tab.name, room);
  if (room - name > Px(60)) TextMiddleElided(font, {left + name, middle}, c.faint, tab.words, room - name);

  const ImVec2 x0{b.x - cross, a.y + Px(2)}, x1{b.x - Px(2), b.y - Px(2)};
  ImGui::SetCursorScreenPos(x0);
  bool close = ImGui::InvisibleButton(closes.c_str(), {x1.x - x0.x, x1.y - x0.y});
  const bool over = ImGui::IsItemHovered();
  close |= FocusItem(ImGui::GetID(closes.c_str()), x0, x1);
  TraceWidget(closes, x0, x1);
  Explain(x0, x1, "", "",
          std::string("Closes this run, ") + KeyCapOf(KeyAction::kCloseRun) + ". You are asked first if it trains.");
  if (over) Rect(x0, x1, c.field_hover, Px(4));
  TextCentered(font, {0.5f * (x0.x + x1.x), middle - FontSize(font) * 0.5f}, over ? c.text : c.faint, icon::kTimes);

  if (pressed && !tab.looked) state->requests.Post(LookAtRun{tab.folder});
  if (close) state->requests.Post(CloseRun{tab.folder, false});
}

}  // namespace

void DrawRunTabs(PanelContext& context, ImVec2 size) {
  UiState& state = context.state;
  const WindowFacts& window = state.window;
  ImFont* font = GetFonts().small;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float middle = at.y + 0.5f * size.y;
  float right = at.x + size.x - Px(12);
  const std::string note = window.making.empty() ? window.shares : window.making;
  const float words = TextWidth(font, note);
  if (!note.empty() && words < 0.4f * size.x) {
    right -= words;
    TextMiddle(font, {right, middle}, Colors().secondary, note);
    TraceWidget("run.shares", {right, at.y}, {right + words, at.y + size.y});
    if (window.making.empty())
      Explain({right, at.y}, {right + words, at.y + size.y}, "", "",
              "Each training keeps its own threads and its own memory. With more threads than cores they wait for each "
              "other: every one takes longer, and comes out the same.");
    right -= Px(12);
  }
  const auto count = static_cast<float>(window.runs.size());
  const float each = std::min(Px(300), (right - at.x - Px(8)) / std::max(1.0f, count));
  float x = at.x + Px(8);
  for (const RunTab& tab : window.runs) {
    DrawTab(tab, {x, at.y + Px(3)}, {x + each - Px(4), at.y + size.y - Px(1)}, &state);
    x += each;
  }
}

}  // namespace equipoise::ui
