#include "ui/plot/chart_frame.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/figure/ticks.h"
#include "ui/kit/draw.h"

namespace equipoise::ui {
namespace {

float Crisp(float pixel) { return std::floor(pixel) + 0.5f; }

std::vector<double> TicksIn(const Axis& axis, float room) {
  return TicksOf(axis, std::max(2, static_cast<int>(std::fabs(axis.to - axis.from) / room)));
}

std::string Label(const Axis& axis, const std::vector<double>& ticks, double value, bool percent) {
  return LabelAmong(ticks, value, axis.scale != AxisScale::kLinear, percent);
}

void DrawYGrid(const Axis& x, const Axis& y, const FrameStyle& style) {
  ImFont* font = GetFonts().small;
  // Close together in a low chart, at most about eight in a tall one.
  const std::vector<double> ticks = TicksIn(y, std::max(Px(22), std::fabs(y.from - y.to) / 8));
  for (double tick : ticks) {
    const float py = Crisp(y.ToPixel(tick));
    const bool zero = tick == 0 && y.scale != AxisScale::kLog;
    Line({x.from, py}, {x.to, py}, Ink(zero ? style.zero_ink : Colors().light ? 0.09f : 0.07f));
    const std::string label = Label(y, ticks, tick, style.percent);
    if (style.y_room > 0 && TextWidth(font, label) > style.y_room - Px(7)) continue;
    TextRight(font, {x.from - Px(7), py - FontSize(font) * 0.5f - Px(1)}, Colors().secondary, label);
  }
  if (y.scale != AxisScale::kLog || y.strip <= 0) return;
  const float edge = Crisp(y.from + (y.to < y.from ? -y.strip : y.strip));
  Rect({x.from, std::min(edge, y.from)}, {x.to, std::max(edge, y.from)}, Ink(0.04f));
  Dash({x.from, edge}, {x.to, edge}, Ink(0.3f), 1, Px(2), Px(2));
  TextRight(font, {x.from - Px(7), 0.5f * (edge + y.from) - FontSize(font) * 0.5f - Px(1)}, Colors().secondary,
            "\xe2\x89\xa4 0");
}

}  // namespace

float TickRowHeight() { return FontSize(GetFonts().small) + Px(6); }

float StripHeight() { return Px(16); }

void DrawXGrid(const Axis& x, const Axis& y, const FrameStyle& style) {
  ImFont* font = GetFonts().small;
  const float top = std::min(y.from, y.to), bottom = std::max(y.from, y.to), row = bottom + Px(3);
  const float label_from = style.x_label.empty() ? x.to : x.to - TextWidth(font, style.x_label) - Px(8);
  std::vector<double> ticks = TicksIn(x, Px(70));
  if (style.x_whole) ticks = WholeTicks(std::move(ticks));
  float free_from = x.from - Px(8);
  for (double tick : ticks) {
    const float px = Crisp(x.ToPixel(tick));
    Line({px, top}, {px, bottom}, Ink(Colors().light ? 0.06f : 0.05f));
    if (!style.x_labels) continue;
    const std::string label = Label(x, ticks, tick, false);
    const float width = TextWidth(font, label), left = std::max(x.from - Px(4), px - width * 0.5f);
    if (left < free_from || left + width > label_from) continue;
    Text(font, {left, row}, Colors().secondary, label);
    free_from = left + width + Px(6);
  }
  if (style.x_labels && !style.x_label.empty()) TextRight(font, {x.to, row}, Colors().faint, style.x_label);
}

void DrawChartFrame(const Axis& x, const Axis& y, const FrameStyle& style) {
  DrawYGrid(x, y, style);
  DrawXGrid(x, y, style);
  const float bottom = Crisp(std::max(y.from, y.to));
  Line({x.from, bottom}, {x.to, bottom}, Ink(0.20f));
}

void ArrowHead(ImVec2 tip, float dx, float dy, float size, ImU32 color) {
  const ImVec2 base{tip.x - dx * size, tip.y - dy * size};
  const ImVec2 side{dy * size * 0.6f, -dx * size * 0.6f};
  DrawList()->AddTriangleFilled(tip, {base.x + side.x, base.y + side.y}, {base.x - side.x, base.y - side.y}, color);
}

void DrawMissing(const std::vector<MissingMark>& missing, const Axis& y) {
  const ImU32 color = Colors().bad;
  const float top = std::min(y.from, y.to), bottom = std::max(y.from, y.to);
  for (const MissingMark& mark : missing) {
    const float x = Crisp(mark.x);
    switch (mark.kind) {
      case MissingMark::Kind::kNotANumber:
        Line({x, bottom - Px(8)}, {x, bottom}, color, Px(2));
        break;
      case MissingMark::Kind::kPlusInfinity:
        ArrowHead({x, top}, 0, -1, Px(7), color);
        break;
      case MissingMark::Kind::kMinusInfinity:
        ArrowHead({x, bottom}, 0, 1, Px(7), color);
        break;
    }
  }
}

}  // namespace equipoise::ui
