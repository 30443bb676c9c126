// line_chart.h: lines, bands and marks over a shared x axis, with the gestures that ImPlot has taught hands.
//
// Mouse    wheel: zoom at the cursor (Shift: x only, Ctrl: y only)   left drag: pan   right drag: zoom to the box
//          double click: follow the data again                        left click: choose what lies there
// Views    x and y are the caller's; charts that share a view of x move together
// Events   upright dashed lines with a numbered head; forced episodes and switches as ticks on the axis (event_marks.h)
// Missing  a value that is not a number is a gap and a red tick on the axis; an infinite one an arrow at the edge
// Cost     bounded by pixels, not by data (decimate.h); with levels not even looked at (min_max_pyramid.h)
//
// Thread   window thread, inside a frame
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "ui/kit/draw.h"
#include "ui/plot/axis.h"
#include "ui/plot/event_marks.h"
#include "ui/plot/legend.h"
#include "ui/plot/min_max_pyramid.h"

namespace equipoise::ui {

// Series borrow their data: x rising, everything of one length.
struct ChartLine {
  const std::vector<double>* x;
  const std::vector<double>* y;
  ImU32 color;
  float thickness = 2;
  bool dashed = false;
  bool filled = false;                    // down to the axis
  const MinMaxPyramid* levels = nullptr;  // of y; null: every frame looks at every point
  bool missing = true;                    // show what is not a number; a smoothed line leaves that to its raw one
};

struct ChartBand {
  const std::vector<double>* x;
  const std::vector<double>* lo;
  const std::vector<double>* hi;
  ImU32 color;
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
  ImU32 color;
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

struct ChartSpec {
  AxisView x_fit, y_fit;  // what a view that follows the data shows
  AxisScale y_scale = AxisScale::kLinear;
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
  std::vector<double> references;     // dashed horizontal lines
  const EventMarks* flags = nullptr;  // lines over the whole height
  const EventMarks* ticks = nullptr;  // small ones on the axis
  bool flag_heads = false;            // only the uppermost of linked charts carries the numbers
  std::optional<double> hovered_x, selected_x;
  std::vector<LegendEntry> legend;  // of a figure (chart_svg.h); a window has it where it can be clicked
  std::string nothing;              // said in the middle instead of data; empty: there is data
  bool x_is_known = false;          // there is an x axis even so
};

struct ChartResult {
  bool hovered = false;        // the mouse is inside the axes
  double x = 0, y = 0;         // what lies under it
  bool clicked = false;        // without a drag
  bool fitted = false;         // by a double click
  std::string hovered_events;  // what happened under the mouse, a line each
  Axis x_axis, y_axis;         // as drawn
};

// At the cursor, exactly `size` pixels, the row of x labels included.
ChartResult DrawLineChart(const char* id, ImVec2 size, const ChartSpec& spec, AxisView* x, AxisView* y);

}  // namespace equipoise::ui
