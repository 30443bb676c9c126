// run_statistics.h: a few runs of an experiment as one number with its uncertainty, and two experiments held against
// each other (Freed et al. 2024, Table 1: means over all of training, over seeds).
//
//   mean +- t_{0.975, n-1} s / sqrt(n)                      s: sample standard deviation over n runs
//   t = (mean_a - mean_b) / (s_p sqrt(1/n_a + 1/n_b)),      s_p^2 = ((n_a-1) s_a^2 + (n_b-1) s_b^2) / (n_a + n_b - 2)
//
// Units    return, as RunCurve
// Thread   any; no state
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace equipoise::run {

struct MeanOfRuns {
  int n = 0;
  double mean = NAN;
  double half = NAN;  // of the 95 % confidence interval; NaN of a single run
  double sd = NAN;    // of the sample; likewise
};
MeanOfRuns MeanWithConfidence(const std::vector<double>& by_run);
// The same from what a paper prints: 493.1 +- 9.9 over 5 runs.
MeanOfRuns MeanOfPrinted(int n, double mean, double half);
// Half the 95 % confidence interval of the mean of n values with this sample standard deviation; NaN of a single one.
double HalfOfInterval(int n, double sd);

// Two-sided p of equal means, Student's t with equal variances; NaN where one side has less than two runs or nothing
// varies.
double EqualMeansP(const std::vector<double>& a, const std::vector<double>& b);
double EqualMeansPOf(const MeanOfRuns& a, const MeanOfRuns& b);

// Of the first `episodes` returns; NaN of a run that has fewer or of none.
double MeanOfFirst(const std::vector<double>& returns, size_t episodes);

}  // namespace equipoise::run
