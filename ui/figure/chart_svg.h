// chart_svg.h: charts as SVG, from their data and in the view that a person chose. Marks keep their shapes, lines their
// dashes, so that a figure works without colours.
//
// Lines, bands and marks are thinned to the picture (decimate.h): its size does not follow the length of the run.
// Units    user units of the picture
// Thread   any one, with the palette in force (palette.h)
#pragma once

#include <string>
#include <vector>

#include "engine/eps/decision.h"
#include "ui/figure/chart.h"

namespace equipoise::ui {

struct SvgOptions {
  int width = 720, height = 400;
  std::string title, note;  // above the chart, left and right
};

// One of several charts above each other.
struct FigureChart {
  ChartSpec spec;
  Axis x, y;  // the view; their pixels are not used
  std::string title = "";
  double height = 250;  // of the axes
};
// As high as it needs to be. The legend of the first chart stands below the title, for all.
std::string FigureSvg(const std::vector<FigureChart>& charts, const SvgOptions& options);
// One chart, exactly as large as `options` say. `x`, `y`: as above.
std::string ChartSvg(const ChartSpec& spec, const Axis& x, const Axis& y, const SvgOptions& options);
// One dot per mask in the order of their deltas, with its standard error, and the line at zero.
std::string DecisionSvg(const eps::Decision& decision, const nets::PartList& parts, const SvgOptions& options);

}  // namespace equipoise::ui
