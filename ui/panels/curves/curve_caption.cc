#include "ui/panels/curves/curve_caption.h"

#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/tooltip.h"
#include "ui/kit/trace.h"
#include "ui/plot/legend.h"

namespace equipoise::ui {
namespace {

constexpr char kLogarithmic[] = "log";

float Sign(ImVec2 middle, const CaptionEntry& entry, bool shown) {
  const float width = Px(12);
  const ImU32 color = WithAlpha(entry.color, shown ? 1.0f : 0.35f);
  if (entry.dashed) {
    Dash(middle, {middle.x + width, middle.y}, color, Px(2), Px(4), Px(2));
  } else {
    Line(middle, {middle.x + width, middle.y}, color, Px(2));
  }
  return width + Px(4);
}

float EntryWidth(const CaptionEntry& entry) {
  const float name = entry.name.empty() ? 0 : TextWidth(GetFonts().small, entry.name) + Px(16) + Px(5);
  return name + TextWidth(GetFonts().mono_small, entry.value);
}

void DrawEntry(const CaptionEntry& entry, ImVec2 at, ChartView* view) {
  ImFont* font = GetFonts().small;
  const float width = EntryWidth(entry), height = FontSize(font) + Px(3);
  const bool shown = Shown(view->hidden, entry.bit);
  float x = at.x;
  if (!entry.name.empty()) {
    ImGui::SetCursorScreenPos({at.x - Px(3), at.y - Px(1)});
    ImGui::PushID(static_cast<int>(entry.bit));
    const bool pressed = ImGui::InvisibleButton("series", {width + Px(6), height});
    if (FocusItem(ImGui::GetID("series"), ImGui::GetItemRectMin(), ImGui::GetItemRectMax()) || pressed) {
      view->hidden ^= 1u << entry.bit;
    }
    if (ImGui::IsItemHovered()) {
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      Rect({at.x - Px(3), at.y - Px(1)}, {at.x + width + Px(3), at.y - Px(1) + height}, Colors().field, Px(3));
    }
    ImGui::PopID();
    x += Sign({x, at.y + FontSize(font) * 0.5f}, entry, shown);
    const float left = x;
    x += Text(font, {x, at.y}, shown ? Colors().secondary : Colors().faint, entry.name);
    if (!shown) Line({left, at.y + FontSize(font) * 0.5f}, {x, at.y + FontSize(font) * 0.5f}, Colors().faint);
    x += Px(5);
  }
  Text(GetFonts().mono_small, {x, at.y + Px(0.5f)}, shown ? Colors().text : Colors().faint, entry.value);
}

// What the other runs draw, right after the entries. Its width; 0 where it has no room.
float DrawOthers(const std::string& series, ImVec2 at, float room, bool* clicked) {
  ImFont* font = GetFonts().small;
  std::string words = "other runs: " + series;
  if (TextWidth(font, words) + Px(8) > room) words = "others: " + series;
  const float width = TextWidth(font, words) + Px(8), height = FontSize(font) + Px(3);
  if (width > room) return 0;
  ImGui::SetCursorScreenPos({at.x, at.y - Px(1)});
  *clicked = ImGui::InvisibleButton("others", {width, height});
  *clicked |= FocusItem(ImGui::GetID("others"), ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  const bool hovered = ImGui::IsItemHovered();
  Rect({at.x, at.y - Px(1)}, {at.x + width, at.y - Px(1) + height}, hovered ? Colors().field_hover : Colors().field,
       Px(3));
  if (hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    Tooltip("The other runs draw one series of this chart; a click asks for the next.", ImGui::GetItemRectMin(),
            ImGui::GetItemRectMax());
  }
  Text(font, {at.x + Px(4), at.y}, Colors().secondary, words);
  return width;
}

}  // namespace

float WordWidth(const char* word) { return TextWidth(GetFonts().small, word) + Px(8); }
float ScaleWordWidth() { return WordWidth(kLogarithmic); }

bool DrawWord(const char* id, ImVec2 at, const char* word, bool on, const char* tip) {
  ImFont* font = GetFonts().small;
  const float width = WordWidth(word), height = FontSize(font) + Px(2);
  ImGui::SetCursorScreenPos({at.x, at.y - Px(1)});
  ImGui::PushID(id);
  bool clicked = ImGui::InvisibleButton("word", {width, height});
  clicked |= FocusItem(ImGui::GetID("word"), ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  const bool hovered = ImGui::IsItemHovered();
  ImGui::PopID();
  TraceWidget(id, {at.x, at.y - Px(1)}, {at.x + width, at.y - Px(1) + height});
  Explain({at.x, at.y - Px(1)}, {at.x + width, at.y - Px(1) + height}, word, "", tip);
  if (hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    Tooltip(tip, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  }
  if (on || hovered) {
    Rect({at.x, at.y - Px(1)}, {at.x + width, at.y - Px(1) + height}, hovered ? Colors().field_hover : Colors().field,
         Px(3));
  }
  Text(font, {at.x + Px(4), at.y - Px(0.5f)}, on ? Colors().text : Colors().faint, word);
  return clicked;
}

bool DrawScaleWord(const char* id, ImVec2 at, bool logarithmic) {
  return DrawWord(id, at, kLogarithmic, logarithmic, logarithmic ? "y axis: to linear" : "y axis: to logarithmic");
}

bool DrawCaption(const CaptionSpec& spec, ImVec2 at, float width, ChartView* view) {
  ImFont* font = GetFonts().small;
  const float end = at.x + width;
  float x = at.x + Text(font, at, Colors().text, spec.title) + Px(8);
  ImGui::PushID(spec.id.c_str());
  for (const CaptionEntry& entry : spec.entries) {
    const float needed = EntryWidth(entry);
    if (x + needed > end) break;
    DrawEntry(entry, {x, at.y}, view);
    x += needed + Px(10);
  }
  bool others = false;
  float right = end;
  const float scale = spec.has_scale && !spec.quiet ? ScaleWordWidth() + Px(8) : 0;
  if (!spec.others.empty()) {
    const float taken = DrawOthers(spec.others, {x, at.y}, end - scale - x, &others);
    if (taken > 0) TraceWidget("curves.others." + spec.id, {x, at.y}, {x + taken, at.y + FontSize(font)});
    x += taken > 0 ? taken + Px(10) : 0;
  }
  ImGui::PopID();
  if (spec.has_scale && (!spec.quiet || spec.logarithmic) && x + ScaleWordWidth() < end) {
    right -= ScaleWordWidth();
    const bool clicked = DrawScaleWord(("curves.log." + spec.id).c_str(), {right, at.y}, spec.logarithmic);
    right -= Px(8);
    if (clicked) {
      view->logarithmic = !spec.logarithmic;
      view->y.fit = true;
    }
  }
  const float note = TextWidth(font, spec.note);
  if (x + note <= right) Text(font, {right - note, at.y}, Colors().secondary, spec.note);
  return others;
}

}  // namespace equipoise::ui
