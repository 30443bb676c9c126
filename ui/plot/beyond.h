// beyond.h: what the range of a chart leaves out is not hidden: an arrow at the edge over it, and the farthest value on
// each side in words.
//
// Cost     bounded by pixels where there are levels (min_max_pyramid.h)
// Thread   window thread, inside a frame
#pragma once

#include "ui/figure/chart.h"

namespace equipoise::ui {

// Of raw lines and of marks; lines without their own gaps (ChartLine::missing) leave it to those.
void DrawBeyond(const ChartSpec& spec, const Axis& x, const Axis& y);

}  // namespace equipoise::ui
