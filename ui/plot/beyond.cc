#include "ui/plot/beyond.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "ui/figure/ticks.h"
#include "ui/kit/draw.h"
#include "ui/kit/explain.h"
#include "ui/kit/trace.h"
#include "ui/plot/chart_frame.h"

namespace equipoise::ui {
namespace {

constexpr float kColumn = 8;  // pixels that share an arrow

struct Edge {
  std::map<int, double> farthest;  // by column
};

MinMaxPyramid::Summary Extremes(const std::vector<double>& y, const MinMaxPyramid* levels, size_t begin, size_t end) {
  if (levels != nullptr && levels->size() == y.size()) return levels->Of(y, begin, end);
  MinMaxPyramid::Summary s;
  for (size_t i = begin; i < end; ++i) s.Add(y[i]);
  return s;
}

void Collect(const std::vector<double>& xs, const std::vector<double>& ys, const MinMaxPyramid* levels, const Axis& x,
             const Axis& y, Edge* above, Edge* below) {
  const int columns = std::max(1, static_cast<int>((x.to - x.from) / kColumn));
  auto begin = static_cast<size_t>(std::lower_bound(xs.begin(), xs.end(), x.lo) - xs.begin());
  for (int c = 0; c < columns && begin < xs.size(); ++c) {
    const double until = c + 1 == columns ? x.hi : x.FromPixel(x.from + kColumn * static_cast<float>(c + 1));
    const auto from = xs.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto end = static_cast<size_t>(std::upper_bound(from, xs.end(), until) - xs.begin());
    if (end == begin) continue;
    const MinMaxPyramid::Summary s = Extremes(ys, levels, begin, end);
    begin = end;
    if (!s.any()) continue;
    if (s.hi > y.hi) {
      double& kept = above->farthest.try_emplace(c, s.hi).first->second;
      kept = std::max(kept, s.hi);
    }
    if (s.lo < y.lo && !y.InStrip(s.lo)) {
      double& kept = below->farthest.try_emplace(c, s.lo).first->second;
      kept = std::min(kept, s.lo);
    }
  }
}

void DrawEdge(const Edge& edge, bool up, const Axis& x, const Axis& y) {
  if (edge.farthest.empty()) return;
  const float tip = up ? y.to : y.from, size = Px(7);
  const auto less = [](const auto& a, const auto& b) { return std::fabs(a.second) < std::fabs(b.second); };
  const auto farthest = std::max_element(edge.farthest.begin(), edge.farthest.end(), less);
  for (const auto& [column, value] : edge.farthest) {
    const float at = x.from + kColumn * (static_cast<float>(column) + 0.5f);
    ArrowHead({at, tip}, 0, up ? -1.0f : 1.0f, size, Colors().note);
    const float top = up ? tip : tip - size;
    Explain({at - Px(5), top - Px(2)}, {at + Px(5), top + size + Px(4)}, "Outlier",
            "Here: " + Brief(value) + ", at " + Brief(x.FromPixel(at)) + ".");
  }
  ImFont* font = GetFonts().mono_small;
  const std::string words = Brief(farthest->second);
  const float at = x.from + kColumn * (static_cast<float>(farthest->first) + 0.5f), width = TextWidth(font, words);
  const float left = at + Px(8) + width < x.to ? at + Px(8) : at - Px(8) - width;
  const float top = up ? tip + Px(1) : tip - FontSize(font) - Px(3);
  Rect({left - Px(2), top - Px(1)}, {left + width + Px(2), top + FontSize(font) + Px(2)},
       WithAlpha(Colors().card, 0.8f), Px(2));
  Text(font, {left, top}, Colors().note, words);
  TraceWidget(up ? "chart.beyond.above" : "chart.beyond.below", {left, top}, {left + width, top + FontSize(font)});
}

}  // namespace

void DrawBeyond(const ChartSpec& spec, const Axis& x, const Axis& y) {
  Edge above, below;
  for (const ChartLine& line : spec.lines)
    if (line.missing) Collect(*line.x, *line.y, line.levels, x, y, &above, &below);
  for (const ChartMarks& marks : spec.marks) {
    const MinMaxPyramid* levels = nullptr;
    if (CountInView(*marks.x, x) > kMostMarks) continue;
    Collect(*marks.x, *marks.y, levels, x, y, &above, &below);
  }
  DrawEdge(above, true, x, y);
  DrawEdge(below, false, x, y);
}

}  // namespace equipoise::ui
