// Path integral control: its limits, its weights by hand, and a problem whose best plan is known.
#include "engine/plan/mppi.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/plan/weights.h"
#include "tests/engine/plan/problems.h"

namespace equipoise::plan {
namespace {

using test::Find;
using test::FunctionProblem;
using test::Shape;

config::Settings Setting(int candidates, int iterations, double sigma, double temperature) {
  config::Settings s;
  MppiSettings& mppi = s.Of<MppiSettings>();
  mppi.candidates = candidates;
  mppi.iterations = iterations;
  mppi.sigma = sigma;
  mppi.temperature = temperature;
  return s;
}

double Slope(const float* knots) { return knots[0] - 0.5 * knots[2]; }

TEST(Weights, AreASoftmaxOfTheScores) {
  const std::vector<double> w = SoftmaxWeights({1, 2, 3}, 1);
  EXPECT_NEAR(w[0], 0.090031, 1e-6);
  EXPECT_NEAR(w[1], 0.244728, 1e-6);
  EXPECT_NEAR(w[2], 0.665241, 1e-6);
  EXPECT_NEAR(WeightedMean({-1, 0, 1}, w)[0], 0.575210, 1e-6);
  EXPECT_EQ(SoftmaxWeights({1, 3, 3}, 0), (std::vector<double>{0, 1, 0})) << "the first of equal ones";
  EXPECT_EQ(SoftmaxWeights({-INFINITY, 5}, 1), (std::vector<double>{0, 1}));
  EXPECT_EQ(SoftmaxWeights({-INFINITY, -INFINITY}, 1), (std::vector<double>{0, 0}));
  for (double x : SoftmaxWeights({1, 2, 3, 4}, 1e12)) EXPECT_NEAR(x, 0.25, 1e-9);
  for (double x : SoftmaxWeights({1e300, 1e300}, 1e-300)) EXPECT_EQ(x, 0.5) << "no overflow";
}

TEST(Weights, EffectiveSamplesCountWhoCounts) {
  EXPECT_DOUBLE_EQ(EffectiveSamples({1, 0, 0}), 1);
  EXPECT_DOUBLE_EQ(EffectiveSamples({0.25, 0.25, 0.25, 0.25}), 4);
  EXPECT_DOUBLE_EQ(EffectiveSamples({0, 0}), 0);
}

TEST(Mppi, WithoutNoiseThePlanDoesNotMove) {
  FunctionProblem problem(Shape(3, 1), Slope);
  Mppi planner;
  planner.Begin(Setting(50, 3, 0.6, 0.05));
  PlanTrace trace;
  const std::vector<float> first = planner.Find({1, 0, 0, 0}, &problem, &trace).knots;
  EXPECT_NE(first, std::vector<float>(3, 0.0f));
  planner.Begin(Setting(50, 3, 0.0, 0.05));
  EXPECT_EQ(planner.Find({1, 0, 0, 0}, &problem, &trace).knots, std::vector<float>(3, 0.0f));
}

TEST(Mppi, TakesTheBestCandidateWhenColdAndTheirMeanWhenHot) {
  FunctionProblem problem(Shape(3, 1), Slope);
  const std::vector<float> cold = Find<Mppi>(Setting(50, 1, 0.6, 0), &problem).plan.knots;
  const int64_t best = Ranked(problem.answered[0]).front();
  EXPECT_TRUE(std::equal(cold.begin(), cold.end(), problem.asked[0].begin() + best * 3));
  const std::vector<float> hot = Find<Mppi>(Setting(50, 1, 0.6, 1000), &problem).plan.knots;
  for (size_t j = 0; j < 3; ++j) {
    double sum = 0;
    for (size_t i = j; i < problem.asked[1].size(); i += 3) sum += problem.asked[1][i];
    EXPECT_NEAR(hot[j], sum / 50, 2e-3);
  }
}

TEST(Mppi, NoiseIsSmoothOverKnotsAndAsLargeAtEachOfThem) {
  config::Settings s = Setting(20000, 1, 0.2, 1);
  s.Of<MppiSettings>().smoothing = 0.7;
  FunctionProblem problem(Shape(3, 1), Slope);
  Find<Mppi>(s, &problem);
  double square[3] = {0, 0, 0}, product = 0;
  for (size_t i = 0; i < 60000; i += 3) {
    for (size_t j = 0; j < 3; ++j) square[j] += std::pow(problem.asked[0][i + j] / 0.2, 2) / 20000;
    product += problem.asked[0][i] * problem.asked[0][i + 1] / 0.04 / 20000;
  }
  for (double v : square) EXPECT_NEAR(v, 1, 0.03);  // three standard errors of a variance
  EXPECT_NEAR(product, 0.7, 0.026);
}

TEST(Mppi, PlansADoubleIntegratorNearlyAsWellAsCanBe) {
  FunctionProblem problem(Shape(50, 1), [](const float* knots) { return test::DoubleIntegratorReturn(knots, 50); });
  config::Settings s = Setting(3000, 20, 0.1, 0.02);
  const std::vector<float> plan = Find<Mppi>(s, &problem).plan.knots;
  const double earned = test::DoubleIntegratorReturn(plan.data(), 50);
  EXPECT_GT(earned, 1.02 * test::kBestOfDoubleIntegrator);
  EXPECT_LE(earned, test::kBestOfDoubleIntegrator + 1e-6);
}

TEST(Mppi, DoesNothingAndSaysSoWhereNoScoreIsFinite) {
  FunctionProblem problem(Shape(3, 1), [](const float*) { return NAN; });
  const test::Found found = Find<Mppi>(Setting(10, 2, 0.6, 0.05), &problem);
  EXPECT_FALSE(found.plan.sound);
  EXPECT_EQ(found.plan.knots, std::vector<float>(3, 0.0f));
}

TEST(Mppi, BeginsFromTheLastPlanShiftedUnlessItWasForgotten) {
  FunctionProblem problem(Shape(4, 1), [](const float* knots) { return static_cast<double>(knots[1]); });
  Mppi planner;
  planner.Begin(Setting(50, 2, 0.6, 0.05));
  PlanTrace trace;
  const std::vector<float> first = planner.Find({1, 0, 0, 0}, &problem, &trace).knots;
  const auto from = [&](bool forget) {
    planner.Begin(Setting(50, 2, 0.6, 0.05));
    planner.Find({1, 0, 0, 0}, &problem, &trace);
    if (forget) planner.Forget();
    problem.asked.clear();
    planner.Find({1, 0, 0, 1}, &problem, &trace);
    double mean = 0;
    for (size_t i = 0; i < problem.asked[0].size(); i += 4) mean += problem.asked[0][i] / 50;
    return mean;
  };
  EXPECT_GT(from(false), 0.5) << "the second knot has become the first, clamped at 1";
  EXPECT_NEAR(from(true), 0, 0.3);
  EXPECT_GT(first[1], 0.6f);
}

}  // namespace
}  // namespace equipoise::plan
