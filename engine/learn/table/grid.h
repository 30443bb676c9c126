// grid.h: the cart-pole's observations as cells of a grid, and its actions as a few levels that are held for some steps.
//
//   cell = position x angle x angular rate x velocity, each cut into bins of equal width; what lies outside is in the
//   outermost bin, and the angle goes round
//
// Units    m, rad, rad/s, m/s
// Thread   values; any
#pragma once

#include <cstdint>
#include <optional>

namespace equipoise::learn {

struct CartpoleGrid {
  int position = 3, angle = 16, rate = 12, velocity = 5;  // bins
  int64_t cells() const { return int64_t{1} * position * angle * rate * velocity; }
  // observation: [x, cos, sin, velocity, angular rate, ...]
  int64_t Cell(const float* observation) const;
};

// -1, 0, 1.
constexpr int kPushes = 3;
inline float Push(int index) { return static_cast<float>(index - 1); }
// The push that was held for `hold` steps; none where these are not equal and one of the three.
std::optional<int> HeldPush(const float* actions, int hold);

}  // namespace equipoise::learn
