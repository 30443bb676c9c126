#include "ui/plot/legend.h"

#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/tooltip.h"
#include "ui/kit/trace.h"

namespace equipoise::ui {
namespace {

float SignWidth(const LegendEntry& entry) { return entry.sign == LegendEntry::Sign::kActor ? Px(10) : Px(14); }

enum class Words { kLong, kShort, kNone };

std::string LabelOf(const LegendEntry& entry, Words words) {
  if (words == Words::kNone) return "";
  return words == Words::kShort && !entry.shorter.empty() ? entry.shorter : entry.label;
}

float EntryWidth(const LegendEntry& entry, Words words) {
  const std::string label = LabelOf(entry, words);
  return SignWidth(entry) + (label.empty() ? 0 : Px(5) + TextWidth(GetFonts().small, label));
}

// The longest words with which all entries fit; where not even short ones do, signs that say their words when pointed
// at.
Words FittingWords(const std::vector<LegendEntry>& entries, float room, float gap) {
  for (const Words words : {Words::kLong, Words::kShort}) {
    float all = -gap;
    for (const LegendEntry& entry : entries) all += EntryWidth(entry, words) + gap;
    if (all <= room) return words;
  }
  return Words::kNone;
}

void DrawSign(const LegendEntry& entry, ImVec2 middle, float width, float alpha) {
  const ImU32 color = WithAlpha(entry.color, alpha);
  switch (entry.sign) {
    case LegendEntry::Sign::kActor:
      ActorGlyph({middle.x + width * 0.5f, middle.y}, Px(3.6f), entry.actor, alpha);
      break;
    case LegendEntry::Sign::kLine:
      Line(middle, {middle.x + width, middle.y}, color, Px(2));
      break;
    case LegendEntry::Sign::kDashes:
      Dash(middle, {middle.x + width, middle.y}, color, Px(2), Px(5), Px(3));
      break;
    case LegendEntry::Sign::kDots:
      Dash(middle, {middle.x + width, middle.y}, color, Px(2), Px(2), Px(3));
      break;
    case LegendEntry::Sign::kBand:
      Rect({middle.x, middle.y - Px(5)}, {middle.x + width, middle.y + Px(5)}, WithAlpha(entry.color, 0.3f * alpha),
           Px(2));
      break;
  }
}

}  // namespace

float DrawLegend(const char* id, ImVec2 top_right, float left, const std::vector<LegendEntry>& entries,
                 uint32_t* hidden) {
  ImFont* font = GetFonts().small;
  const float height = FontSize(font) + Px(4), gap = Px(10);
  const Words words = FittingWords(entries, top_right.x - left, gap);
  float x = top_right.x;
  ImGui::PushID(id);
  for (size_t i = entries.size(); i-- > 0;) {
    const LegendEntry& entry = entries[i];
    const float width = EntryWidth(entry, words);
    x -= width;
    if (x < left) break;
    ImGui::SetCursorScreenPos({x - gap * 0.5f, top_right.y - Px(2)});
    ImGui::PushID(static_cast<int>(entry.bit));
    const bool pressed = ImGui::InvisibleButton("entry", {width + gap, height});
    const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
    TraceWidget(std::string(id) + ".legend." + std::to_string(entry.bit), from, to);
    const bool hovered = ImGui::IsItemHovered();
    Explain(from, to, entry.label, Shown(*hidden, entry.bit) ? "A click hides it." : "A click shows it again.");
    if (FocusItem(ImGui::GetID("entry"), from, to) || pressed) *hidden ^= 1u << entry.bit;
    ImGui::PopID();
    const bool shown = Shown(*hidden, entry.bit);
    if (hovered) {
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      Rect({x - gap * 0.5f, top_right.y - Px(2)}, {x + width + gap * 0.5f, top_right.y - Px(2) + height},
           Colors().field, Px(4));
      if (words == Words::kNone) Tooltip(entry.label, from, to);
    }
    const float middle = top_right.y + FontSize(font) * 0.5f;
    DrawSign(entry, {x, middle}, SignWidth(entry), shown ? 1.0f : 0.3f);
    const float text_x = x + SignWidth(entry) + Px(5);
    Text(font, {text_x, top_right.y - Px(1)}, shown ? Colors().secondary : Colors().faint, LabelOf(entry, words));
    if (!shown) Line({words == Words::kNone ? x : text_x, middle}, {x + width, middle}, Colors().faint);
    x -= gap;
  }
  ImGui::PopID();
  return x + gap;
}

}  // namespace equipoise::ui
