// report_figures.h: the figures of a report as values: drawn as SVG (ui/figure) and as PNG (ui/offscreen).
//
//   figure2   learning curves by task: means over runs of blocks of episodes, with the 95 % confidence interval
//   figure3   share of model-free picks among the last twenty, of the agents that choose
//   figure4   the same two where something is wrong (failures of a sweep)
//   profiles  performance profiles over all tasks, with their bootstrap intervals
//
// Thread   one; the palette is set by whoever draws
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "engine/report/summary.h"
#include "ui/figure/chart_svg.h"

namespace equipoise::app {

struct Figure {
  std::string name, caption;
  std::vector<ui::FigureChart> charts;  // borrow from `data`
  std::deque<std::vector<double>> data;
  ui::SvgOptions options;
};
// Those that there is something for. Uses the light palette.
std::deque<Figure> ReportFigures(const report::Collected& collected, const report::Aggregates& aggregates);

// Its lines as a table: chart, agent, x, y, lo, hi.
std::string FigureCsv(const Figure& figure);

}  // namespace equipoise::app
