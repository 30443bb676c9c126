// The cross-entropy method: its moments in closed form, and problems whose best plan is known.
#include "engine/plan/cem.h"

#include <gtest/gtest.h>

#include "tests/engine/plan/problems.h"

namespace equipoise::plan {
namespace {

using test::Find;
using test::Found;
using test::FunctionProblem;
using test::Shape;

CemProposal Proposal(size_t width, double sd, double mean = 0) {
  return {std::vector<double>(width, mean), std::vector<double>(width, sd * sd)};
}

std::vector<int64_t> All(int64_t n) {
  std::vector<int64_t> all;
  for (int64_t i = 0; i < n; ++i) all.push_back(i);
  return all;
}

TEST(Cem, WithAllCandidatesAsElitesTakesTheirMomentsExactly) {
  const std::vector<float> candidates = {0.5f, -1.0f, 0.25f, 0.0f, 0.75f, 0.5f};  // three of two numbers
  CemProposal p = Proposal(2, 0.5);
  p.Refit(candidates, All(3), 0.0, 0.0);
  EXPECT_DOUBLE_EQ(p.mean[0], 0.5);
  EXPECT_DOUBLE_EQ(p.mean[1], -0.5 / 3);
  EXPECT_DOUBLE_EQ(p.variance[0], (0.25 * 0.25 + 0.25 * 0.25) / 3);
  EXPECT_DOUBLE_EQ(p.variance[1], (25.0 / 36 + 1.0 / 36 + 16.0 / 36) / 3);
  // With alpha a share stays of what was; the floor holds.
  CemProposal slow = Proposal(2, 0.5, 0.1);
  slow.Refit(candidates, All(3), 0.25, 0.4);
  EXPECT_DOUBLE_EQ(slow.mean[0], 0.25 * 0.1 + 0.75 * 0.5);
  EXPECT_DOUBLE_EQ(slow.variance[1], 0.25 * 0.25 + 0.75 * 14.0 / 36);
  EXPECT_DOUBLE_EQ(slow.variance[0], 0.4 * 0.4);
}

// A normal cut off at two standard deviations has .773741 of its variance.
TEST(Cem, CutsOffAtTwoStandardDeviations) {
  constexpr int64_t kCount = 200000;
  Stream stream(3, "test.cem");
  const std::vector<float> drawn = Proposal(1, 0.5).Sample(kCount, true, &stream);
  for (float x : drawn) ASSERT_LE(std::fabs(x), 1.0f);
  CemProposal all = Proposal(1, 0.5);
  all.Refit(drawn, All(kCount), 0.1, 0.0);
  EXPECT_NEAR(all.variance[0], 0.199092, 0.0007);
  EXPECT_NEAR(all.mean[0], 0, 0.9 * 3 * 0.44 / std::sqrt(kCount));
  // Near the end of the box the spread shrinks: half the distance to it.
  const std::vector<float> near_end = Proposal(1, 0.5, 0.8).Sample(kCount, true, &stream);
  for (float x : near_end) ASSERT_TRUE(x >= 0.6f - 1e-6f && x <= 1.0f) << x;
}

// The best tenth of a normal under a linear score: mean +1.754983 sd, variance .169135 sd^2.
TEST(Cem, ElitesOfALinearScoreHaveTheMomentsOfATail) {
  constexpr int64_t kCount = 100000;
  Stream stream(4, "test.cem");
  CemProposal p = Proposal(1, 0.1);
  const std::vector<float> drawn = p.Sample(kCount, false, &stream);
  std::vector<int64_t> elites = Ranked({drawn.begin(), drawn.end()});
  elites.resize(kCount / 10);
  p.Refit(drawn, elites, 0.0, 0.0);
  // Three standard errors, of the threshold too.
  EXPECT_NEAR(p.mean[0] / 0.1, 1.754983, 0.019);
  EXPECT_NEAR(p.variance[0] / 0.01, 0.169135, 0.016);
}

config::Settings Setting(int candidates, int elites, int iterations) {
  config::Settings s;
  CemSettings& cem = s.Of<CemSettings>();
  cem.candidates = candidates;
  cem.elites = elites;
  cem.iterations = iterations;
  cem.stop_variance = 0;
  return s;
}

TEST(Cem, FindsTheTopOfAHillAndStaysWithinTheBox) {
  for (const std::vector<double>& top : {std::vector<double>{0.3, -0.7, 0.0}, {2.0, -3.0, 0.5}}) {
    FunctionProblem hill(Shape(3, 1), [&top](const float* knots) {
      double sum = 0;
      for (size_t j = 0; j < 3; ++j) sum -= (knots[j] - top[j]) * (knots[j] - top[j]);
      return sum;
    });
    const Found found = Find<Cem>(Setting(400, 40, 20), &hill);
    for (size_t j = 0; j < 3; ++j) {
      const double inside = std::clamp(top[j], -1.0, 1.0);
      EXPECT_NEAR(found.plan.knots[j], inside, inside == top[j] ? 0.02 : 0.05);
      EXPECT_LE(std::fabs(found.plan.knots[j]), 1.0f);
    }
    ASSERT_EQ(found.trace.rounds.size(), 20u);
    EXPECT_LT(found.trace.rounds.back().width, 0.1 * found.trace.rounds.front().width) << "the funnel narrows";
  }
}

TEST(Cem, PlansADoubleIntegratorNearlyAsWellAsCanBe) {
  for (uint64_t seed : {1, 2}) {
    FunctionProblem problem(Shape(50, 1), [](const float* knots) { return test::DoubleIntegratorReturn(knots, 50); });
    const Found found = Find<Cem>(Setting(400, 40, 20), &problem, {seed, 0, 0, 0});
    const double earned = test::DoubleIntegratorReturn(found.plan.knots.data(), 50);
    EXPECT_GT(earned, -0.85);
    EXPECT_LE(earned, test::kBestOfDoubleIntegrator + 1e-6) << "nothing is better than the best";
  }
}

TEST(Cem, WhereNothingIsTakenOverTheMeanNeverMoves) {
  config::Settings s = Setting(50, 5, 4);
  s.Of<CemSettings>().alpha = 1;
  FunctionProblem problem(Shape(4, 2), [](const float* knots) { return static_cast<double>(knots[3]); });
  EXPECT_EQ(Find<Cem>(s, &problem).plan.knots, std::vector<float>(8, 0.0f));
}

TEST(Cem, DoesNothingAndSaysSoWhereNoScoreIsFinite) {
  FunctionProblem problem(Shape(4, 2), [](const float*) { return NAN; });
  const Found found = Find<Cem>(Setting(50, 5, 4), &problem);
  EXPECT_FALSE(found.plan.sound);
  EXPECT_EQ(found.plan.knots, std::vector<float>(8, 0.0f));
  // Elites are finite ones alone.
  FunctionProblem half(Shape(1, 1), [](const float* knots) { return knots[0] > 0 ? NAN : -1.0 * knots[0]; });
  const Found left = Find<Cem>(Setting(50, 40, 4), &half);
  EXPECT_TRUE(left.plan.sound);
  EXPECT_LT(left.plan.knots[0], -0.3f);
}

TEST(Cem, BeginsFromTheLastPlanShiftedUnlessItWasForgotten) {
  config::Settings s = Setting(30, 5, 3);
  s.Of<CemSettings>().keep_best = true;
  FunctionProblem problem(Shape(5, 1, 2), [](const float* knots) { return -std::fabs(knots[1] - 0.5); });
  Cem planner;
  const auto find = [&](int step) {
    PlanTrace trace;
    return planner.Find({1, 0, 0, step}, &problem, &trace).knots;
  };
  planner.Begin(s);
  const std::vector<float> first = find(0);
  problem.asked.clear();
  find(2);
  // One knot is over: with keep_best the shifted plan is the first candidate.
  std::vector<float> shifted(first.begin() + 1, first.end());
  shifted.push_back(0);
  EXPECT_TRUE(std::equal(shifted.begin(), shifted.end(), problem.asked.at(0).begin()));
  planner.Forget();
  problem.asked.clear();
  const std::vector<float> after_forgetting = find(2);
  EXPECT_FALSE(std::equal(shifted.begin(), shifted.end(), problem.asked.at(0).begin()));
  planner.Begin(s);
  EXPECT_EQ(find(2), after_forgetting) << "as at the beginning of an episode";
}

TEST(Cem, WithTheBestKeptNoPlanIsWorseThanTheLastOne) {
  config::Settings s = Setting(10, 2, 3);
  s.Of<CemSettings>().keep_best = true;
  s.Of<CemSettings>().act = "best";
  const auto score = [](const float* knots) { return test::DoubleIntegratorReturn(knots, 20); };
  FunctionProblem problem(Shape(20, 1), score);
  Cem planner;
  planner.Begin(s);
  double last = -INFINITY;
  for (int round = 0; round < 20; ++round) {
    PlanTrace trace;
    const Plan plan = planner.Find({1, static_cast<int64_t>(round), 0, 0}, &problem, &trace);  // nothing is over
    EXPECT_GE(score(plan.knots.data()), last);
    last = score(plan.knots.data());
  }
}

TEST(Cem, StopsWhenTheSpreadIsGone) {
  config::Settings s = Setting(100, 5, 50);
  s.Of<CemSettings>().stop_variance = 0.001;
  FunctionProblem problem(Shape(1, 1), [](const float* knots) { return -knots[0] * knots[0]; });
  const Found found = Find<Cem>(s, &problem);
  EXPECT_LT(found.trace.rounds.size(), 10u);
  EXPECT_GT(found.trace.rounds.size(), 1u);
}

}  // namespace
}  // namespace equipoise::plan
