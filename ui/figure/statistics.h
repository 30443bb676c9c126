// statistics.h: the few statistics that the charts compute themselves.
#pragma once

#include <deque>
#include <vector>

#include "engine/eps/decision.h"

namespace equipoise::ui {

// Quantile q in [0, 1] of the finite values, linear between order statistics (type 7 of Hyndman and Fan 1996, the
// default of numpy and R). NaN when there are none.
double Quantile(std::vector<double> values, double q);

// The share of model-free picks among the last `window` picked ones, episode by episode. Random episodes are not picks:
// they count neither above nor below the line.
class FractionCounter {
 public:
  explicit FractionCounter(int window) : window_(window) {}
  double Add(bool model_free);  // of a pick
  double value() const;         // NaN before the first pick

 private:
  int window_, model_free_ = 0;
  std::deque<bool> recent_;
};

}  // namespace equipoise::ui
