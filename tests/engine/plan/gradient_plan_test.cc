// Pushing a policy up a model's gradient: slopes of a known world and by automatic differentiation, what is kept and how
// far it may go.
#include "engine/plan/gradient_plan.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/model/feedforward/deterministic_mlp.h"
#include "tests/engine/model/feedforward/tiny_members.h"
#include "tests/engine/model/scalar_model.h"
#include "tests/engine/plan/given_rolls.h"
#include "tests/engine/plan/guided_worlds.h"

namespace equipoise::plan {
namespace {

using test::Double;

config::Settings Setting(const char* form, double lr, bool by_variance = true, double reach = 0) {
  config::Settings s;
  GradientPlanSettings& nudge = s.Of<GradientPlanSettings>();
  nudge.form = form;
  nudge.lr = lr;
  nudge.by_variance = by_variance;
  nudge.reach = reach;
  return s;
}

// s' = .9 s + .5 a, r = -(s^2 + .1 a^2) under a = -.5 s: from 1 it goes to .65 and .4225.
constexpr float kStart = 0.01f;
constexpr double kAhead = -1.895481;  // rho_1 of three steps

TEST(GradientPlan, SlopesAreThoseOfTheLinearQuadraticWorld) {
  const test::ScalarModel world(0.9);
  const nets::Policy policy = test::LinearPolicy(-0.5, 0.3);
  test::GuidedProblem in(world, {kStart}, 3);
  const PolicyRolls::Slopes slopes = in.problem.Rolls(policy)->Differentiate({0, 0, 0});
  EXPECT_NEAR(slopes.ahead[0] / kStart, 0.5 * kAhead, 3e-4);
  EXPECT_NEAR(slopes.du[0] / kStart, -0.847741, 3e-4);
  for (double sd : slopes.sd) EXPECT_NEAR(sd, 0.3, 1e-6);
}

TEST(GradientPlan, TheAdjointFormPushesAsFarAsTheVarianceAllows) {
  const test::ScalarModel world(0.9);
  const nets::Policy policy = test::LinearPolicy(-0.5, 0.3);
  test::GuidedProblem in(world, {kStart}, 3);
  GradientPlan planner(policy);
  planner.Begin(Setting("adjoint", 0));
  PlanTrace trace;
  const PlanDraws draws{5, 0, 0, 0};
  const Plan plan = planner.Find(draws, &in.problem, &trace);
  const double pushed = 0.09 * 0.5 * kAhead;  // a* = -.5 + pushed = -.585297 from 1
  EXPECT_NEAR(-0.5 + pushed, -0.585297, 1e-6);
  EXPECT_NEAR(trace.numbers.at("nudge.du") / kStart, -pushed, 1e-4);
  // What is acted explores about that.
  float eps = 0;
  draws.NewStream("nudge.noise").Normal(&eps, 1);
  EXPECT_NEAR(plan.knots[0], std::tanh(kStart * (-0.5 + pushed) + 0.3 * eps), 1e-6);
}

// J of the first step's share of another action, the policy's own way behind it.
double Blended(double share, double action) {
  const double s = kStart, own = -0.5 * s;
  double next = 0.9 * s + 0.5 * (own + share * (action - own));
  double sum = -(s * s + 0.1 * own * own) + share * 0.1 * (own * own - action * action);
  for (int t = 1; t < 3; ++t) {
    const double a = -0.5 * next;
    sum -= next * next + 0.1 * a * a;
    next = 0.9 * next + 0.5 * a;
  }
  return sum;
}

TEST(GradientPlan, TheInsertionIsWhatASwitchGainsAtFirst) {
  const test::ScalarModel world(0.9);
  const nets::Policy policy = test::LinearPolicy(-0.5, 0.3);
  test::GuidedProblem in(world, {kStart}, 3);
  PolicyRolls* rolls = in.problem.Rolls(policy);
  rolls->Differentiate({0, 0, 0});
  for (const double times : {-1.2, -0.8, 0.0, 0.6}) {
    const double action = times * kStart, h = 1e-4;
    const double slope = (Blended(h, action) - Blended(-h, action)) / (2 * h);
    EXPECT_NEAR(rolls->Insertion({static_cast<float>(action)}) / (kStart * kStart), slope / (kStart * kStart), 2e-3)
        << times;
  }
}

class InALearnedModel : public testing::Test {
 protected:
  static constexpr int64_t kSteps = 5, S = test::kTinyStates, A = test::kTinyActions;
  InALearnedModel() {
    Stream stream(3, "policy");
    policy = nets::Policy(S, A, 16, 2, 0.0, stream);
    const std::vector<float> more = test::Normals(static_cast<int64_t>(policy.net.values.size()), "policy", 0.2f);
    for (size_t i = 0; i < more.size(); ++i) policy.net.values[i] += more[i];
    policy.mean = {0.1f, -0.2f, 0.05f};
    policy.sd = {0.4f, 0.6f, 0.5f};
  }
  // J(du) as the header has it.
  at::Tensor Objective(const at::Tensor& du) const {
    const model::ReferenceUnits u = test::UnitsOf(*model);
    const model::ReferenceMember member = test::ReferenceOf(*model, 0);
    const auto blocks = nets::ReferenceBlocks(policy.net.layout, Double(policy.net.values));
    const at::Tensor k0 = u.y_mean.narrow(0, 0, S), k1 = u.y_sd.narrow(0, 0, S);
    at::Tensor s = Double(observation).view({1, S}), sum = at::zeros({}, at::kDouble);
    for (int64_t t = 0; t < kSteps; ++t) {
      const at::Tensor raw = nets::ReferenceMlp(policy.spec, blocks, (s - Double(policy.mean)) / Double(policy.sd));
      const at::Tensor m = raw.narrow(1, 0, A), sigma = at::softplus(raw.narrow(1, A, A)) + 1e-3;
      const at::Tensor a = at::tanh(m + du[t]);
      const at::Tensor density =
          -0.5 * ((a - at::tanh(m)) / sigma).square() - at::log(sigma) - 0.5 * std::log(2 * M_PI);
      const auto heads = model::ReferenceStep(member, (at::cat({s, a}, 1) - u.x_mean) / u.x_sd);
      sum = sum + heads.mean[0][S] + u.y_mean[S] / u.y_sd[S] + density.mean();
      s = s + heads.mean.narrow(1, 0, S) * k1 + k0;
    }
    return sum;
  }
  const replay::EpisodeBuffer data = test::TinyBuffer(3, 20);
  std::unique_ptr<model::DeterministicMlp> model =
      test::TinyMembers<model::DeterministicMlp>(model::DeterministicMlpInfo(), data, {});
  nets::Policy policy;
  const std::vector<float> observation = {0.3f, -0.1f, 0.4f};
};

TEST_F(InALearnedModel, SlopesAreThoseOfAutomaticDifferentiation) {
  test::GuidedProblem in(*model, observation, kSteps);
  PolicyRolls* rolls = in.problem.Rolls(policy);
  const std::vector<float> du = test::Normals(kSteps * A, "du", 0.3f);
  const at::Tensor want =
      test::Gradient(Double(du.data(), {kSteps, A}), [&](const at::Tensor& x) { return Objective(x); });
  const PolicyRolls::Slopes got = rolls->Differentiate(du);
  EXPECT_LT(test::RelativeError({got.du.begin(), got.du.end()}, want), 1e-4);
}

TEST_F(InALearnedModel, WithoutStepsItActsAsThePolicyDoes) {
  test::GuidedProblem in(*model, observation, kSteps);
  GradientPlan planner(policy);
  planner.Begin(Setting("descent", 0));
  PlanTrace trace;
  const PlanDraws draws{4, 3, 0, 7};
  const Plan plan = planner.Find(draws, &in.problem, &trace);
  std::vector<float> eps(A), action(A);
  draws.NewStream("nudge.noise").Normal(eps.data(), eps.size());
  policy.Act(observation.data(), eps.data(), action.data());
  EXPECT_EQ(plan.knots[0], action[0]);
  EXPECT_EQ(plan.knots[1], action[1]);
  EXPECT_EQ(trace.numbers.at("nudge.du"), 0);
  EXPECT_EQ(trace.rounds.at(0).spread, 0) << "both ways are the policy's";
  // Negative control.
  planner.Begin(Setting("descent", 0.1));
  EXPECT_NE(planner.Find(draws, &in.problem, &trace).knots[0], action[0]);
}

TEST_F(InALearnedModel, StepsClimb) {
  test::GuidedProblem in(*model, observation, kSteps);
  PolicyRolls* rolls = in.problem.Rolls(policy);
  GradientPlan planner(policy);
  config::Settings s = Setting("descent", 0.1);
  s.Of<GradientPlanSettings>().iterations = 30;
  planner.Begin(s);
  PlanTrace trace;
  planner.Find({1, 0, 0, 0}, &in.problem, &trace);
  ASSERT_EQ(trace.candidates.size(), 2u);
  EXPECT_EQ(trace.candidates[0].index, 1) << "the way that is taken is the better one";
  EXPECT_GT(trace.candidates[0].score, trace.candidates[1].score);
  EXPECT_GT(trace.numbers.at("nudge.insertion"), 0);
  EXPECT_EQ(rolls, in.problem.Rolls(policy));
}

TEST(GradientPlan, KeepsItsPushesShiftedUnlessTheyAreForgotten) {
  test::GivenRolls problem({3, 1, 1, 3});
  problem.slopes = {{1, 2, 3}, {2, 2, 2}, {0}};
  const nets::Policy none;
  GradientPlan planner(none);
  planner.Begin(Setting("descent", 0.1));
  PlanTrace trace;
  planner.Find({1, 0, 0, 0}, &problem, &trace);
  EXPECT_EQ(problem.asked[0], (std::vector<float>{0, 0, 0}));
  planner.Find({1, 0, 0, 1}, &problem, &trace);
  // lr * slope * sigma^2
  EXPECT_EQ(problem.asked[1], (std::vector<float>{0.8f, 1.2f, 0}));
  EXPECT_NEAR(trace.numbers.at("nudge.du"), 1.2, 1e-6);
  EXPECT_NEAR(trace.numbers.at("nudge.growth"), 1.2 - 0.4, 1e-6);
  EXPECT_NEAR(problem.switched[0], std::tanh(1.2f), 1e-6);
  // The policy's own way beside the one that is taken.
  EXPECT_EQ(problem.rolled[1], (std::vector<float>{0, 0, 0, 1.2f, 2.0f, 1.2f}));
  planner.Forget();
  planner.Find({1, 0, 0, 2}, &problem, &trace);
  EXPECT_EQ(problem.asked[2], (std::vector<float>{0, 0, 0}));
  planner.Begin(Setting("descent", 0.1, false));
  planner.Find({1, 1, 0, 0}, &problem, &trace);
  EXPECT_EQ(problem.asked[3], (std::vector<float>{0, 0, 0})) << "an episode begins from nothing";
  EXPECT_NEAR(trace.numbers.at("nudge.du"), 0.1, 1e-7) << "as published, without the variance";
}

TEST(GradientPlan, NoPushGoesFartherThanTheSpreadAllows) {
  for (const char* form : {"descent", "adjoint"}) {
    test::GivenRolls problem({2, 1, 1, 2});
    problem.slopes = {{100, -100}, {0.5, 0.25}, {100}};
    const nets::Policy none;
    GradientPlan planner(none);
    planner.Begin(Setting(form, 1, true, 2));
    PlanTrace trace;
    planner.Find({1, 0, 0, 0}, &problem, &trace);
    EXPECT_FLOAT_EQ(problem.rolled[0][2], 1.0f) << form;
    EXPECT_FLOAT_EQ(problem.rolled[0][3], form == std::string("descent") ? -0.5f : 0.0f);
  }
}

TEST(GradientPlan, DoesNothingAndSaysSoWhereSlopesOrReturnsAreNoNumbers) {
  test::GivenRolls problem({2, 1, 1, 2});
  problem.slopes = {{NAN, 1}, {1, 1}, {0}};
  const nets::Policy none;
  GradientPlan planner(none);
  planner.Begin(Setting("descent", 0.1));
  PlanTrace trace;
  EXPECT_FALSE(planner.Find({1, 0, 0, 0}, &problem, &trace).sound);
  problem.slopes.du[0] = 1;
  problem.ways = {{0, 0, 0, 0}, {1, 1, NAN, 1}, {0, 0, 0, 0}};
  const Plan plan = planner.Find({1, 0, 0, 1}, &problem, &trace);
  EXPECT_FALSE(plan.sound);
  EXPECT_EQ(plan.knots, std::vector<float>(2, 0.0f));
  problem.ways = {};
  planner.Find({1, 0, 0, 2}, &problem, &trace);
  EXPECT_EQ(problem.asked.back(), (std::vector<float>{0, 0})) << "nothing of that is kept";
}

}  // namespace
}  // namespace equipoise::plan
