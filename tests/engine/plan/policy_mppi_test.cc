// Re-weighting a policy: its weights by hand, its limits, and a world whose best action is known.
#include "engine/plan/policy_mppi.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/model/feedforward/deterministic_mlp.h"
#include "engine/model/feedforward/deterministic_mlp_settings.h"
#include "engine/plan/weights.h"
#include "tests/engine/model/feedforward/tiny_members.h"
#include "tests/engine/model/scalar_model.h"
#include "tests/engine/plan/given_rolls.h"
#include "tests/engine/plan/guided_worlds.h"

namespace equipoise::plan {
namespace {

config::Settings Setting(int candidates, double temperature, const char* unit = "reward") {
  config::Settings s;
  PolicyMppiSettings& mix = s.Of<PolicyMppiSettings>();
  mix.candidates = candidates;
  mix.temperature = temperature;
  mix.unit = unit;
  return s;
}

struct Found {
  Plan plan;
  PlanTrace trace;
};
Found FindWith(const nets::Policy& policy, const config::Settings& s, Problem* problem,
               const PlanDraws& draws = {1, 0, 0, 0}) {
  PolicyMppi planner(policy);
  planner.Begin(s);
  Found out;
  out.plan = planner.Find(draws, problem, &out.trace);
  return out;
}

TEST(PolicyMppi, WeighsByReturnAndDensity) {
  const std::vector<double> w = ProposalWeights({1, 2, 3}, {0, 0, 0}, 1);
  EXPECT_NEAR(w[0], 0.090035, 1e-6);
  EXPECT_NEAR(w[1], 0.244730, 1e-6);
  EXPECT_NEAR(w[2], 0.665234, 1e-6);
  EXPECT_NEAR(WeightedMean({-1, 0, 1}, w)[0], 0.575199, 1e-6);
  // A density e times as large makes up for one lambda of return.
  const std::vector<double> even = ProposalWeights({1, 3}, {1, 0}, 2);
  EXPECT_NEAR(even[0], even[1], 1e-12);
  EXPECT_EQ(ProposalWeights({5}, {-3}, 0.1), (std::vector<double>{1}));
  const std::vector<double> broken = ProposalWeights({1, NAN, -INFINITY, 1}, {0, 0, 0, 0}, 1);
  EXPECT_EQ(broken, (std::vector<double>{0.5, 0, 0, 0.5}));
  EXPECT_EQ(EffectiveSamples(ProposalWeights({NAN, NAN}, {0, 0}, 1)), 0);
}

TEST(PolicyMppi, ColdItTakesTheBestWayAndHotItLeavesThemToTheirDensity) {
  const std::vector<double> returns = {1, 4, 2}, density = {-1, -2, -0.5};
  EXPECT_EQ(ProposalWeights(returns, density, 0), (std::vector<double>{0, 1, 0}));
  const std::vector<double> cold = ProposalWeights(returns, density, 1e-9);
  EXPECT_NEAR(cold[1], 1, 3e-5);
  const std::vector<double> hot = ProposalWeights(returns, density, 1e9);
  const double sum = std::exp(-1.0) + std::exp(-2.0) + std::exp(-0.5);
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(hot[i], std::exp(density[i]) / sum, 2e-5);
}

// Rewards of (1, 1), (0, 2) and (3, 0): ahead of the first step 2, 2, 3, ahead of the second 1, 2, 0.
TEST(PolicyMppi, EveryStepIsWeighedByWhatLiesAheadOfIt) {
  test::GivenRolls problem({2, 1, 1, 2});
  problem.ways = {{-1, -0.5f, 0, 0.25f, 1, 0.5f}, {1, 1, 0, 2, 3, 0}, {0, 0, 0, 0, 0, 0}};
  problem.head = {{0.2f}, {1}};
  const nets::Policy none;
  const Found found = FindWith(none, Setting(3, 1), &problem);
  const auto expect = [](double a, double b, double c, const std::vector<double>& v) {
    const double x = std::exp(a), y = std::exp(b), z = std::exp(c);
    return (x * v[0] + y * v[1] + z * v[2]) / (x + y + z);
  };
  EXPECT_NEAR(found.plan.knots[0], expect(2, 2, 3, {-1, 0, 1}), 3e-5);
  EXPECT_NEAR(found.plan.knots[1], expect(1, 2, 0, {-0.5, 0.25, 0.5}), 3e-5);
  EXPECT_NEAR(found.trace.numbers.at("mix.moved"), std::fabs(found.plan.knots[0] - std::tanh(0.2)), 1e-6);
  EXPECT_DOUBLE_EQ(found.trace.rounds.at(0).best, 3);
  ASSERT_EQ(found.trace.candidates.size(), 3u);
  EXPECT_EQ(found.trace.candidates[0].index, 2);
  EXPECT_FLOAT_EQ(found.trace.candidates[0].weight, 1);
  EXPECT_NEAR(found.trace.candidates[1].weight, std::exp(-1.0), 2e-5);
  // In the reward's own spread: half the spread of a step times sqrt 2.
  problem.sd_of_reward = 2 / std::sqrt(2.0);
  EXPECT_NEAR(FindWith(none, Setting(3, 0.5, "spread"), &problem).plan.knots[0], found.plan.knots[0], 1e-6);
}

TEST(PolicyMppi, DoesNothingAndSaysSoWhereNoReturnIsFinite) {
  test::GivenRolls problem({1, 1, 1, 1});
  problem.ways = {{0.5f, 0.25f}, {NAN, INFINITY}, {0, 0}};
  const Found found = FindWith({}, Setting(2, 1), &problem);
  EXPECT_FALSE(found.plan.sound);
  EXPECT_EQ(found.plan.knots, std::vector<float>(1, 0.0f));
}

class WaysInALearnedModel : public testing::Test {
 protected:
  WaysInALearnedModel() {
    Stream stream(3, "policy");
    policy = nets::Policy(test::kTinyStates, test::kTinyActions, 16, 2, 0.0, stream);
    policy.mean = {0.1f, -0.2f, 0.05f};
    policy.sd = {0.4f, 0.6f, 0.5f};
  }
  const replay::EpisodeBuffer data = test::TinyBuffer(3, 20);
  std::unique_ptr<model::DeterministicMlp> model =
      test::TinyMembers<model::DeterministicMlp>(model::DeterministicMlpInfo(), data, {});
  nets::Policy policy;
  const std::vector<float> observation = {0.3f, -0.1f, 0.4f};
};

TEST_F(WaysInALearnedModel, OneWayAloneIsWhatThePolicyDoes) {
  test::GuidedProblem in(*model, observation, 5);
  const PlanDraws draws{4, 3, 0, 7};
  const Found found = FindWith(policy, Setting(1, 0.5), &in.problem, draws);
  // The draws of a plan, knot by knot.
  std::vector<float> eps(2 * 5), action(2);
  draws.NewStream("mix.noise").Normal(eps.data(), eps.size());
  policy.Act(observation.data(), eps.data(), action.data());
  EXPECT_EQ(found.plan.knots[0], action[0]);
  EXPECT_EQ(found.plan.knots[1], action[1]);
}

TEST_F(WaysInALearnedModel, WhatWasPlannedBeforeMakesNoDifference) {
  test::GuidedProblem in(*model, observation, 5);
  const config::Settings s = Setting(20, 0.5);
  PolicyMppi planner(policy);
  planner.Begin(s);
  PlanTrace trace;
  const std::vector<float> first = planner.Find({1, 0, 0, 0}, &in.problem, &trace).knots;
  const std::vector<float> second = planner.Find({1, 0, 0, 1}, &in.problem, &trace).knots;
  EXPECT_EQ(FindWith(policy, s, &in.problem, {1, 0, 0, 1}).plan.knots, second);
  EXPECT_NE(first, second);
}

TEST_F(WaysInALearnedModel, WaysAreThoseOfThePolicyInTheModelsMeans) {
  test::GuidedProblem in(*model, observation, 4);
  PolicyRolls* rolls = in.problem.Rolls(policy);
  const std::vector<float> eps = test::Normals(3 * 4 * 2, "eps");
  const PolicyRolls::Rolled got = rolls->Roll(3, eps, {});
  for (int64_t way = 0; way < 3; ++way) {
    std::vector<float> knots;
    for (int64_t k = 0; k < 4; ++k) {
      // The state before this step, by the actions so far.
      std::vector<float> before = knots, now = observation;
      before.resize(8, 0.0f);
      if (k > 0) {
        const std::vector<float> states = in.problem.Predict(before).states;
        now.assign(states.begin() + k * 3, states.begin() + (k + 1) * 3);
      }
      std::vector<float> action(2), u(2);
      float log_prob = 0;
      const float* noise = eps.data() + (way * 4 + k) * 2;
      policy.Act(now.data(), noise, action.data(), u.data(), &log_prob);
      double density = static_cast<double>(log_prob);
      for (size_t j = 0; j < 2; ++j) {
        EXPECT_NEAR(got.actions[static_cast<size_t>((way * 4 + k) * 2) + j], action[j], 1e-5);
        const double x = u[j];  // what tanh adds to a log-density goes
        density += 2 * (std::log(2.0) - x - std::log1p(std::exp(-2 * x)));
      }
      EXPECT_NEAR(got.log_density[static_cast<size_t>(way * 4 + k)], density, 1e-4);
      knots.insert(knots.end(), action.begin(), action.end());
    }
    const auto promised = in.problem.Predict(knots);
    for (size_t k = 0; k < 4; ++k)
      EXPECT_NEAR(got.rewards[static_cast<size_t>(way * 4) + k], promised.rewards[k], 1e-4);
    // What the window shows of a way.
    rolls->Roll(3, eps, {});
    const std::vector<float> shown = in.problem.StatesOf(way);
    for (size_t i = 0; i < shown.size(); ++i) EXPECT_NEAR(shown[i], promised.states[i], 1e-4);
  }
}

// s' = .9 s + .5 a, r = -(s^2 + .1 a^2): of one step the best action is 0; of three, that of the Riccati recursion.
TEST(PolicyMppi, FindsTheBestActionOfAKnownWorld) {
  const test::ScalarModel world(0.9);
  const nets::Policy policy = test::LinearPolicy(0, 0.6);
  double p = 0, gain = 0;
  for (int t = 0; t < 3; ++t) {
    gain = 0.45 * p / (0.1 + 0.25 * p);
    p = 1 + 0.81 * p - 0.45 * p * gain;
  }
  test::GuidedProblem one(world, {0.5f}, 1), three(world, {0.5f}, 3);
  EXPECT_NEAR(FindWith(policy, Setting(4000, 0.002), &one.problem).plan.knots[0], 0, 0.03);
  EXPECT_NEAR(FindWith(policy, Setting(4000, 0.01), &three.problem).plan.knots[0], -0.5 * gain, 0.15);
}

}  // namespace
}  // namespace equipoise::plan
