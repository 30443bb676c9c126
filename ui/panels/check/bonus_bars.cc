#include "ui/panels/check/bonus_bars.h"

#include <algorithm>
#include <cmath>

#include "ui/figure/actor.h"
#include "ui/kit/trace.h"

namespace equipoise::ui {
namespace {

constexpr float kBar = 8, kRow = 13;  // heights at scale 1

}  // namespace

float BonusScale::Share(double value) const {
  return hi > lo ? static_cast<float>(std::clamp((value - lo) / (hi - lo), 0.0, 1.0)) : 0.0f;
}

BonusScale ScaleOf(const std::vector<BonusBar>& bars) {
  BonusScale scale;
  for (const BonusBar& bar : bars)
    for (const double end : {bar.mean_return, bar.mean_return + bar.bonus}) {
      if (!std::isfinite(end)) continue;
      scale.lo = std::min(scale.lo, end);
      scale.hi = std::max(scale.hi, end);
    }
  return scale;
}

float BonusBarsHeight(const std::vector<BonusBar>& bars) { return Px(kRow) * static_cast<float>(bars.size()); }

void DrawBonusBars(const std::vector<BonusBar>& bars, const nets::PartList& parts, ImVec2 at, float width) {
  const BonusScale scale = ScaleOf(bars);
  const auto x = [&](double value) { return at.x + width * scale.Share(value); };
  float y = at.y;
  for (const BonusBar& bar : bars) {
    const ImVec2 a{x(std::min(0.0, bar.mean_return)), y}, b{x(std::max(0.0, bar.mean_return)), y + Px(kBar)};
    if (std::isfinite(bar.mean_return)) {
      Rect(a, b, ActorColor(LearnerOf(parts, bar.policy)), 1);
      if (std::isfinite(bar.bonus) && bar.bonus > 0) {
        const ImVec2 from{x(bar.mean_return), y}, to{x(bar.mean_return + bar.bonus), y + Px(kBar)};
        Rect(from, {std::max(to.x, from.x + Px(2)), to.y}, Colors().note, 1);
      }
    }
    y += Px(kRow);
  }
  Rect({x(0), at.y - Px(1)}, {x(0) + Px(1), y - Px(kRow - kBar) + Px(1)}, Colors().secondary, 0);
  TraceWidget("check.bonus", at, {at.x + width, y});
}

}  // namespace equipoise::ui
