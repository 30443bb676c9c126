// bonus_bars.h: what the check compares where there is an exploration bonus: a bar for each policy, its return in its
// colour and, from there on, what it would teach the model.
//
// Thread   window thread, inside a frame
#pragma once

#include <vector>

#include "ui/kit/draw.h"
#include "ui/panels/check/check_text.h"

namespace equipoise::ui {

// The values at both ends of the bars: all of them and 0.
struct BonusScale {
  double lo = 0, hi = 0;
  // 0 to 1, from left to right.
  float Share(double value) const;
};
BonusScale ScaleOf(const std::vector<BonusBar>& bars);

float BonusBarsHeight(const std::vector<BonusBar>& bars);
void DrawBonusBars(const std::vector<BonusBar>& bars, const nets::PartList& parts, ImVec2 at, float width);

}  // namespace equipoise::ui
