// aggregates.h: one agent over several tasks as one number, and two agents held against each other, after Agarwal et al.
// 2021 ("Deep Reinforcement Learning at the Edge of the Statistical Precipice"); the same numbers as their rliable.
//
//   interquartile mean    of all scores without the lowest and the highest quarter, floor(n / 4) on either side
//   optimality gap        target - mean of min(score, target)
//   P(x above y)          mean over tasks of P(X > Y) + P(X = Y) / 2, every run of x against every one of y
//   performance profile   share of scores above tau, for each tau
//   interval              percentiles 2.5 and 97.5 (linear between values) of the statistic over resamples: each draws as
//                         many runs as a task has, with replacement, in each task by itself (stratified)
//
// Units    scores as normalised by whoever calls: 1 is the target of the optimality gap
// Thread   any; no state. Randomness is an argument
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace equipoise::report {

using TaskScores = std::vector<std::vector<double>>;  // [task][run]; tasks need not have equally many runs

double InterquartileMean(const TaskScores& scores);
double MeanOfTasks(const TaskScores& scores);    // mean of the tasks' means
double MedianOfTasks(const TaskScores& scores);  // median of the tasks' means
double OptimalityGap(const TaskScores& scores, double target = 1);
// The tasks of both are the same, in one order.
double ProbabilityOfImprovement(const TaskScores& x, const TaskScores& y);
std::vector<double> PerformanceProfile(const TaskScores& scores, const std::vector<double>& tau);

// A whole number in [0, n), n > 0.
using Draw = std::function<size_t(size_t n)>;
// Numbers of one named stream (engine/base/random.h): the same at every call of the program.
Draw DrawFrom(uint64_t seed);

struct Interval {
  double value = NAN, lo = NAN, hi = NAN;
};
constexpr int kResamples = 2000;
// Draws task by task, run by run. Without a run in some task: NaN.
Interval Bootstrap(const TaskScores& scores, const std::function<double(const TaskScores&)>& statistic,
                   const Draw& draw, int resamples = kResamples);
// Of both: those of x are drawn first.
Interval BootstrapOfTwo(const TaskScores& x, const TaskScores& y,
                        const std::function<double(const TaskScores&, const TaskScores&)>& statistic, const Draw& draw,
                        int resamples = kResamples);
// Pointwise, of one set of resamples.
std::vector<Interval> BootstrapProfile(const TaskScores& scores, const std::vector<double>& tau, const Draw& draw,
                                       int resamples = kResamples);

}  // namespace equipoise::report
