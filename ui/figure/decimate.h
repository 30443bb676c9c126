// decimate.h: as many points as pixels, and nothing lost that an eye could see.
//
// Within one pixel column a line is its first, lowest, highest and last point: the picture is that of all points and
// costs no more than four per column. A value that is not a number ends the run before it (a gap); it and infinities
// are handed back as marks, one per column and kind, since a chart that hides them lies.
//
// Input    x rising (equal neighbours allowed), y of the same length
// Units    points and marks in pixels of the two axes
#pragma once

#include <cstddef>
#include <vector>

#include "ui/figure/axis.h"

namespace equipoise::ui {

struct PixelPoint {
  float x, y;
};

struct PixelRun {  // points [begin, end) of one unbroken line; one that has a single point is a dot
  size_t begin, end;
};

struct MissingMark {
  enum class Kind { kNotANumber, kPlusInfinity, kMinusInfinity } kind;
  float x;
};

struct PixelLine {
  std::vector<PixelPoint> points;
  std::vector<PixelRun> runs;
  std::vector<MissingMark> missing;
};

// Entries outside [x_axis.lo, x_axis.hi] are left out, except the neighbours on either side, so that the line leaves
// the chart instead of ending in it.
PixelLine DecimateLine(const std::vector<double>& x, const std::vector<double>& y, const Axis& x_axis,
                       const Axis& y_axis);

// A band between lo and hi: per column the lowest lo and the highest hi. Vertices of one triangle strip per run, lo and
// hi in turn, so that nothing is drawn twice and the shade is even.
PixelLine DecimateBand(const std::vector<double>& x, const std::vector<double>& lo, const std::vector<double>& hi,
                       const Axis& x_axis, const Axis& y_axis);

// Indices of the entries whose marks are to be drawn: of those that fall into the same cell of `cell` pixels only
// the last.
std::vector<size_t> ThinMarks(const std::vector<double>& x, const std::vector<double>& y, const Axis& x_axis,
                              const Axis& y_axis, float cell);

}  // namespace equipoise::ui
