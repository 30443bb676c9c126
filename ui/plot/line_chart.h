// line_chart.h: lines, bands and marks over a shared x axis, with the gestures that ImPlot has taught hands.
//
// Mouse    wheel: zoom along x at the cursor, y follows what is in view (Ctrl: y alone, Shift: both)
//          left drag: pan, up and down only once y was zoomed   right drag: zoom to the box
//          double click: follow the data again                        left click: choose what lies there
// Views    x and y are the caller's; charts that share a view of x move together
// Events   upright dashed lines with a numbered head; forced episodes and switches as ticks on the axis (event_marks.h)
// Phases   of an agent whose parts act in turn: a ribbon along the upper edge in the colour of whoever acted
// Beyond   what a robust range leaves out stands as an arrow at the edge, the farthest with its value (beyond.h)
// Missing  a value that is not a number is a gap and a red tick on the axis; an infinite one an arrow at the edge
// Cost     bounded by pixels, not by data (decimate.h); with levels not even looked at (min_max_pyramid.h)
//
// Thread   window thread, inside a frame
#pragma once

#include <string>

#include "ui/figure/chart.h"
#include "ui/kit/draw.h"

namespace equipoise::ui {

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
