#include "engine/learn/value_bound.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace equipoise::learn {

double LargestValue(const replay::EpisodeBuffer& data, double gamma) {
  double most = 0;
  for (int64_t i = 0; i < data.size(); ++i)
    for (const float reward : data[i].rewards) most = std::max(most, std::fabs(static_cast<double>(reward)));
  return most > 0 ? most / (1 - gamma) : std::numeric_limits<double>::infinity();
}

void HoldValues(float bound, int64_t count, float* values) {
  for (int64_t i = 0; i < count; ++i) {
    if (values[i] > bound) values[i] = bound;
    if (values[i] < -bound) values[i] = -bound;
  }
}

void CutHeld(float bound, int64_t count, const float* values, float* dvalues) {
  for (int64_t i = 0; i < count; ++i)
    if (std::fabs(values[i]) >= bound) dvalues[i] = 0;
}

}  // namespace equipoise::learn
