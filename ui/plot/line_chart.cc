#include "ui/plot/line_chart.h"

#include <algorithm>
#include <cmath>

#include "ui/figure/decimate.h"
#include "ui/plot/beyond.h"
#include "ui/plot/chart_frame.h"
#include "ui/plot/chart_recorder.h"
#include "ui/plot/event_flags.h"

namespace equipoise::ui {
namespace {

constexpr float kClickSlop = 4;  // pixels a click may wander
constexpr float kLeastBox = 6;   // pixels of a box that is not a slip of the hand
constexpr double kWheelStep = 0.85;

ImVec2 ToImVec(const PixelPoint& p) { return {p.x, p.y}; }

bool Inside(ImVec2 p, const Axis& x, const Axis& y) {
  return p.x >= x.from && p.x <= x.to && p.y >= y.to && p.y <= y.from;
}

void SetRange(Axis* axis, const AxisView& view) {
  axis->lo = view.lo;
  axis->hi = view.hi;
}

// One triangle strip per run: every pixel of the band is covered once, so its shade has no seams.
void FillStrip(const std::vector<PixelPoint>& points, const PixelRun& run, ImU32 color) {
  const int pairs = static_cast<int>(run.end - run.begin) / 2;
  if (pairs < 2) return;
  ImDrawList* list = DrawList();
  const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
  list->PrimReserve((pairs - 1) * 6, pairs * 2);
  const unsigned base = list->_VtxCurrentIdx;
  for (size_t i = run.begin; i < run.begin + 2 * static_cast<size_t>(pairs); ++i) {
    list->PrimWriteVtx(ToImVec(points[i]), uv, color);
  }
  for (int k = 0; k + 1 < pairs; ++k) {
    for (unsigned corner : {0u, 1u, 3u, 0u, 3u, 2u}) {
      list->PrimWriteIdx(static_cast<ImDrawIdx>(base + 2 * static_cast<unsigned>(k) + corner));
    }
  }
}

void DrawBand(const ChartBand& band, const Axis& x, const Axis& y) {
  const PixelLine line = Thinned(band, x, y);
  for (const PixelRun& run : line.runs) {
    FillStrip(line.points, run, band.color);
    if (run.end - run.begin == 2) {  // a single interval between gaps
      Line(ToImVec(line.points[run.begin]), ToImVec(line.points[run.begin + 1]), band.color, Px(3));
    }
  }
}

void DrawSeries(const ChartLine& series, const Axis& x, const Axis& y) {
  const PixelLine line = Thinned(series, x, y);
  std::vector<ImVec2> path;
  for (const PixelRun& run : line.runs) {
    path.clear();
    for (size_t i = run.begin; i < run.end; ++i) path.push_back(ToImVec(line.points[i]));
    if (series.filled) {
      std::vector<PixelPoint> strip;
      for (const ImVec2& p : path) strip.insert(strip.end(), {{p.x, y.from}, {p.x, p.y}});
      FillStrip(strip, {0, strip.size()}, WithAlpha(series.color, Colors().light ? 0.22f : 0.25f));
    }
    if (path.size() == 1) {
      DrawList()->AddCircleFilled(path[0], Px(series.thickness), series.color, 12);
    } else if (series.dashed || series.dotted) {
      const float on = series.dotted ? 2 : 6, off = series.dotted ? 3 : 4;
      DashedPath(path, series.color, Px(series.thickness), Px(on), Px(off));
    } else {
      Path(path, series.color, std::max(1.0f, series.thickness * Scale()));
    }
  }
  if (!series.missing) return;
  // A series begins at its first number: what was not measured before that is not missing.
  const auto first = std::find_if(series.y->begin(), series.y->end(), [](double v) { return std::isfinite(v); });
  if (first == series.y->end()) return;
  const float begin = x.ToPixel((*series.x)[static_cast<size_t>(first - series.y->begin())]);
  std::vector<MissingMark> missing;
  for (const MissingMark& mark : line.missing) {
    if (mark.x >= begin) missing.push_back(mark);
  }
  DrawMissing(missing, y);
}

// A glyph of a few pixels needs fewer corners than one in a legend, and there may be thousands.
void SmallGlyph(ImVec2 centre, float radius, Actor actor) {
  const ImU32 color = WithAlpha(ActorColor(actor), 0.9f);
  if (actor.random() || actor.forced || actor.slot > 1) {
    ActorGlyph(centre, actor.forced ? radius * 1.5f : radius, actor, actor.slot > 1 ? 0.9f : 1.0f);
  } else if (actor.model_based()) {
    DrawList()->AddCircleFilled(centre, radius, color, 8);
  } else {
    const float half = radius * 0.85f;
    Rect({centre.x - half, centre.y - half}, {centre.x + half, centre.y + half}, color);
  }
}

// More marks than pixels become a texture of smaller ones.
float MarkRadius(const ChartMarks& marks, const Axis& x) {
  const auto begin = std::lower_bound(marks.x->begin(), marks.x->end(), x.lo);
  const double per_pixel = static_cast<double>(std::upper_bound(begin, marks.x->end(), x.hi) - begin) / (x.to - x.from);
  const double shrink = std::min(1.0, std::sqrt(1.5 / std::max(per_pixel, 1e-9)));
  return std::max(1.1f, marks.radius * static_cast<float>(shrink)) * Scale();
}

// So many marks that they would be a smear: per pixel column and policy a stroke from the lowest to the highest.
void DrawStrokes(const ChartMarks& marks, const Axis& x, const Axis& y) {
  for (const ChartStrokes& strokes : marks.strokes) {
    const PixelLine line = DecimateStrokes(*strokes.x, *strokes.y, *strokes.levels, x, y);
    for (size_t i = 0; i + 1 < line.points.size(); i += 2) {
      Line(ToImVec(line.points[i]), {line.points[i + 1].x, line.points[i + 1].y - 1}, strokes.color);
    }
    DrawMissing(line.missing, y);
  }
}

void DrawMarks(const ChartMarks& marks, const Axis& x, const Axis& y) {
  if (!marks.strokes.empty() && CountInView(*marks.x, x) > kMostMarks) {
    DrawStrokes(marks, x, y);
    return;
  }
  const float radius = MarkRadius(marks, x);
  const std::vector<size_t> kept = ThinMarks(*marks.x, *marks.y, x, y, std::max(2.0f, radius * 1.2f));
  // Forced ones last: they are few, and what they stand on must not hide them.
  for (const bool forced : {false, true}) {
    for (size_t i : kept) {
      const Actor actor = (*marks.actor)[i];
      if (actor.forced != forced || !marks.Shows(actor)) continue;
      SmallGlyph({x.ToPixel((*marks.x)[i]), y.ToPixel((*marks.y)[i])}, radius, actor);
    }
  }
  DrawMissing(DecimateLine(*marks.x, *marks.y, x, y).missing, y);
}

constexpr float kRibbon = 3;

void DrawPhases(const std::vector<ChartPhase>& phases, bool names, const Axis& x, const Axis& y) {
  ImFont* font = GetFonts().small;
  for (const ChartPhase& phase : phases) {
    const float from = std::max(x.ToPixel(phase.from), x.from), to = std::min(x.ToPixel(phase.to), x.to);
    if (to <= from) continue;
    const ImU32 color = ActorColor(phase.actor);
    Rect({from, y.to}, {to, y.to + Px(kRibbon)}, color);
    if (names && TextWidth(font, phase.name) + Px(6) < to - from)
      Text(font, {from + Px(3), y.to + Px(kRibbon + 1)}, WithAlpha(color, 0.9f), phase.name);
  }
}

// What happened where the mouse is: the flags first, since they are what a person looks for.
// Ticks answer only on the axis where they stand, flags anywhere.
std::string EventsUnder(const ChartSpec& spec, const Axis& x, const Axis& y, ImVec2 mouse) {
  std::string text;
  if (mouse.y < y.to + Px(kRibbon + 3)) {
    for (const ChartPhase& phase : spec.phases)
      if (x.ToPixel(phase.from) <= mouse.x && mouse.x < x.ToPixel(phase.to)) text = eps::Capitalised(phase.name) + ".";
  }
  for (const EventMarks* marks : {spec.flags, spec.ticks}) {
    if (marks == nullptr || (marks == spec.ticks && mouse.y < y.from - Px(10))) continue;
    Axis near = x;  // the groups within four pixels of the mouse
    near.lo = std::max(x.lo, x.FromPixel(mouse.x - Px(4)));
    near.hi = std::min(x.hi, x.FromPixel(mouse.x + Px(4)));
    near.from = x.ToPixel(near.lo);
    near.to = x.ToPixel(near.hi);
    if (!(near.hi > near.lo)) continue;
    for (const MarkGroup& group : GroupMarks(*marks, near, Px(12))) {
      text += (text.empty() ? "" : "\n") + Describe(*marks, group);
    }
  }
  return text;
}

void DrawCursors(const ChartSpec& spec, const Axis& x, const Axis& y) {
  const auto vertical = [&](double value, ImU32 color) {
    const float at = std::floor(x.ToPixel(value)) + 0.5f;
    if (at >= x.from - 1 && at <= x.to + 1) Line({at, y.to}, {at, y.from}, color);
    return at;
  };
  if (spec.selected_x) vertical(*spec.selected_x, Ink(0.55f));
  if (spec.hovered_x) vertical(*spec.hovered_x, Ink(0.28f));
}

void Gestures(const ChartSpec& spec, const ChartResult& shown, bool active_item, AxisView* x, AxisView* y,
              ChartResult* result) {
  const ImGuiIO& io = ImGui::GetIO();
  const ImVec2 mouse = io.MousePos;
  if (result->hovered && ImGui::IsMouseDoubleClicked(0)) {
    x->fit = y->fit = true;
    result->fitted = true;
    return;
  }
  if (result->hovered && io.MouseWheel != 0) {
    const double factor = std::pow(kWheelStep, static_cast<double>(io.MouseWheel));
    if (!io.KeyCtrl) ZoomAt(x, shown.x_axis, mouse.x, factor);
    if ((io.KeyCtrl || io.KeyShift) && !spec.y_fixed) ZoomAt(y, shown.y_axis, mouse.y, factor);
  } else if (active_item && ImGui::IsMouseDragging(0, kClickSlop)) {
    if (io.MouseDelta.x != 0) Pan(x, shown.x_axis, io.MouseDelta.x);
    if (io.MouseDelta.y != 0 && !spec.y_fixed && !y->fit) Pan(y, shown.y_axis, io.MouseDelta.y);
  }
}

// The box that is being drawn with the right button, and the zoom to it when the button is let go.
void BoxZoom(const ChartSpec& spec, const ChartResult& shown, bool active_item, bool let_go, AxisView* x, AxisView* y) {
  const ImGuiIO& io = ImGui::GetIO();
  const Axis &xa = shown.x_axis, &ya = shown.y_axis;
  const ImVec2 from = io.MouseClickedPos[1];
  const ImVec2 to{std::clamp(io.MousePos.x, xa.from, xa.to), std::clamp(io.MousePos.y, ya.to, ya.from)};
  if (!Inside(from, xa, ya)) return;
  if (let_go && ImGui::IsMouseReleased(1)) {
    if (std::fabs(from.x - to.x) < kLeastBox) return;
    ZoomTo(x, xa, from.x, to.x, kLeastBox);
    if (!spec.y_fixed) ZoomTo(y, ya, from.y, to.y, kLeastBox);
  } else if (active_item && ImGui::IsMouseDown(1)) {
    ImVec2 a{std::min(from.x, to.x), std::min(from.y, to.y)}, b{std::max(from.x, to.x), std::max(from.y, to.y)};
    if (spec.y_fixed) {
      a.y = ya.to;
      b.y = ya.from;
    }
    Rect(a, b, WithAlpha(Colors().accent, 0.14f));
    Frame(a, b, WithAlpha(Colors().accent, 0.8f));
  }
}

// Words instead of axes: numbers on an axis without data would be invented.
void SayNothing(const std::string& words, const Axis& x, const Axis& y) {
  ImFont* font = GetFonts().small;
  Rect({x.from, y.to}, {x.to, y.from}, Ink(0.025f), Px(4));
  const std::vector<std::string> lines = Wrap(font, words, x.to - x.from - Px(24), 3);
  const float height = FontSize(font) + Px(3);
  float row = 0.5f * (y.from + y.to) - 0.5f * static_cast<float>(lines.size()) * height;
  for (const std::string& line : lines) {
    TextCentered(font, {0.5f * (x.from + x.to), row}, Colors().faint, line);
    row += height;
  }
}

}  // namespace

ChartResult DrawLineChart(const char* id, ImVec2 size, const ChartSpec& spec, AxisView* x, AxisView* y) {
  ChartResult result;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float left = Px(spec.left_margin), bottom = spec.x_labels ? TickRowHeight() : Px(7);
  const bool heads = spec.flag_heads && spec.flags != nullptr && !spec.flags->all().empty();
  const float top = heads ? Px(18) : Px(4);
  if (size.x < left + Px(20) || size.y < top + bottom + Px(8)) {
    ImGui::Dummy(size);
    return result;
  }
  if (x->fit) *x = {spec.x_fit.lo, spec.x_fit.hi, true};
  if (y->fit || spec.y_fixed) *y = {spec.y_fit.lo, spec.y_fit.hi, true};
  result.x_axis = {x->lo, x->hi, at.x + left, at.x + size.x - Px(4), spec.x_scale, 0};
  result.y_axis = {y->lo, y->hi, at.y + size.y - bottom, at.y + top, spec.y_scale, spec.y_strip ? StripHeight() : 0};
  result.y_axis.linear = spec.y_linear;

  ImGui::InvisibleButton(id, size, ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight);
  const bool active = ImGui::IsItemActive(), let_go = ImGui::IsItemDeactivated();
  const ImGuiIO& io = ImGui::GetIO();
  const ImVec2 mouse = io.MousePos;
  result.hovered = ImGui::IsItemHovered() && Inside(mouse, result.x_axis, result.y_axis);
  const float wandered = io.MouseDragMaxDistanceSqr[0];
  result.clicked = result.hovered && let_go && ImGui::IsMouseReleased(0) && wandered < kClickSlop * kClickSlop &&
                   io.MouseClickedLastCount[0] == 1;
  Gestures(spec, result, active && ImGui::IsMouseDown(0), x, y, &result);
  SetRange(&result.x_axis, *x);
  SetRange(&result.y_axis, *y);
  result.x = result.x_axis.FromPixel(mouse.x);
  result.y = result.y_axis.FromPixel(mouse.y);

  const Axis &xa = result.x_axis, &ya = result.y_axis;
  FrameStyle frame;
  frame.percent = spec.percent;
  frame.x_whole = spec.x_whole;
  frame.x_labels = spec.x_labels;
  frame.x_label = spec.x_label;
  frame.y_room = left;
  ChartRecorder::Note(id, spec, xa, ya);
  if (!spec.nothing.empty()) {
    if (spec.x_is_known) DrawXGrid(xa, ya, frame);
    SayNothing(spec.nothing, xa, ya);
    return result;
  }
  DrawChartFrame(xa, ya, frame);
  // Clipped to the axes, with room for half a mark on every side.
  DrawList()->PushClipRect({xa.from - Px(3), ya.to - Px(3)}, {xa.to + Px(3), ya.from + Px(1)}, true);
  for (const ChartBand& band : spec.bands) DrawBand(band, xa, ya);
  DrawPhases(spec.phases, spec.flag_heads, xa, ya);
  for (double reference : spec.references) {
    Dash({xa.from, ya.ToPixel(reference)}, {xa.to, ya.ToPixel(reference)}, WithAlpha(Colors().text, 0.75f), 1, Px(5),
         Px(3));
  }
  for (const ChartMarks& marks : spec.marks) DrawMarks(marks, xa, ya);
  for (const ChartLine& line : spec.lines) DrawSeries(line, xa, ya);
  static const EventMarks kNone;
  DrawEventMarks(spec.flags != nullptr ? *spec.flags : kNone, spec.ticks != nullptr ? *spec.ticks : kNone, xa, ya);
  if (y->fit && !spec.y_fixed) DrawBeyond(spec, xa, ya);
  DrawCursors(spec, xa, ya);
  BoxZoom(spec, result, active, let_go, x, y);
  DrawList()->PopClipRect();
  if (result.hovered) result.hovered_events = EventsUnder(spec, xa, ya, mouse);
  if (heads) {
    const std::vector<MarkGroup> groups = GroupMarks(*spec.flags, xa, FlagWidth());
    const int head = DrawFlagHeads(*spec.flags, groups, xa, ya.to - Px(16), mouse);
    if (head >= 0 && ImGui::IsItemHovered()) {
      result.hovered_events = Describe(*spec.flags, groups[static_cast<size_t>(head)]);
    }
  }
  return result;
}

}  // namespace equipoise::ui
