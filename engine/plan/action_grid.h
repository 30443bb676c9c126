// action_grid.h: a continuous action as one of a few: `levels` values in [-1, 1] for each of A numbers, all combinations.
//
// Thread   a value
#pragma once

#include <cstdint>
#include <vector>

namespace equipoise::plan {

struct ActionGrid {
  int64_t levels = 3, actions = 1;  // at least two levels
  // levels^A. More than `most`: at least most + 1.
  int64_t Count(int64_t most = int64_t{1} << 40) const {
    int64_t count = 1;
    for (int64_t j = 0; j < actions && count <= most; ++j) count *= levels;
    return count;
  }
  // The last number changes first.
  std::vector<float> Action(int64_t index) const {
    std::vector<float> action(static_cast<size_t>(actions));
    for (auto a = action.rbegin(); a != action.rend(); ++a, index /= levels)
      *a = static_cast<float>(2.0 * static_cast<double>(index % levels) / static_cast<double>(levels - 1) - 1.0);
    return action;
  }
};

}  // namespace equipoise::plan
