#include "engine/browse/run_statistics.h"

#include <boost/math/distributions/students_t.hpp>
#include <numeric>

namespace equipoise::run {
namespace {

// Of 95 % of Student's distribution, on either side.
double TwoSided(int n) { return boost::math::quantile(boost::math::students_t(n - 1), 0.975); }

}  // namespace

double HalfOfInterval(int n, double sd) { return n < 2 ? NAN : TwoSided(n) * sd / std::sqrt(n); }

MeanOfRuns MeanOfPrinted(int n, double mean, double half) {
  return {n, mean, half, n < 2 ? NAN : half * std::sqrt(n) / TwoSided(n)};
}

MeanOfRuns MeanWithConfidence(const std::vector<double>& by_run) {
  MeanOfRuns out;
  out.n = static_cast<int>(by_run.size());
  if (by_run.empty()) return out;
  out.mean = std::accumulate(by_run.begin(), by_run.end(), 0.0) / out.n;
  if (out.n < 2) return out;
  double squares = 0;
  for (const double v : by_run) squares += (v - out.mean) * (v - out.mean);
  out.sd = std::sqrt(squares / (out.n - 1));
  out.half = HalfOfInterval(out.n, out.sd);
  return out;
}

double EqualMeansPOf(const MeanOfRuns& a, const MeanOfRuns& b) {
  if (a.n < 2 || b.n < 2) return NAN;
  const double degrees = a.n + b.n - 2;
  const double pooled = ((a.n - 1) * a.sd * a.sd + (b.n - 1) * b.sd * b.sd) / degrees;
  const double t = (a.mean - b.mean) / std::sqrt(pooled * (1.0 / a.n + 1.0 / b.n));
  if (!std::isfinite(t)) return NAN;
  return 2 * boost::math::cdf(boost::math::complement(boost::math::students_t(degrees), std::abs(t)));
}

double EqualMeansP(const std::vector<double>& a, const std::vector<double>& b) {
  return EqualMeansPOf(MeanWithConfidence(a), MeanWithConfidence(b));
}

double MeanOfFirst(const std::vector<double>& returns, size_t episodes) {
  if (episodes == 0 || returns.size() < episodes) return NAN;
  return std::accumulate(returns.begin(), returns.begin() + static_cast<std::ptrdiff_t>(episodes), 0.0) /
         static_cast<double>(episodes);
}

}  // namespace equipoise::run
