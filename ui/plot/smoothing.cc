#include "ui/plot/smoothing.h"

#include <cmath>
#include <limits>

namespace equipoise::ui {

std::vector<double> Smooth(const std::vector<double>& values, double weight) {
  std::vector<double> out;
  out.reserve(values.size());
  double sum = 0, norm = 0;
  for (double v : values) {
    sum *= weight;
    norm *= weight;
    if (!std::isfinite(v)) {
      out.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    sum += v;
    norm += 1;
    out.push_back(sum / norm);
  }
  return out;
}

}  // namespace equipoise::ui
