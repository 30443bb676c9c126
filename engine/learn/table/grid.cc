#include "engine/learn/table/grid.h"

#include <algorithm>
#include <cmath>

namespace equipoise::learn {
namespace {

constexpr double kPi = 3.14159265358979323846;
// Half of what is told apart: the rail's ends, and what a swing-up reaches.
constexpr double kPosition = 1.8, kRate = 8, kVelocity = 3;

int64_t Bin(double value, double half, int bins) {
  const double at = std::floor((value + half) / (2 * half) * bins);
  return static_cast<int64_t>(std::clamp(at, 0.0, bins - 1.0));
}

}  // namespace

int64_t CartpoleGrid::Cell(const float* o) const {
  const double turned = std::atan2(static_cast<double>(o[2]), static_cast<double>(o[1]));  // 0 upright
  // Bins around 0 and pi, not between: upright and hanging are one bin each.
  const auto around = static_cast<int64_t>(std::lround(turned / (2 * kPi) * angle));
  int64_t cell = Bin(o[0], kPosition, position);
  cell = cell * angle + (around + angle) % angle;
  cell = cell * rate + Bin(o[4], kRate, rate);
  return cell * velocity + Bin(o[3], kVelocity, velocity);
}

std::optional<int> HeldPush(const float* actions, int hold) {
  for (int index = 0; index < kPushes; ++index)
    if (std::all_of(actions, actions + hold, [index](float a) { return a == Push(index); })) return index;
  return std::nullopt;
}

}  // namespace equipoise::learn
