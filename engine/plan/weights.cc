#include "engine/plan/weights.h"

#include <algorithm>
#include <cmath>

namespace equipoise::plan {

std::vector<double> SoftmaxWeights(const std::vector<double>& scores, double lambda) {
  std::vector<double> weights(scores.size(), 0.0);
  const auto best = std::max_element(scores.begin(), scores.end());
  if (best == scores.end() || !std::isfinite(*best)) return weights;
  if (!(lambda > 0)) {
    weights[static_cast<size_t>(best - scores.begin())] = 1;
    return weights;
  }
  double sum = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (!std::isfinite(scores[i])) continue;
    weights[i] = std::exp((scores[i] - *best) / lambda);
    sum += weights[i];
  }
  for (double& w : weights) w /= sum;
  return weights;
}

double EffectiveSamples(const std::vector<double>& weights) {
  double square = 0;
  for (double w : weights) square += w * w;
  return square > 0 ? 1 / square : 0;
}

std::vector<float> WeightedMean(const std::vector<float>& candidates, const std::vector<double>& weights) {
  const size_t width = weights.empty() ? 0 : candidates.size() / weights.size();
  std::vector<double> sum(width, 0.0);
  for (size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] > 0)) continue;
    for (size_t j = 0; j < width; ++j) sum[j] += weights[i] * static_cast<double>(candidates[i * width + j]);
  }
  return {sum.begin(), sum.end()};
}

}  // namespace equipoise::plan
