// curve_fit.h: what the y axis of a chart shows when it follows the data: all of it, or what lies in a stretch of x.
//
// Robust: on each side the few farthest values (1 in 50, of charts that are known to be wild 1 in 20, one at least) may
// leave the chart when they are more than three interquartile ranges away from the rest and would make it less than
// half as tall; they stand as arrows at the edge. Where there are fewer than eight values all of them are shown.
// Cost     a sample of at most 4096 values of each series
// Pure: no ImGui call
#pragma once

#include "ui/panels/curves/curve_data.h"

namespace equipoise::ui {

// Over the episodes with lo <= x <= hi.
CurveData::Fit FitWithin(const CurveData& data, const ChartTable& table, double lo, double hi);

// Of values, at most `share` of them (one at least) beyond it on each side.
RangeOf RobustRange(std::vector<double> values, double share);

}  // namespace equipoise::ui
