// curve_frame.h: one frame of the curves: what every chart is drawn from, and what hovering and clicking means.
//
// Thread   window thread, inside a frame
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ui/panels/curves/curve_data.h"
#include "ui/panels/curves/other_runs.h"
#include "ui/plot/line_chart.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

struct CurvesMemory;  // what is kept of the run and of the others from frame to frame

struct CurvesFrame {
  const run::Snapshot& snapshot;
  UiState& state;
  CurvesMemory& memory;
  const CurveData& data;
  const EventMarks& flags;
  const EventMarks& ticks;
  std::vector<std::string> problems;  // of other runs that could not be read
  bool reading = false;
  size_t focus = 0;  // the episode that the captions speak of: under the mouse, chosen, or the newest
  bool focus_is_newest = true;

  ChartView& View(CurveChart chart) const { return state.view.curves.chart[static_cast<size_t>(chart)]; }
  const nets::PartList& parts() const { return data.options.parts; }
  bool Logarithmic(const ChartTable& table) const {
    return !table.percent && View(table.chart).logarithmic.value_or(table.logarithmic);
  }
};

// Reads what there is to read and builds what has changed; the references live until the next call.
CurvesFrame PrepareCurves(PanelContext& context);

// The other runs behind one series of a chart; kept until something changes.
const OverlaySeries& OverlayOf(const CurvesFrame& frame, CurveChart chart, size_t which);
// The groups of this run and the others; OverlayGroup::group is an index into them.
const std::vector<run::RunGroup>& OverlaidGroups(const CurvesFrame& frame);
// "SAC", "SAC, eps.masks = 20"
std::string GroupName(const run::RunGroup& group);
// Of an agent the first group has its colour, further ones have others.
ImU32 GroupColor(const CurvesFrame& frame, size_t group);
// Of another run: its index in the list of runs, from 1.
ImU32 RunColor(size_t run);
// The other runs at the episode that the captions speak of: smoothed return, and that minus this run's; NaN: it has
// none there.
struct OverlaidRun {
  std::string name;
  ImU32 color;
  double value, difference;
};
std::vector<OverlaidRun> OverlaidRuns(const CurvesFrame& frame);
// In place of the returns: every other run minus this one.
bool ShowsDifference(const CurvesFrame& frame);
void AddDifferences(const CurvesFrame& frame, ChartSpec* spec);
// Bit of ChartView::hidden (of the return) that hides all runs of a group.
unsigned GroupBit(size_t group);

// What the x axis shows when it follows the data: this run whole, and the other runs.
AxisView WholeX(const CurvesFrame& frame);
// What all charts have in common.
ChartSpec LinkedSpec(const CurvesFrame& frame, const ChartTable& table);
// Bands, faint lines and means of the other runs.
void AddOverlay(const CurvesFrame& frame, CurveChart chart, size_t which, ChartSpec* spec);
void FollowCurves(const CurvesFrame& frame, const ChartResult& result);

}  // namespace equipoise::ui
