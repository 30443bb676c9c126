// chart.h: a chart as a value: what is drawn over which axes, with which signs. A window draws it (plot/line_chart.h),
// a figure writes it as SVG (chart_svg.h).
//
// Thread   any one; the data that are borrowed must outlive the value
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "ui/figure/actor.h"
#include "ui/figure/axis.h"
#include "ui/figure/decimate.h"
#include "ui/figure/event_marks.h"
#include "ui/figure/min_max_pyramid.h"

namespace equipoise::ui {

struct LegendEntry {
  enum class Sign { kActor, kLine, kDashes, kDots, kBand } sign;
  std::string label;
  unsigned bit;  // of the set of hidden entries
  Actor actor = {};
  Rgba color = 0;            // of line, dashes and band
  std::string shorter = "";  // instead of the label where there is little room; empty: the label
};
inline bool Shown(uint32_t hidden, unsigned bit) { return (hidden >> bit & 1u) == 0; }

// Series borrow their data: x rising, everything of one length.
struct ChartLine {
  const std::vector<double>* x;
  const std::vector<double>* y;
  Rgba color;
  float thickness = 2;
  bool dashed = false;
  bool filled = false;                    // down to the axis
  const MinMaxPyramid* levels = nullptr;  // of y; null: every frame looks at every point
  bool missing = true;                    // show what is not a number; a smoothed line leaves that to its raw one
  bool dotted = false;
  std::string name = "";  // said when it is pointed at in a figure
};

struct ChartBand {
  const std::vector<double>* x;
  const std::vector<double>* lo;
  const std::vector<double>* hi;
  Rgba color;
  const MinMaxPyramid* lo_levels = nullptr;
  const MinMaxPyramid* hi_levels = nullptr;
};

// As many points as pixels (decimate.h), by the levels where there are any: on the screen and in figures.
PixelLine Thinned(const ChartLine& line, const Axis& x, const Axis& y);
PixelLine Thinned(const ChartBand& band, const Axis& x, const Axis& y);

// One shape per entry, by who acted. Where kMostMarks are in view, a faint stroke per column and policy instead, from
// the lowest to the highest.
inline constexpr size_t kMostMarks = 20000;
struct ChartStrokes {
  const std::vector<double>* x;
  const std::vector<double>* y;
  const MinMaxPyramid* levels;
  Rgba color;
};
struct ChartMarks {
  const std::vector<double>* x;
  const std::vector<double>* y;
  const std::vector<Actor>* actor;
  std::vector<Actor> hidden;
  bool Shows(Actor who) const { return std::find(hidden.begin(), hidden.end(), who) == hidden.end(); }
  float radius = 2.2f;
  std::vector<ChartStrokes> strokes = {};  // empty: marks, however many
};

// A stretch of x in which one of those that take turns acted: a ribbon along the upper edge, with its name where there
// is room.
struct ChartPhase {
  double from, to;
  Actor actor;
  std::string name;
};

// Wide, and flat: whoever draws it must find all of it, and whoever makes it sets what it needs.
struct ChartSpec {
  AxisView x_fit, y_fit;  // what a view that follows the data shows
  AxisScale y_scale = AxisScale::kLinear, x_scale = AxisScale::kLinear;
  double y_linear = 1;   // of a symmetric one
  bool y_strip = false;  // logarithmic: there are values <= 0
  bool y_fixed = false;  // y is not to be zoomed
  bool percent = false;
  bool x_labels = true;
  bool x_whole = false;  // x counts things
  std::string x_label;
  float left_margin = 44;  // for the y labels, at scale 1

  std::vector<ChartBand> bands;
  std::vector<ChartLine> lines;
  std::vector<ChartMarks> marks;
  std::vector<ChartPhase> phases;     // rising
  std::vector<double> references;     // dashed horizontal lines
  const EventMarks* flags = nullptr;  // lines over the whole height
  const EventMarks* ticks = nullptr;  // small ones on the axis
  bool flag_heads = false;            // only the uppermost of linked charts carries the numbers
  std::optional<double> hovered_x, selected_x;
  std::vector<LegendEntry> legend;  // of a figure (chart_svg.h); a window has it where it can be clicked
  std::string nothing;              // said in the middle instead of data; empty: there is data
  bool x_is_known = false;          // there is an x axis even so
};

}  // namespace equipoise::ui
