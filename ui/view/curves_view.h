// curves_view.h: which curves are shown, over what, and how far they are zoomed.
//
// Thread   window thread
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ui/figure/axis.h"
#include "ui/view/curve_charts.h"

namespace equipoise::ui {

enum class XAxis { kEpisode, kEnvironmentSteps, kGradientSteps, kWallTime };

struct ChartView {
  AxisView y;
  std::optional<bool> logarithmic;  // none: as the table of charts has it
  uint32_t hidden = 0;              // by a click in its legend, one bit for each entry
  size_t overlaid = 0;              // the series that other runs draw (OverlaidSeries in other_runs.h)
};

struct CurvesView {
  uint64_t shown = kUsualCharts;  // one bit for each CurveChart before kOwn
  std::vector<std::string> own;   // of the others those shown, by their ids, whichever agent has them
  XAxis x_axis = XAxis::kEpisode;
  bool x_log = false;
  AxisView x;
  std::array<ChartView, kCurveCharts> chart;
  XAxis zoomed = XAxis::kEpisode;   // what x counts: a zoom means nothing on another axis
  int smoothing = 0;                // episodes; 0: chosen by the length of the run; 1: none
  int fraction_window = 20;         // picks
  bool by_actor = false;            // one smoothed return for each policy
  bool events = true;               // marks of what happened
  std::vector<std::string> others;  // folders of runs drawn beside this one
  bool difference = false;          // of the returns: the others minus this run
  bool large = false;               // over the scene and the check as well

  // Nothing was chosen: every agent shows what is usual for it.
  bool usual() const { return shown == kUsualCharts && own.empty(); }
  bool Shows(const ChartTable& table) const {
    if (usual()) return table.usual;
    if (table.chart < CurveChart::kOwn) return (shown & Bit(table.chart)) != 0;
    return std::find(own.begin(), own.end(), table.id) != own.end();
  }
  // Of an agent of these parts. Never none: the last one stays.
  void Toggle(const ChartTable& table, const nets::PartList& parts) {
    if (usual()) {
      shown = 0;
      for (const ChartTable& each : ChartTables(parts)) {
        if (!each.usual) continue;
        if (each.chart < CurveChart::kOwn) {
          shown |= Bit(each.chart);
        } else {
          own.push_back(each.id);
        }
      }
    }
    if (table.chart < CurveChart::kOwn) {
      shown ^= Bit(table.chart);
    } else if (const auto at = std::find(own.begin(), own.end(), table.id); at != own.end()) {
      own.erase(at);
    } else {
      own.push_back(table.id);
    }
    if (shown == 0 && own.empty()) shown = Bit(CurveChart::kReturn);
  }

  bool Zoomed() const {
    return !x.fit || std::any_of(chart.begin(), chart.end(), [](const ChartView& view) { return !view.y.fit; });
  }
  void FollowTheData() {
    x.fit = true;
    for (ChartView& view : chart) view.y.fit = true;
  }
};

}  // namespace equipoise::ui
