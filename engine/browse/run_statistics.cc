#include "engine/browse/run_statistics.h"

#include <boost/math/distributions/students_t.hpp>
#include <numeric>

namespace equipoise::run {
namespace {

struct Moments {
  double n, mean, squares;  // squares: of the distances from the mean
};
Moments MomentsOf(const std::vector<double>& values) {
  Moments m{static_cast<double>(values.size()), 0, 0};
  m.mean = std::accumulate(values.begin(), values.end(), 0.0) / m.n;
  for (const double v : values) m.squares += (v - m.mean) * (v - m.mean);
  return m;
}

}  // namespace

MeanOfRuns MeanWithConfidence(const std::vector<double>& by_run) {
  MeanOfRuns out;
  out.n = static_cast<int>(by_run.size());
  if (by_run.empty()) return out;
  const Moments m = MomentsOf(by_run);
  out.mean = m.mean;
  if (m.n < 2) return out;
  const double t = boost::math::quantile(boost::math::students_t(m.n - 1), 0.975);
  out.half = t * std::sqrt(m.squares / (m.n - 1) / m.n);
  return out;
}

double EqualMeansP(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() < 2 || b.size() < 2) return NAN;
  const Moments of_a = MomentsOf(a), of_b = MomentsOf(b);
  const double degrees = of_a.n + of_b.n - 2, pooled = (of_a.squares + of_b.squares) / degrees;
  const double t = (of_a.mean - of_b.mean) / std::sqrt(pooled * (1 / of_a.n + 1 / of_b.n));
  if (!std::isfinite(t)) return NAN;
  return 2 * boost::math::cdf(boost::math::complement(boost::math::students_t(degrees), std::abs(t)));
}

double MeanOfFirst(const std::vector<double>& returns, size_t episodes) {
  if (episodes == 0 || returns.size() < episodes) return NAN;
  return std::accumulate(returns.begin(), returns.begin() + static_cast<std::ptrdiff_t>(episodes), 0.0) /
         static_cast<double>(episodes);
}

}  // namespace equipoise::run
