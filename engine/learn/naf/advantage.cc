#include "engine/learn/naf/advantage.h"

#include <cmath>
#include <vector>

namespace equipoise::learn {

double Advantage(int64_t actions, const float* m, const float* l, const float* a, double* dm, double* dl) {
  const auto n = static_cast<size_t>(actions);
  // Asked for row by row: room that stays, and every exponential once.
  static thread_local std::vector<double> room;
  room.resize(4 * n);
  double *mu = room.data(), *d = mu + n, *w = d + n, *diagonal = w + n;
  const auto at = [l, diagonal](size_t i, size_t k) {
    return i == k ? diagonal[i] : static_cast<double>(l[i * (i + 1) / 2 + k]);
  };
  for (size_t i = 0; i < n; ++i) {
    mu[i] = std::tanh(static_cast<double>(m[i]));
    d[i] = static_cast<double>(a[i]) - mu[i];
    diagonal[i] = std::exp(static_cast<double>(l[i * (i + 1) / 2 + i]));
  }
  double square = 0;
  for (size_t k = 0; k < n; ++k) {
    w[k] = 0;
    for (size_t i = k; i < n; ++i) w[k] += at(i, k) * d[i];
    square += w[k] * w[k];
  }
  for (size_t i = 0; i < n && dm != nullptr; ++i) {
    double through = 0;
    for (size_t k = 0; k <= i; ++k) through += at(i, k) * w[k];
    dm[i] = (1 - mu[i] * mu[i]) * through;
  }
  for (size_t i = 0; i < n && dl != nullptr; ++i)
    for (size_t k = 0; k <= i; ++k) dl[i * (i + 1) / 2 + k] = -d[i] * w[k] * (i == k ? diagonal[k] : 1.0);
  return -0.5 * square;
}

}  // namespace equipoise::learn
