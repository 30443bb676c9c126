#include "engine/base/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace equipoise {

double Quantile(std::vector<double> values, double q) {
  values.erase(std::remove_if(values.begin(), values.end(), [](double v) { return !std::isfinite(v); }), values.end());
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double rank = std::clamp(q, 0.0, 1.0) * static_cast<double>(values.size() - 1);
  const size_t below = static_cast<size_t>(rank);
  const size_t above = std::min(below + 1, values.size() - 1);
  const double share = rank - static_cast<double>(below);
  return values[below] + share * (values[above] - values[below]);
}

}  // namespace equipoise
