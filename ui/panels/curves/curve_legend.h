// curve_legend.h: what the signs of the curves mean: who acted, the lines of this run, the groups of other runs.
//
// Thread   window thread, inside a frame
#pragma once

#include <vector>

#include "ui/panels/curves/curve_frame.h"

namespace equipoise::ui {

// Bits of ChartView::hidden of the return; those of learners follow from their slots.
enum CurveEntry : unsigned { kRandomMarks, kForcedMarks = 3, kSmoothed, kPredicted };
unsigned MarksOf(int slot);

// Who may act: model-based learners first, as they stand above the others elsewhere. `forces`: some episodes are forced.
std::vector<LegendEntry> ActorEntries(const nets::PartList& parts, bool forces);
std::vector<LegendEntry> LineEntries(const CurvesFrame& frame);
// The groups of other runs behind the curves, each with the name of its band: over how many runs, and where fewer go
// on.
std::vector<LegendEntry> OverlayEntries(const CurvesFrame& frame);

// Those of `entries` that are not hidden.
void AddToFigure(const std::vector<LegendEntry>& entries, uint32_t hidden, ChartSpec* spec);
// One row above all charts, `width` wide; instead of groups what is the matter with them.
// The other runs by name and colour, with their smoothed return at the episode that is pointed at and how far that is
// from this run's. The height used.
float DrawOverlaidRuns(const CurvesFrame& frame, ImVec2 at, float width);
void DrawOverlayLegend(const CurvesFrame& frame, ImVec2 at, float width);

}  // namespace equipoise::ui
