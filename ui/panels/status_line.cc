#include "ui/panels/status_line.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/kit/draw.h"
#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/picture.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/view/facts.h"
#include "ui/view/setting_words.h"

namespace equipoise::ui {
namespace {

constexpr const char* kDot = " \xc2\xb7 ";

std::string LeftText(const run::Snapshot& snapshot) {
  std::string text = "seed " + std::to_string(SettingsOf(snapshot).run.seed) + kDot;
  const int touched = Interventions(snapshot);
  if (!snapshot.steered) {
    text += "clean run";
  } else if (touched <= 1) {
    text += "steered by hand";
  } else {
    text += Format("steered %d times by hand", touched);
  }
  const int pending = static_cast<int>(snapshot.pending.size());
  if (pending > 0) text += Format(", %d change%s pending", pending, pending == 1 ? "" : "s");
  const bool saved = snapshot.info != nullptr && !snapshot.info->directory.empty();
  return text + kDot + (saved ? snapshot.info->directory : std::string("not saved"));
}

std::string RightText(const run::Snapshot& snapshot, const UiState& state) {
  std::string text;
  // The random episodes at the start take no learning: their pace says nothing.
  const bool paced = !snapshot.episodes->empty() && snapshot.episodes->back()->episode >= 3;
  if (paced && std::isfinite(snapshot.eta_seconds) && snapshot.state == run::RunState::kRunning) {
    text = "about " + Clock(snapshot.eta_seconds) + " to go";
  }
  if (DrawingPicture()) {
    const std::string version = snapshot.info != nullptr ? snapshot.info->version : "";
    return text + (text.empty() ? "" : kDot) + "Equipoise " + version;
  }
  if (state.clock.frames_per_second > 0)
    text += (text.empty() ? "" : kDot) + Format("window %.0f fps", state.clock.frames_per_second);
  return text + (text.empty() ? "" : kDot) + "F1 keys";
}

// The most urgent sentence of health; a click lists all of them. Returns the width used.
float DrawHealth(PanelContext& context, ImVec2 left_middle, float room) {
  ImFont* font = GetFonts().small;
  const std::vector<nets::Finding>& health = context.snapshot.health;
  const float x = left_middle.x, middle = left_middle.y;
  const float icon_width = TextWidth(font, icon::kWarning) + Px(6);
  std::string more;
  if (health.size() > 1) more = Format("  and %d more", static_cast<int>(health.size()) - 1);
  const float more_width = TextWidth(font, more);
  const std::string words = Elide(font, InWords(nets::Sentence(health.front())), room - icon_width - more_width);
  const float width = icon_width + TextWidth(font, words) + more_width;
  const float half = FontSize(font) * 0.5f + Px(3);
  ImGui::SetCursorScreenPos({x - Px(4), middle - half});
  const bool pressed = ImGui::InvisibleButton("health", {width + Px(8), 2 * half});
  if (FocusItem(ImGui::GetID("health"), ImGui::GetItemRectMin(), ImGui::GetItemRectMax()) || pressed) {
    ImGui::OpenPopup("all health");
  }
  Explain(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), "Health", "A click lists all of it.");
  TraceWidget("status.health", ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  if (ImGui::IsItemHovered()) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    Rect({x - Px(4), middle - half}, {x + width + Px(4), middle + half}, Colors().field, Px(4));
  }
  TextMiddle(font, {x, middle}, Colors().note, icon::kWarning);
  TextMiddle(font, {x + icon_width, middle}, Colors().note, words);
  TextMiddle(font, {x + width - more_width, middle}, Colors().secondary, more);

  PushFont(font);
  ImGui::SetNextWindowPos({x - Px(4), middle - half - Px(4)}, ImGuiCond_Always, {0, 1});  // above the line
  if (ImGui::BeginPopup("all health")) {
    const float wide = std::min(Px(620), ImGui::GetIO().DisplaySize.x - Px(60)), line = FontSize(font) + Px(4);
    Text(GetFonts().strong, ImGui::GetCursorScreenPos(), Colors().text, "Health: what is the case, what to try");
    ImGui::Dummy({wide, Px(26)});
    for (const nets::Finding& finding : health) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      TextMiddle(font, {at.x, at.y + FontSize(font) * 0.5f}, Colors().note, icon::kWarning);
      float y = at.y;
      for (const std::string& part : Wrap(font, InWords(nets::Sentence(finding)), wide - Px(22), 4)) {
        Text(font, {at.x + Px(22), y}, Colors().text, part);
        y += line;
      }
      ImGui::Dummy({wide, y - at.y + Px(4)});
    }
    TraceWidget("status.health.list", ImGui::GetWindowPos(), ImGui::GetCursorScreenPos());
    ImGui::EndPopup();
  }
  ImGui::PopFont();
  return width;
}

}  // namespace

void DrawStatusLine(PanelContext& context, ImVec2 size) {
  const Palette& c = Colors();
  ImFont* font = GetFonts().small;
  const run::Snapshot& snapshot = context.snapshot;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float middle = at.y + size.y * 0.5f, padding = Px(8);
  const std::string right = RightText(snapshot, context.state);
  const float right_width = TextWidth(font, right);
  TextMiddle(font, {at.x + size.x - padding - right_width, middle}, c.secondary, right);
  float x = at.x + padding;
  const float end = at.x + size.x - padding - right_width - Px(24);
  if (!snapshot.health.empty()) x += DrawHealth(context, {x, middle}, end - x) + Px(18);
  if (end - x > Px(80)) TextMiddleElided(font, {x, middle}, c.secondary, LeftText(snapshot), end - x);
}

}  // namespace equipoise::ui
