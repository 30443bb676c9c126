#include "ui/window/pacing.h"

#include <algorithm>
#include <cmath>

namespace equipoise::ui {
namespace {

constexpr double kInputPeriod = 1.0 / 30, kAfterInput = 0.7;
constexpr double kMovingPeriod = 1.0 / 30, kMovingPeriodSoftware = 1.0 / 5;
constexpr double kIdlePeriod = 1.0 / 2;

}  // namespace

double Pacer::Due(const Load& load) const {
  if (load.iconified) return INFINITY;
  double period = kIdlePeriod;
  const double moving = software_ ? kMovingPeriodSoftware : kMovingPeriod;
  if (load.published) period = moving;
  if (std::isfinite(load.next_frame_in)) period = std::min(period, std::max(moving, load.next_frame_in));
  if (last_frame_ - last_input_ < kAfterInput) period = std::min(period, kInputPeriod);
  return last_frame_ + period;
}

}  // namespace equipoise::ui
