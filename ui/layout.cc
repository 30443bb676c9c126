#include "ui/layout.h"

#include <algorithm>
#include <cstdio>

#include "ui/draw.h"

namespace equipoise::ui {
namespace {

ImVec2 title_right;

void* OpenSection(ImGuiContext*, ImGuiSettingsHandler* handler, const char*) { return handler->UserData; }

void ReadLine(ImGuiContext*, ImGuiSettingsHandler*, void* entry, const char* line) {
  auto* kept = static_cast<Persistent*>(entry);
  float value = 0;
  const auto read = [&](const char* format) { return std::sscanf(line, format, &value) == 1; };
  if (read("left=%f")) kept->panes.left = value;
  if (read("right=%f")) kept->panes.right = value;
  if (read("check=%f")) kept->panes.check = value;
  if (read("log=%f")) kept->panes.log = value;
  if (read("model=%f")) kept->panes.model = value;
  if (read("settings=%f")) kept->panes.settings = value;
  if (read("light=%f")) kept->light = value != 0;
  if (read("safe_colours=%f")) kept->safe_colours = value != 0;
  if (read("zoom=%f")) kept->zoom = std::clamp(value, kLeastZoom, kMostZoom);
  if (read("hint_closed=%f")) kept->hint_closed = value != 0;
}

void WriteSection(ImGuiContext*, ImGuiSettingsHandler* handler, ImGuiTextBuffer* out) {
  const auto* kept = static_cast<const Persistent*>(handler->UserData);
  const PaneSizes& p = kept->panes;
  out->appendf("[%s][Main]\nleft=%.1f\nright=%.1f\ncheck=%.1f\nlog=%.1f\nmodel=%.1f\nsettings=%.1f\n",
               handler->TypeName, p.left, p.right, p.check, p.log, p.model, p.settings);
  out->appendf("light=%d\nsafe_colours=%d\nzoom=%.2f\nhint_closed=%d\n\n", kept->light ? 1 : 0,
               kept->safe_colours ? 1 : 0, kept->zoom, kept->hint_closed ? 1 : 0);
}

}  // namespace

float Gap() { return Px(8); }

void BeginCard(const char* id, const char* icon, const std::string& title, ImVec2 size, const std::string& hint) {
  BeginChild(id, size, true, true, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, height = Px(20), middle = at.y + height * 0.5f;
  TextMiddle(GetFonts().strong, {at.x, middle}, Colors().secondary, icon);
  const float x = at.x + Px(25);
  const float hint_width = hint.empty() ? 0 : TextWidth(GetFonts().small, hint);
  TextMiddle(GetFonts().strong, {x, middle}, Colors().text, Elide(GetFonts().strong, title, at.x + width - x));
  if (!hint.empty() && x + TextWidth(GetFonts().strong, title) + Px(16) + hint_width < at.x + width) {
    TextMiddle(GetFonts().small, {at.x + width - hint_width, middle + Px(1)}, Colors().secondary, hint);
  }
  title_right = {at.x + width, middle};
  ImGui::SetCursorScreenPos({at.x, at.y + height + Px(10)});
}

void EndCard() { ImGui::EndChild(); }

ImVec2 CardTitleRight() { return title_right; }

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

void KeepBetweenStarts(Persistent* persistent) {
  ImGuiSettingsHandler handler;
  handler.TypeName = "Equipoise";
  handler.TypeHash = ImHashStr("Equipoise");
  handler.ReadOpenFn = OpenSection;
  handler.ReadLineFn = ReadLine;
  handler.WriteAllFn = WriteSection;
  handler.UserData = persistent;
  AddSettingsHandler(handler);
}

}  // namespace equipoise::ui
