// statistics.h: the few statistics that the charts compute themselves.
#pragma once

#include <vector>

namespace equipoise::ui {

// Quantile q in [0, 1] of the finite values, linear between order statistics (type 7 of Hyndman and Fan 1996, the
// default of numpy and R). NaN when there are none.
double Quantile(std::vector<double> values, double q);

}  // namespace equipoise::ui
