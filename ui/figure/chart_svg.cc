#include "ui/figure/chart_svg.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/base/xml_text.h"
#include "ui/figure/decimate.h"
#include "ui/figure/ticks.h"

namespace equipoise::ui {
namespace {

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

// fill="#rrggbb" fill-opacity="0.5"
std::string Paint(const char* attribute, Rgba color) {
  char text[64];
  std::snprintf(text, sizeof text, "%s=\"#%02x%02x%02x\"", attribute, color & 255u, (color >> 8) & 255u,
                (color >> 16) & 255u);
  std::string out = text;
  const unsigned alpha = color >> 24;
  if (alpha < 255) out += std::string(" ") + attribute + "-opacity=\"" + Number(alpha / 255.0) + "\"";
  return out;
}

struct Sheet {
  Axis x, y;
  std::string body;

  void Line(double x1, double y1, double x2, double y2, Rgba color, double width, const std::string& more = "") {
    body += "<line x1=\"" + Number(x1) + "\" y1=\"" + Number(y1) + "\" x2=\"" + Number(x2) + "\" y2=\"" + Number(y2) +
            "\" " + Paint("stroke", color) + " stroke-width=\"" + Number(width) + "\"" + more + "/>\n";
  }
  void Text(double at_x, double at_y, const char* anchor, Rgba color, const std::string& text,
            const std::string& more = "") {
    body += "<text x=\"" + Number(at_x) + "\" y=\"" + Number(at_y) + "\" text-anchor=\"" + anchor + "\" " +
            Paint("fill", color) + more + ">" + XmlText(text) + "</text>\n";
  }
};

constexpr float kFlagWidth = 18, kTickWidth = 3;  // pixels; what is closer shares one sign, as on the screen
constexpr const char *kDashes = " stroke-dasharray=\"6 4\"", *kDots = " stroke-dasharray=\"2 3\"";

// Lines, bands and marks are thinned as on the screen (decimate.h), with a unit of the picture for a pixel: the size of
// a figure follows the picture, not the length of the run. A line is wider than a unit, so that its upright strokes
// close up at any magnification.
std::string PointsOf(const PixelLine& line, size_t begin, size_t end) {
  std::string points;
  for (size_t i = begin; i < end; ++i) points += Number(line.points[i].x) + "," + Number(line.points[i].y) + " ";
  return points;
}

// Values that are none: a red tick on the axis, an arrow's head where it is infinite, as on the screen. A series begins
// at its first number: what was not measured before that is not missing.
void AddMissing(const std::vector<double>& x, const std::vector<double>& y, const std::vector<MissingMark>& missing,
                Sheet* sheet) {
  const auto first = std::find_if(y.begin(), y.end(), [](double v) { return std::isfinite(v); });
  if (first == y.end()) return;
  const float begin = sheet->x.ToPixel(x[static_cast<size_t>(first - y.begin())]);
  for (const MissingMark& mark : missing) {
    if (mark.x < begin) continue;
    const bool not_a_number = mark.kind == MissingMark::Kind::kNotANumber;
    const double low = sheet->y.from, high = sheet->y.to;
    const std::string paint = Paint(not_a_number ? "stroke" : "fill", Colors().bad);
    const std::string where = "M" + Number(mark.x) + " ";
    const std::string shape = not_a_number ? where + Number(low - 8) + "V" + Number(low)
                              : mark.kind == MissingMark::Kind::kPlusInfinity ? where + Number(high) + "l4 7h-8z"
                                                                              : where + Number(low) + "l4 -7h-8z";
    sheet->body += "<path class=\"missing\" " + paint + " stroke-width=\"2\" d=\"" + shape + "\"/>\n";
  }
}

std::string Titled(const std::string& shape, const std::string& words) {
  return "<g><title>" + XmlText(words) + "</title>" + shape + "</g>\n";
}

void AddLine(const ChartLine& series, Sheet* sheet) {
  const std::string before = std::exchange(sheet->body, "");
  const PixelLine line = Thinned(series, sheet->x, sheet->y);
  for (const PixelRun& run : line.runs) {
    const PixelPoint &first = line.points[run.begin], &last = line.points[run.end - 1];
    if (run.end - run.begin == 1) {
      sheet->body += "<circle cx=\"" + Number(first.x) + "\" cy=\"" + Number(first.y) + "\" r=\"" +
                     Number(series.thickness) + "\" " + Paint("fill", series.color) + "/>\n";
      continue;
    }
    const std::string points = PointsOf(line, run.begin, run.end);
    if (series.filled) {
      const std::string low = Number(sheet->y.from);
      sheet->body += "<polygon " + Paint("fill", WithAlpha(series.color, 0.25f)) + " points=\"" + Number(first.x) +
                     "," + low + " " + points + Number(last.x) + "," + low + "\"/>\n";
    }
    sheet->body += "<polyline fill=\"none\" stroke-linejoin=\"round\" " + Paint("stroke", series.color) +
                   " stroke-width=\"" + Number(series.thickness) + "\"" +
                   (series.dashed   ? kDashes
                    : series.dotted ? kDots
                                    : "") +
                   " points=\"" + points + "\"/>\n";
  }
  if (series.missing) AddMissing(*series.x, *series.y, line.missing, sheet);
  if (!series.name.empty() && !sheet->body.empty()) sheet->body = Titled(sheet->body, series.name);
  sheet->body = before + sheet->body;
}

// Points of a band lie in pairs, low and high.
void AddBand(const ChartBand& series, Sheet* sheet) {
  const PixelLine band = Thinned(series, sheet->x, sheet->y);
  for (const PixelRun& run : band.runs) {
    PixelLine around;
    for (size_t i = run.begin + 1; i < run.end; i += 2) around.points.push_back(band.points[i]);
    for (size_t i = run.end; i > run.begin; i -= 2) around.points.push_back(band.points[i - 2]);
    sheet->body +=
        "<polygon " + Paint("fill", series.color) + " points=\"" + PointsOf(around, 0, around.points.size()) + "\"/>\n";
  }
}

std::string MarkOf(double x, double y, double r, Actor actor) {
  const Rgba color = ActorColor(actor);
  if (actor.random())
    return "<path fill=\"none\" " + Paint("stroke", color) + " d=\"M" + Number(x - r) + " " + Number(y - r) + "L" +
           Number(x + r) + " " + Number(y + r) + "M" + Number(x - r) + " " + Number(y + r) + "L" + Number(x + r) + " " +
           Number(y - r) + "\"/>\n";
  if (actor.forced)
    return "<polygon fill=\"none\" " + Paint("stroke", color) + " points=\"" + Number(x) + "," + Number(y - 1.6 * r) +
           " " + Number(x + 1.5 * r) + "," + Number(y + r) + " " + Number(x - 1.5 * r) + "," + Number(y + r) + "\"/>\n";
  const std::vector<MarkPoint>& corners = MarkCorners(actor.slot);
  if (corners.empty())
    return "<circle cx=\"" + Number(x) + "\" cy=\"" + Number(y) + "\" r=\"" + Number(r) + "\" " + Paint("fill", color) +
           "/>\n";
  if (actor.slot == 0)
    return "<rect x=\"" + Number(x - r) + "\" y=\"" + Number(y - r) + "\" width=\"" + Number(2 * r) + "\" height=\"" +
           Number(2 * r) + "\" " + Paint("fill", color) + "/>\n";
  std::string points;
  for (const MarkPoint& corner : corners)
    points += (points.empty() ? "" : " ") + Number(x + r * static_cast<double>(corner.x)) + "," +
              Number(y + r * static_cast<double>(corner.y));
  return "<polygon " + Paint("fill", color) + " points=\"" + points + "\"/>\n";
}

// So many marks that they would be a smear: per column and policy a stroke from the lowest to the highest.
void AddStrokes(const ChartStrokes& strokes, Sheet* sheet) {
  const PixelLine line = DecimateStrokes(*strokes.x, *strokes.y, *strokes.levels, sheet->x, sheet->y);
  std::string path;
  for (size_t i = 0; i + 1 < line.points.size(); i += 2) {
    path += "M" + Number(line.points[i].x) + " " + Number(line.points[i].y) + "V" + Number(line.points[i + 1].y - 1);
  }
  if (!path.empty()) {
    sheet->body +=
        "<path class=\"strokes\" fill=\"none\" " + Paint("stroke", strokes.color) + " d=\"" + path + "\"/>\n";
  }
  AddMissing(*strokes.x, *strokes.y, line.missing, sheet);
}

void AddMarks(const ChartMarks& marks, Sheet* sheet) {
  if (!marks.strokes.empty() && CountInView(*marks.x, sheet->x) > kMostMarks) {
    for (const ChartStrokes& strokes : marks.strokes) AddStrokes(strokes, sheet);
    return;
  }
  // Of marks of one shape in the same unit of the picture the last.
  std::vector<Actor> shapes;
  for (const Actor& actor : *marks.actor)
    if (marks.Shows(actor) && std::find(shapes.begin(), shapes.end(), actor) == shapes.end()) shapes.push_back(actor);
  std::vector<size_t> kept;
  for (const Actor& shape : shapes) {
    std::vector<double> y(marks.y->size(), std::nan(""));
    for (size_t i = 0; i < y.size(); ++i)
      if ((*marks.actor)[i] == shape) y[i] = (*marks.y)[i];
    const std::vector<size_t> of_shape = ThinMarks(*marks.x, y, sheet->x, sheet->y, 1);
    kept.insert(kept.end(), of_shape.begin(), of_shape.end());
  }
  std::sort(kept.begin(), kept.end());
  for (const size_t i : kept) {
    sheet->body +=
        MarkOf(sheet->x.ToPixel((*marks.x)[i]), sheet->y.ToPixel((*marks.y)[i]), 1.3 * marks.radius, (*marks.actor)[i]);
  }
  AddMissing(*marks.x, *marks.y, DecimateLine(*marks.x, *marks.y, sheet->x, sheet->y).missing, sheet);
}

void AddPhases(const std::vector<ChartPhase>& phases, Sheet* sheet) {
  for (const ChartPhase& phase : phases) {
    const double from = std::max(sheet->x.ToPixel(phase.from), sheet->x.from), middle = sheet->y.to + 1.5;
    const double to = std::min(sheet->x.ToPixel(phase.to), sheet->x.to);
    if (to <= from) continue;
    Sheet ribbon;
    ribbon.Line(from, middle, to, middle, ActorColor(phase.actor), 3, " class=\"phase\"");
    sheet->body += Titled(ribbon.body, phase.name);
  }
}

// The signs of event_marks.cc, standing on the axis at x.
std::string TickOf(MarkKind kind, Actor actor, double x, double bottom) {
  const Rgba color = MarkColor(kind, actor);
  const auto at = [](double px, double py) { return Number(px) + "," + Number(py) + " "; };
  if (kind == MarkKind::kCheckpoint) {
    return "<polygon class=\"checkpoint\" " + Paint("fill", color) + " points=\"" + at(x - 3, bottom - 10) +
           at(x + 3, bottom - 10) + at(x + 3, bottom) + at(x, bottom - 3) + at(x - 3, bottom) + "\"/>";
  }
  if (kind == MarkKind::kForced) {
    return "<polyline fill=\"none\" " + Paint("stroke", color) + " points=\"" + at(x - 2, bottom) + at(x, bottom - 5) +
           at(x + 2, bottom) + "\"/>";
  }
  const double height = kind == MarkKind::kLifecycle ? 3 : 4;
  return "<rect x=\"" + Number(x - 0.75) + "\" y=\"" + Number(bottom - height) + "\" width=\"1.5\" height=\"" +
         Number(height) + "\" " + Paint("fill", color) + "/>";
}

void AddEvents(const ChartSpec& spec, Sheet* sheet) {
  if (spec.ticks != nullptr) {
    for (const MarkGroup& group : GroupMarks(*spec.ticks, sheet->x, kTickWidth))
      sheet->body += Titled(TickOf(group.leading, group.actor, group.x, sheet->y.from), Describe(*spec.ticks, group));
  }
  if (spec.flags == nullptr) return;
  for (const MarkGroup& group : GroupMarks(*spec.flags, sheet->x, kFlagWidth)) {
    const Rgba color = MarkColor(group.leading, group.actor);
    Sheet flag;
    flag.Line(group.x, sheet->y.from, group.x, sheet->y.to, color, 1.2, kDashes);
    flag.Text(group.x, sheet->y.to - 5, "middle", color, FlagText(*spec.flags, group), " font-weight=\"600\"");
    sheet->body += Titled(flag.body, Describe(*spec.flags, group));
  }
}

void AddGrid(const ChartSpec& spec, Sheet* sheet) {
  const Palette& c = Colors();
  const Axis &x = sheet->x, &y = sheet->y;
  const int most = std::clamp(static_cast<int>((y.from - y.to) / 40), 2, 6);
  const std::vector<double> rows = TicksOf(y, most);
  for (const double tick : rows) {
    const double at = y.ToPixel(tick);
    sheet->Line(x.from, at, x.to, at, c.line, tick == 0 ? 1.5 : 1);
    sheet->Text(x.from - 7, at + 4, "end", c.secondary,
                LabelAmong(rows, tick, y.scale != AxisScale::kLinear, spec.percent));
  }
  if (y.scale == AxisScale::kLog && y.strip > 0)
    sheet->Text(x.from - 7, y.ToPixel(0) + 4, "end", c.secondary, "\xe2\x89\xa4 0");
  std::vector<double> columns = TicksOf(x, 7);
  if (spec.x_whole) columns = WholeTicks(std::move(columns));
  for (const double tick : columns) {
    sheet->Line(x.ToPixel(tick), y.from, x.ToPixel(tick), y.from + 4, c.line, 1);
    sheet->Text(x.ToPixel(tick), y.from + 18, "middle", c.secondary,
                LabelAmong(columns, tick, x.scale != AxisScale::kLinear, false));
  }
  if (!spec.x_label.empty()) sheet->Text(x.to, y.from + 34, "end", c.secondary, spec.x_label);
}

// What is cut off at the axes. The id follows from the picture: several of them can stand in one page.
std::string Clipped(const Sheet& inside, const SvgOptions& o) {
  const std::string rect = "<rect x=\"" + Number(inside.x.from) + "\" y=\"" + Number(inside.y.to - 3) + "\" width=\"" +
                           Number(inside.x.to - inside.x.from) + "\" height=\"" +
                           Number(inside.y.from - inside.y.to + 4) + "\"/>";
  const std::string id = XmlId("axes", o.title + "\n" + o.note + "\n" + rect + inside.body);
  return "<clipPath id=\"" + id + "\">" + rect + "</clipPath>\n<g clip-path=\"url(#" + id + ")\">\n" + inside.body +
         "</g>\n";
}

std::string Finish(const Sheet& sheet, const SvgOptions& o) {
  const Palette& c = Colors();
  Sheet head;
  head.Text(16, 24, "start", c.text, o.title, " font-size=\"15\" font-weight=\"600\"");
  head.Text(o.width - 16, 24, "end", c.secondary, o.note);
  const std::string size = std::to_string(o.width) + "\" height=\"" + std::to_string(o.height);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" viewBox=\"0 0 " + std::to_string(o.width) +
         " " + std::to_string(o.height) +
         "\" font-family=\"Inter, DejaVu Sans, sans-serif\" font-size=\"12\">\n<rect width=\"" + size + "\" " +
         Paint("fill", c.card) + "/>\n" + head.body + sheet.body + "</svg>\n";
}

constexpr double kLegendRow = 18, kSignWidth = 14;

// Signs and their words under the title, in as many rows as they need; the height of these.
double AddLegend(const std::vector<LegendEntry>& entries, const SvgOptions& o, Sheet* sheet) {
  using Sign = LegendEntry::Sign;
  double x = 16, y = 44;
  for (const LegendEntry& entry : entries) {
    const double words = 6.4 * static_cast<double>(entry.label.size()), width = kSignWidth + 6 + words + 12;
    if (x > 16 && x + width > o.width - 16) {
      x = 16;
      y += kLegendRow;
    }
    const double middle = y - 4;
    if (entry.sign == Sign::kActor) sheet->body += MarkOf(x + kSignWidth / 2, middle, 3.5, entry.actor);
    if (entry.sign == Sign::kLine) sheet->Line(x, middle, x + kSignWidth, middle, entry.color, 2);
    if (entry.sign == Sign::kDashes) sheet->Line(x, middle, x + kSignWidth, middle, entry.color, 2, kDashes);
    if (entry.sign == Sign::kDots) sheet->Line(x, middle, x + kSignWidth, middle, entry.color, 2, kDots);
    if (entry.sign == Sign::kBand) sheet->Line(x, middle, x + kSignWidth, middle, WithAlpha(entry.color, 0.3f), 9);
    sheet->Text(x + kSignWidth + 6, y, "start", Colors().secondary, entry.label, " class=\"legend\"");
    x += width;
  }
  return entries.empty() ? 0 : y - 44 + kLegendRow;
}

constexpr double kHead = 52, kFoot = 44;         // above and below the axes of a single chart
constexpr double kTitleRow = 24, kBetween = 30;  // of charts above each other
constexpr float kLeft = 60, kRight = 18;

// The axes of a chart whose upper edge is `top`.
Sheet Ruled(const Axis& x, const Axis& y, double top, double height, const SvgOptions& o) {
  Sheet sheet;
  sheet.x = x;
  sheet.y = y;
  sheet.x.from = kLeft;
  sheet.x.to = static_cast<float>(o.width) - kRight;
  sheet.y.from = static_cast<float>(top + height);
  sheet.y.to = static_cast<float>(top);
  return sheet;
}

// Into the axes that `sheet` has.
void AddChart(const ChartSpec& spec, const SvgOptions& options, Sheet* sheet) {
  if (!spec.nothing.empty()) {
    sheet->Text(options.width / 2.0, 0.5 * (sheet->y.from + sheet->y.to), "middle", Colors().secondary, spec.nothing);
    return;
  }
  AddGrid(spec, sheet);
  Sheet inside = *sheet;
  inside.body.clear();
  for (const ChartBand& band : spec.bands) AddBand(band, &inside);
  AddPhases(spec.phases, &inside);
  for (const double reference : spec.references) {
    const double at = inside.y.ToPixel(reference);
    inside.Line(inside.x.from, at, inside.x.to, at, Colors().text, 1, kDashes);
  }
  for (const ChartMarks& marks : spec.marks) AddMarks(marks, &inside);
  for (const ChartLine& line : spec.lines) AddLine(line, &inside);
  sheet->body += Clipped(inside, options);
  AddEvents(spec, sheet);
}

}  // namespace

std::string FigureSvg(const std::vector<FigureChart>& charts, const SvgOptions& options) {
  Sheet all;
  double top = kHead;
  if (!charts.empty()) top += AddLegend(charts.front().spec.legend, options, &all);
  for (const FigureChart& chart : charts) {
    if (!chart.title.empty()) {
      all.Text(kLeft, top + kTitleRow - 10, "start", Colors().text, chart.title, " font-weight=\"600\"");
      top += kTitleRow;
    }
    Sheet sheet = Ruled(chart.x, chart.y, top, chart.height, options);
    AddChart(chart.spec, options, &sheet);
    all.body += sheet.body;
    top += chart.height + kBetween;
  }
  SvgOptions whole = options;
  whole.height = static_cast<int>(std::lround(top - kBetween + kFoot));
  return Finish(all, whole);
}

std::string ChartSvg(const ChartSpec& spec, const Axis& x, const Axis& y, const SvgOptions& options) {
  Sheet legend;
  const double taken = AddLegend(spec.legend, options, &legend);
  return FigureSvg({{spec, x, y, "", options.height - kHead - kFoot - taken}}, options);
}

std::string DecisionSvg(const eps::Decision& decision, const nets::PartList& parts, const SvgOptions& options) {
  const eps::Comparison& compared = decision.turned_on();
  const Actor preferred = LearnerOf(parts, compared.preferred), challenger = LearnerOf(parts, compared.challenger);
  std::vector<size_t> order(compared.delta.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return compared.delta[a] < compared.delta[b]; });
  RangeOf range;
  range.Add(0.0);
  const auto error = [&](size_t i) {
    const double e = i < compared.standard_error.size() ? compared.standard_error[i] : 0;
    return std::isfinite(e) ? e : 0;
  };
  for (const size_t i : order) {
    if (!std::isfinite(compared.delta[i])) continue;
    range.Add(compared.delta[i] - error(i));
    range.Add(compared.delta[i] + error(i));
  }
  const AxisView view = range.View(0.05);
  Sheet sheet = Ruled({0, static_cast<double>(order.size()) + 1}, {view.lo, view.hi}, kHead,
                      options.height - kHead - kFoot, options);
  ChartSpec spec;
  spec.x_whole = true;
  spec.x_label = parts.Beliefs() + ", by their delta";
  AddGrid(spec, &sheet);
  const double zero = sheet.y.ToPixel(0);
  sheet.Line(sheet.x.from, zero, sheet.x.to, zero, Colors().text, 2);
  for (size_t rank = 0; rank < order.size(); ++rank) {
    const double delta = compared.delta[order[rank]], at = sheet.x.ToPixel(static_cast<double>(rank) + 1);
    if (!std::isfinite(delta)) continue;
    const Actor actor = delta > 0 ? challenger : preferred;
    const double e = error(order[rank]);
    sheet.Line(at, sheet.y.ToPixel(delta - e), at, sheet.y.ToPixel(delta + e), WithAlpha(ActorColor(actor), 0.5f), 1);
    sheet.body += MarkOf(at, sheet.y.ToPixel(delta), 3.5, actor);
  }
  return Finish(sheet, options);
}

}  // namespace equipoise::ui
