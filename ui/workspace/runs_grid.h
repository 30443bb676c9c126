// runs_grid.h: the runs of a folder as small curves; a click opens one.
//
// Thread   window thread, inside a frame
#pragma once

#include <string>
#include <vector>

#include "ui/view/panel.h"
#include "ui/view/run_tiles.h"

namespace equipoise::ui {

// How a run stands, as a sign and, if `worded`, a word behind it; returns the width.
float DrawRunState(const std::string& state, ImVec2 left_middle, bool worded);
// A curve of `values` from `lowest` to `highest`; what is not finite is left out.
void DrawSpark(const std::vector<double>& values, double lowest, double highest, ImVec2 a, ImVec2 b);
// At the cursor, as wide as `width`; leaves the cursor below.
void DrawRunsGrid(PanelContext& context, const std::vector<run::RunSummary>& runs, const std::vector<TileGroup>& groups,
                  float width);

}  // namespace equipoise::ui
