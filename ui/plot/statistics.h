// statistics.h: the few statistics that the charts compute themselves.
#pragma once

#include <deque>
#include <vector>

#include "engine/eps/decision.h"

namespace equipoise::ui {

// Quantile q in [0, 1] of the finite values, linear between order statistics (type 7 of Hyndman and Fan 1996, the
// default of numpy and R). NaN when there are none.
double Quantile(std::vector<double> values, double q);

// The share of model-free picks among the last `window` picked ones, episode by episode.
class FractionCounter {
 public:
  explicit FractionCounter(int window) : window_(window) {}
  double Add(eps::Pick pick);  // NaN before the first pick

 private:
  int window_, model_free_ = 0;
  std::deque<bool> recent_;
};

// For each entry the share of model-free picks among the last `window` picked ones up to and including it. Random
// episodes are not picks: they count neither above nor below the line, and before the first pick the share is NaN.
std::vector<double> FractionModelFree(const std::vector<eps::Pick>& picks, int window);

}  // namespace equipoise::ui
