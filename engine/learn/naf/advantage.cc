#include "engine/learn/naf/advantage.h"

#include <cmath>
#include <vector>

namespace equipoise::learn {

double Advantage(int64_t actions, const float* m, const float* l, const float* a, double* dm, double* dl) {
  const auto n = static_cast<size_t>(actions);
  std::vector<double> mu(n), d(n), w(n, 0.0);
  const auto at = [l](size_t i, size_t k) {
    const double packed = l[i * (i + 1) / 2 + k];
    return i == k ? std::exp(packed) : packed;
  };
  for (size_t i = 0; i < n; ++i) {
    mu[i] = std::tanh(static_cast<double>(m[i]));
    d[i] = static_cast<double>(a[i]) - mu[i];
  }
  double square = 0;
  for (size_t k = 0; k < n; ++k) {
    for (size_t i = k; i < n; ++i) w[k] += at(i, k) * d[i];
    square += w[k] * w[k];
  }
  for (size_t i = 0; i < n && dm != nullptr; ++i) {
    double through = 0;
    for (size_t k = 0; k <= i; ++k) through += at(i, k) * w[k];
    dm[i] = (1 - mu[i] * mu[i]) * through;
  }
  for (size_t i = 0; i < n && dl != nullptr; ++i)
    for (size_t k = 0; k <= i; ++k) dl[i * (i + 1) / 2 + k] = -d[i] * w[k] * (i == k ? at(k, k) : 1.0);
  return -0.5 * square;
}

}  // namespace equipoise::learn
