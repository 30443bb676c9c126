#include "ui/kit/draw.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace equipoise::ui {

void Rect(ImVec2 a, ImVec2 b, ImU32 color, float rounding) { DrawList()->AddRectFilled(a, b, color, rounding); }

void Frame(ImVec2 a, ImVec2 b, ImU32 color, float rounding, float thickness) {
  DrawList()->AddRect(a, b, color, rounding, 0, thickness);
}

void Line(ImVec2 a, ImVec2 b, ImU32 color, float thickness) { DrawList()->AddLine(a, b, color, thickness); }

void Dash(ImVec2 a, ImVec2 b, ImU32 color, float thickness, float on, float off) {
  DashedPath({a, b}, color, thickness, on, off);
}

void DashedPath(const std::vector<ImVec2>& path, ImU32 color, float thickness, float on, float off) {
  const float period = on + off;
  float phase = 0;  // runs through the corners, so that dashes keep their length along the path
  for (size_t i = 1; i < path.size(); ++i) {
    const ImVec2 a = path[i - 1], b = path[i];
    const float length = std::hypot(b.x - a.x, b.y - a.y);
    if (!(length > 0) || length > 1e5f) continue;
    const ImVec2 unit{(b.x - a.x) / length, (b.y - a.y) / length};
    for (float s = 0; s < length;) {
      const float piece = std::max(std::min(length - s, (phase < on ? on : period) - phase), 0.01f);
      const float e = s + piece;
      if (phase < on)
        Line({a.x + unit.x * s, a.y + unit.y * s}, {a.x + unit.x * e, a.y + unit.y * e}, color, thickness);
      s = e;
      phase = std::fmod(phase + piece, period);
    }
  }
}

void Path(const std::vector<ImVec2>& path, ImU32 color, float thickness) {
  if (path.size() > 1) DrawList()->AddPolyline(path.data(), static_cast<int>(path.size()), color, 0, thickness);
}

void Hatch(ImVec2 a, ImVec2 b, ImU32 color, float step) {
  DrawList()->PushClipRect(a, b, true);
  const float height = b.y - a.y;
  for (float x = a.x - height; x < b.x; x += step) Line({x, b.y}, {x + height, a.y}, color, 1.4f);
  DrawList()->PopClipRect();
}

void ProgressRing(ImVec2 centre, float radius, double share, ImU32 color, ImU32 rest, float thickness) {
  constexpr float kTop = -1.5707963f, kTurn = 6.2831853f;
  DrawList()->AddCircle(centre, radius, rest, 32, thickness);
  const float part = static_cast<float>(std::clamp(std::isfinite(share) ? share : 0.0, 0.0, 1.0));
  if (part <= 0) return;
  DrawList()->PathArcTo(centre, radius, kTop, kTop + kTurn * part, 32);
  DrawList()->PathStroke(color, 0, thickness);
}

void ActorGlyph(ImVec2 centre, float radius, Actor actor, float alpha) {
  const ImU32 color = WithAlpha(ActorColor(actor), alpha);
  const float r = radius;
  if (actor.random()) {
    Line({centre.x - r, centre.y - r}, {centre.x + r, centre.y + r}, color, 1.5f);
    Line({centre.x - r, centre.y + r}, {centre.x + r, centre.y - r}, color, 1.5f);
    return;
  }
  if (actor.forced) {
    const float side = r * 1.35f;
    const ImVec2 a{centre.x, centre.y - side}, b{centre.x + side, centre.y + side * 0.75f},
        c{centre.x - side, centre.y + side * 0.75f};
    DrawList()->AddTriangleFilled(a, b, c, Colors().card);
    DrawList()->AddTriangle(a, b, c, color, 1.6f);
    return;
  }
  const std::vector<MarkPoint>& corners = MarkCorners(actor.slot);
  if (corners.empty()) {
    DrawList()->AddCircleFilled(centre, r, color, 20);
  } else if (actor.slot == 0) {
    Rect({centre.x - r * 0.9f, centre.y - r * 0.9f}, {centre.x + r * 0.9f, centre.y + r * 0.9f}, color, 1);
  } else {
    std::vector<ImVec2> at;
    for (const MarkPoint& corner : corners) at.push_back({centre.x + r * corner.x, centre.y + r * corner.y});
    DrawList()->AddConvexPolyFilled(at.data(), static_cast<int>(at.size()), color);
  }
}

void NoteFlag(ImVec2 top_centre, const std::string& text) {
  ImFont* font = GetFonts().small;
  const float half = std::max(Px(8), TextWidth(font, text) * 0.5f + Px(4)), height = Px(15);
  Rect({top_centre.x - half, top_centre.y}, {top_centre.x + half, top_centre.y + height}, Colors().note, Px(3));
  TextCentered(font, {top_centre.x, top_centre.y + (height - FontSize(font)) * 0.5f - Px(1)}, Colors().on_note, text);
}

}  // namespace equipoise::ui
