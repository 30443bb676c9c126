// legend.h: what the signs of a chart mean; a click on an entry hides what it stands for, and brings it back.
//
// Thread   window thread, inside a frame
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ui/figure/chart.h"
#include "ui/kit/draw.h"

namespace equipoise::ui {

// One row that ends at `top_right`. Where the labels have no room right of `left`, the shorter ones are used, and where
// these have none either, signs alone, which say their label when pointed at. Returns where the row begins.
float DrawLegend(const char* id, ImVec2 top_right, float left, const std::vector<LegendEntry>& entries,
                 uint32_t* hidden);

}  // namespace equipoise::ui
