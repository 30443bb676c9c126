// quantile.h: the one rule for quantiles of a sample.
//
// Thread   any; no state
#pragma once

#include <vector>

namespace equipoise {

// Quantile q in [0, 1] of the finite values, linear between order statistics (type 7 of Hyndman and Fan 1996, the
// default of R and NumPy). NaN when there are none.
double Quantile(std::vector<double> values, double q);

}  // namespace equipoise
