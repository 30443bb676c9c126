#include "ui/plot/event_flags.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace equipoise::ui {
namespace {

constexpr float kTickGroup = 3;

// A bookmark that stands on the axis.
void DrawBookmark(float x, float bottom, ImU32 color) {
  const float half = Px(3), top = bottom - Px(10), notch = bottom - Px(3);
  DrawList()->AddQuadFilled({x - half, top}, {x, top}, {x, notch}, {x - half, bottom}, color);
  DrawList()->AddQuadFilled({x, top}, {x + half, top}, {x + half, bottom}, {x, notch}, color);
}

// A switch: a short stroke in the colour of who took over. Forced: an open triangle's outline, as everywhere, tiny.
void DrawTick(MarkKind kind, Actor actor, float x, float bottom) {
  const ImU32 color = MarkColor(kind, actor);
  if (kind == MarkKind::kCheckpoint) {
    DrawBookmark(x, bottom, color);
  } else if (kind == MarkKind::kForced) {
    Line({x, bottom - Px(5)}, {x - Px(2), bottom}, color, 1);
    Line({x, bottom - Px(5)}, {x + Px(2), bottom}, color, 1);
  } else if (kind == MarkKind::kLifecycle) {
    Rect({x - Px(1.5f), bottom - Px(4)}, {x + Px(1.5f), bottom - Px(1)}, color);
  } else {
    Line({x, bottom - Px(4)}, {x, bottom}, color, Px(1.5f));
  }
}

}  // namespace

void DrawEventMarks(const EventMarks& flags, const EventMarks& ticks, const Axis& x, const Axis& y) {
  for (const MarkGroup& group : GroupMarks(ticks, x, kTickGroup)) {
    DrawTick(group.leading, group.actor, std::floor(group.x) + 0.5f, y.from);
  }
  for (const MarkGroup& group : GroupMarks(flags, x, kTickGroup)) {
    const float at = std::floor(group.x) + 0.5f;
    Dash({at, y.to}, {at, y.from}, MarkColor(group.leading, group.actor), Px(1.4f), Px(4), Px(3));
  }
}

float FlagWidth() { return Px(18); }

int DrawFlagHeads(const EventMarks& flags, const std::vector<MarkGroup>& groups, const Axis& x, float top,
                  ImVec2 mouse) {
  int hovered = -1;
  ImFont* font = GetFonts().small;
  for (size_t i = 0; i < groups.size(); ++i) {
    const MarkGroup& group = groups[i];
    const std::string text = FlagText(flags, group);
    const float half = std::max(Px(8), TextWidth(font, text) * 0.5f + Px(4)), height = Px(15);
    // The head of a group grows to the right, so that its left edge stays over the first line.
    const float left = std::min(group.x - Px(8), x.to - 2 * half + Px(8));
    const bool by_hand = group.leading == MarkKind::kIntervention;
    Rect({left, top}, {left + 2 * half, top + height}, MarkColor(group.leading, group.actor), Px(3));
    TextCentered(font, {left + half, top + (height - FontSize(font)) * 0.5f - Px(1)},
                 by_hand ? Colors().on_note : Colors().card, text);
    if (mouse.x >= left && mouse.x <= left + 2 * half && mouse.y >= top && mouse.y <= top + height) {
      hovered = static_cast<int>(i);
    }
  }
  return hovered;
}

}  // namespace equipoise::ui
