#include "ui/plot/statistics.h"

#include <algorithm>
#include <cmath>
#include <deque>
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

std::vector<double> FractionModelFree(const std::vector<eps::Pick>& picks, int window) {
  std::vector<double> out;
  out.reserve(picks.size());
  std::deque<bool> recent;
  int model_free = 0;
  for (eps::Pick pick : picks) {
    if (pick != eps::Pick::kRandom) {
      recent.push_back(pick == eps::Pick::kModelFree);
      model_free += recent.back();
      if (static_cast<int>(recent.size()) > window) {
        model_free -= recent.front();
        recent.pop_front();
      }
    }
    out.push_back(recent.empty() ? std::numeric_limits<double>::quiet_NaN()
                                 : static_cast<double>(model_free) / static_cast<double>(recent.size()));
  }
  return out;
}

}  // namespace equipoise::ui
