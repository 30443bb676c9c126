#include "ui/figure/smoothing.h"

#include <cmath>
#include <limits>

namespace equipoise::ui {

double Smoother::Add(double value) {
  sum_ *= weight_;
  norm_ *= weight_;
  if (!std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
  sum_ += value;
  norm_ += 1;
  return sum_ / norm_;
}

std::vector<double> Smooth(const std::vector<double>& values, double weight) {
  Smoother smoother(weight);
  std::vector<double> out;
  out.reserve(values.size());
  for (double v : values) out.push_back(smoother.Add(v));
  return out;
}

}  // namespace equipoise::ui
