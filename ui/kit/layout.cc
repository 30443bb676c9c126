#include "ui/kit/layout.h"

#include <algorithm>

#include "ui/kit/draw.h"
#include "ui/kit/widgets.h"

namespace equipoise::ui {
namespace {

ImVec2 title_right;

}  // namespace

float Gap() { return Px(8); }

void BeginCard(const char* id, const char* icon, const std::string& title, ImVec2 size, const std::string& hint) {
  BeginChild(id, size, true, true, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, height = Px(20), middle = at.y + height * 0.5f;
  TextMiddle(GetFonts().strong, {at.x, middle}, Colors().secondary, icon);
  const float x = at.x + Px(25);
  const float hint_width = hint.empty() ? 0 : TextWidth(GetFonts().small, hint);
  TextMiddleElided(GetFonts().strong, {x, middle}, Colors().text, title, at.x + width - x);
  if (!hint.empty() && x + TextWidth(GetFonts().strong, title) + Px(16) + hint_width < at.x + width) {
    TextMiddle(GetFonts().small, {at.x + width - hint_width, middle + Px(1)}, Colors().secondary, hint);
  }
  title_right = {at.x + width, middle};
  ImGui::SetCursorScreenPos({at.x, at.y + height + Px(10)});
}

void EndCard() { ImGui::EndChild(); }

ImVec2 CardTitleRight() { return title_right; }
void TakeCardTitleRight(float width) { title_right.x -= width; }

FlowPlaces Flow(const std::vector<float>& widths, float width, float row_height) {
  FlowPlaces out;
  float x = 0;
  for (const float each : widths) {
    if (x > 0 && x + each > width) {
      x = 0;
      out.height += row_height;
    }
    out.at.push_back({x, out.height});
    x += each;
  }
  out.height += row_height;
  return out;
}

void Splitter(const char* id, bool vertical, float length, float current, float lowest, float highest, int sign,
              float* size) {
  const float thickness = Gap();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton(id, vertical ? ImVec2(thickness, length) : ImVec2(length, thickness));
  const bool hovered = ImGui::IsItemHovered(), active = ImGui::IsItemActive();
  if (hovered || active) ImGui::SetMouseCursor(vertical ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
  const ImVec2 moved = ImGui::GetIO().MouseDelta;
  if (hovered && ImGui::IsMouseDoubleClicked(0)) {
    *size = 0;
    ImGui::MarkIniSettingsDirty();
  } else if (active && (moved.x != 0 || moved.y != 0)) {
    const float wanted = current + sign * (vertical ? moved.x : moved.y);
    *size = std::max(lowest, std::min(highest, wanted)) / Scale();
    ImGui::MarkIniSettingsDirty();
  }
  if (!hovered && !active) return;
  const ImVec2 centre = vertical ? ImVec2(at.x + thickness * 0.5f, at.y + length * 0.5f)
                                 : ImVec2(at.x + length * 0.5f, at.y + thickness * 0.5f);
  const ImVec2 half = vertical ? ImVec2(Px(1), length * 0.5f) : ImVec2(length * 0.5f, Px(1));
  Rect({centre.x - half.x, centre.y - half.y}, {centre.x + half.x, centre.y + half.y},
       WithAlpha(Colors().accent, active ? 0.9f : 0.5f), Px(1));
}

}  // namespace equipoise::ui
