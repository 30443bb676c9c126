#include "ui/panels/page_tabs.h"

#include <algorithm>
#include <string>

#include "ui/kit/draw.h"
#include "ui/kit/focus.h"
#include "ui/kit/trace.h"

namespace equipoise::ui {
namespace {

const char* IconOf(Page page) {
  constexpr const char* kIcons[] = {icon::kCube, icon::kScale,   icon::kChart, icon::kEye,
                                    icon::kList, icon::kSliders, icon::kFlask};
  return kIcons[static_cast<size_t>(page)];
}

}  // namespace

void DrawPageTabs(const Tabs& tabs, Page* chosen) {
  const Palette& c = Colors();
  ImFont* font = GetFonts().small;
  const Area& row = tabs.area;
  Rect({row.x, row.y}, {row.x + row.w, row.y + row.h}, c.card, Px(6));
  float words = 0, icons = 0;
  for (const Page page : tabs.pages) {
    words += TextWidth(font, Name(page));
    icons += TextWidth(font, IconOf(page)) + Px(5);
  }
  // As wide as their words need, and the rest of the row shared out; icons where there is room.
  const auto count = static_cast<float>(tabs.pages.size());
  const bool with_icons = words + icons + count * Px(12) <= row.w;
  const float spare = (row.w - words - (with_icons ? icons : 0)) / count;
  const float around = std::min(spare, Px(36));
  float x = row.x;
  for (const Page page : tabs.pages) {
    const std::string label = (with_icons ? IconOf(page) + std::string(" ") : "") + Name(page);
    const float width = TextWidth(font, label) + around;
    const std::string id = std::string("tab.") + Name(page);
    const ImVec2 a{x, row.y}, b{x + width, row.y + row.h};
    ImGui::SetCursorScreenPos(a);
    const bool pressed = ImGui::InvisibleButton(id.c_str(), {width, row.h});
    const bool hovered = ImGui::IsItemHovered();
    if (FocusItem(ImGui::GetID(id.c_str()), a, b) || pressed) *chosen = page;
    TraceWidget(id, a, b);
    const bool on = page == tabs.shown;
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (on || hovered) Rect({a.x + Px(2), a.y + Px(3)}, {b.x - Px(2), b.y - Px(3)}, on ? c.field_on : c.field, Px(5));
    TextMiddle(font, {x + 0.5f * around, row.y + 0.5f * row.h}, on || hovered ? c.text : c.secondary, label);
    x += width;
  }
}

}  // namespace equipoise::ui
