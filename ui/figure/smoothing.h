// smoothing.h: exponential smoothing without the bias of its start.
//
//   m_t = sum_{i <= t} w^(t-i) v_i / sum_{i <= t} w^(t-i)        over the finite v_i
// An ordinary exponential average that starts at 0 (or at the first value) is wrong for about 1 / (1 - w) entries; the
// division by the sum of weights puts that right (the correction of Adam's moments, Kingma and Ba 2015).
//
// A value that is not finite leaves a gap (NaN) in its place and has no weight later. Smooth before decimating: the
// other order would smooth over pixels instead of episodes.
#pragma once

#include <vector>

namespace equipoise::ui {

class Smoother {
 public:
  explicit Smoother(double weight) : weight_(weight) {}  // of the past, in [0, 1); 0 gives the values back
  double Add(double value);                              // m_t

 private:
  double weight_, sum_ = 0, norm_ = 0;
};

// All m_t at once.
std::vector<double> Smooth(const std::vector<double>& values, double weight);

}  // namespace equipoise::ui
