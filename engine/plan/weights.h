// weights.h: how much each candidate counts in a mean of them: w^s = exp(G^s / lambda) / sum, the largest G subtracted.
//
// lambda 0: the best one alone, the first of equal ones; infinite: all alike. What has no finite score counts nothing.
//
// Thread   any; no state
#pragma once

#include <vector>

namespace equipoise::plan {

// All zero: no score is finite.
std::vector<double> SoftmaxWeights(const std::vector<double>& scores, double lambda);
// 1 / sum w^2: 1 where one alone counts, n where all n count alike; 0 where none does.
double EffectiveSamples(const std::vector<double>& weights);
// sum_s w^s v^s of candidates [n, width].
std::vector<float> WeightedMean(const std::vector<float>& candidates, const std::vector<double>& weights);

}  // namespace equipoise::plan
