#include "ui/figure/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace equipoise::ui {

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

double FractionCounter::Add(bool model_free) {
  recent_.push_back(model_free);
  model_free_ += model_free;
  if (static_cast<int>(recent_.size()) > window_) {
    model_free_ -= recent_.front();
    recent_.pop_front();
  }
  return value();
}

double FractionCounter::value() const {
  return recent_.empty() ? std::numeric_limits<double>::quiet_NaN()
                         : static_cast<double>(model_free_) / static_cast<double>(recent_.size());
}

}  // namespace equipoise::ui
