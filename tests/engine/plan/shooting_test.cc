// Random shooting against what is known of the largest of N uniform numbers.
#include "engine/plan/shooting.h"

#include <gtest/gtest.h>

#include "tests/engine/plan/problems.h"

namespace equipoise::plan {
namespace {

using test::Find;
using test::FunctionProblem;
using test::Shape;

config::Settings Candidates(int n) {
  config::Settings s;
  s.Of<ShootingSettings>().candidates = n;
  return s;
}

TEST(Shooting, TakesTheOnlyCandidateThereIs) {
  FunctionProblem problem(Shape(3, 2), [](const float*) { return -5.0; });
  const test::Found found = Find<Shooting>(Candidates(1), &problem);
  EXPECT_EQ(found.plan.knots, problem.asked.at(0));
  EXPECT_TRUE(found.plan.sound);
}

TEST(Shooting, TakesTheBestOfAll) {
  double sum = 0;
  constexpr int kCandidates = 20, kSeeds = 400;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    FunctionProblem problem(Shape(4, 1), [](const float* knots) { return 3.0 * knots[0]; });
    const test::Found found = Find<Shooting>(Candidates(kCandidates), &problem, {seed, 0, 0, 0});
    float largest = -2;
    for (size_t i = 0; i < problem.asked[0].size(); i += 4) largest = std::max(largest, problem.asked[0][i]);
    EXPECT_EQ(found.plan.knots[0], largest);
    sum += largest;
  }
  // Uniform in [-1, 1]: mean 1 - 2/(N+1), variance 4N/((N+1)^2 (N+2)); three standard errors.
  const double n = kCandidates, variance = 4 * n / ((n + 1) * (n + 1) * (n + 2));
  EXPECT_NEAR(sum / kSeeds, 1 - 2 / (n + 1), 3 * std::sqrt(variance / kSeeds));
}

TEST(Shooting, DoesNothingAndSaysSoWhereNoScoreIsFinite) {
  FunctionProblem none(Shape(3, 2), [](const float*) { return NAN; });
  const test::Found found = Find<Shooting>(Candidates(10), &none);
  EXPECT_FALSE(found.plan.sound);
  EXPECT_EQ(found.plan.knots, std::vector<float>(6, 0.0f));
  // One that is finite is the best, however bad it is.
  int asked = 0;
  FunctionProblem one(Shape(3, 2), [&asked](const float*) { return ++asked == 7 ? -1e30 : NAN; });
  const test::Found seventh = Find<Shooting>(Candidates(10), &one);
  EXPECT_TRUE(seventh.plan.sound);
  EXPECT_TRUE(std::equal(seventh.plan.knots.begin(), seventh.plan.knots.end(), one.asked[0].begin() + 6 * 6));
}

TEST(Shooting, DrawsByAttemptAndStepAlone) {
  const auto plan = [](const PlanDraws& draws) {
    FunctionProblem problem(Shape(3, 2), [](const float* knots) { return knots[0] + knots[5]; });
    return Find<Shooting>(Candidates(10), &problem, draws).plan.knots;
  };
  const std::vector<float> first = plan({1, 2, 0, 5});
  EXPECT_EQ(plan({1, 2, 0, 5}), first);
  for (const PlanDraws& other : {PlanDraws{2, 2, 0, 5}, {1, 3, 0, 5}, {1, 2, 1, 5}, {1, 2, 0, 6}})
    EXPECT_NE(plan(other), first);
}

}  // namespace
}  // namespace equipoise::plan
