// chart_frame.h: grid, ticks and labels of a chart, and the marks for values that have no place in it.
//
// Thread   window thread, inside a frame; draws into the current window's list
#pragma once

#include <string>
#include <vector>

#include "ui/figure/axis.h"
#include "ui/figure/decimate.h"
#include "ui/kit/theme.h"

namespace equipoise::ui {

// Height of the row of labels under a chart, and of a strip for values <= 0 on a logarithmic axis.
float TickRowHeight();
float StripHeight();

struct FrameStyle {
  bool percent = false;    // of the y labels
  bool x_whole = false;    // x counts things: no label between two whole numbers
  bool x_labels = true;    // charts that stand on another one leave them to the lowest
  std::string x_label;     // at the right end of the row of labels
  float y_room = 0;        // left of the box; a label that is wider is left out. 0: as much as it takes
  float zero_ink = 0.20f;  // of the horizontal line at zero
};

// The box is that of the two axes: (x.from, y.to) to (x.to, y.from). Labels stand left of it and below it.
void DrawChartFrame(const Axis& x, const Axis& y, const FrameStyle& style);

// The vertical lines and the row of labels alone, for a chart that has an x axis but nothing to draw above it.
void DrawXGrid(const Axis& x, const Axis& y, const FrameStyle& style);

// Where a value was not a number: a red tick that stands on the axis. Infinite: a red arrow head at the edge.
void DrawMissing(const std::vector<MissingMark>& missing, const Axis& y);

// An arrow head of `size` that points to (dx, dy), its tip at `tip`.
void ArrowHead(ImVec2 tip, float dx, float dy, float size, ImU32 color);

}  // namespace equipoise::ui
