// Candidates scored in a world model: what a score is, what all candidates share, and who computes it.
#include "engine/plan/model_problem.h"

#include <gtest/gtest.h>

#include "engine/model/dropout_lstm.h"
#include "engine/plan/cem.h"
#include "tests/engine/model/tiny_world.h"
#include "tests/engine/plan/function_world.h"
#include "tests/engine/plan/problems.h"

namespace equipoise::plan {
namespace {

std::vector<float> Uniform(int64_t count, uint64_t seed = 1) {
  Stream stream(seed, "test.plan");
  std::vector<float> out(static_cast<size_t>(count));
  stream.Uniform(out.data(), out.size());
  for (float& x : out) x = 2 * x - 1;
  return out;
}

TEST(ModelProblem, ScoresAreRawReturnsOfHeldKnots) {
  const test::FunctionWorld world = test::DoubleIntegrator();
  ModelProblem problem(world);
  const model::Belief one{1, {0.0f}};
  const float start[] = {0.3f, 0.0f};
  PlanRoot root;
  root.shape = {5, 1, 4, 18};  // the last knot is held for two steps
  root.observation = start;
  root.beliefs = &one;
  problem.SetRoot(root, nullptr);
  const std::vector<float> candidates = Uniform(7 * 5);
  const std::vector<double> scores = problem.Score(candidates);
  ASSERT_EQ(scores.size(), 7u);
  for (size_t i = 0; i < 7; ++i) {
    std::vector<float> actions;
    for (size_t t = 0; t < 18; ++t) actions.push_back(candidates[i * 5 + t / 4]);
    EXPECT_NEAR(scores[i], test::DoubleIntegratorReturn(actions.data(), 18), 2e-5);
  }
  // What it promises for one of them is the same, step by step.
  const std::vector<float> third(candidates.begin() + 10, candidates.begin() + 15);
  const ModelProblem::Prediction promised = problem.Predict(third);
  ASSERT_EQ(promised.rewards.size(), 18u);
  ASSERT_EQ(promised.states.size(), 19u * 2);
  double sum = 0;
  for (double r : promised.rewards) sum += r;
  EXPECT_NEAR(sum, scores[2], 1e-5);
  EXPECT_NEAR(promised.states[0], 0.3, 1e-6);
  EXPECT_NEAR(promised.states[3], 0.1 * third[0], 1e-6) << "the velocity after a step";
  const std::vector<float> seen = problem.StatesOf(2);
  ASSERT_EQ(seen.size(), 18u * 2);
  for (size_t k = 0; k < seen.size(); ++k) EXPECT_NEAR(seen[k], promised.states[k], 1e-5);
}

// r = belief + noise, both of a particle: every candidate has the same luck.
TEST(ModelProblem, AllCandidatesShareBeliefsAndNoise) {
  test::FunctionWorld world(1, 1, [](const double*, const float* a, const float* noise, float belief, double* next) {
    next[0] = noise[0];
    return belief + 10.0 * noise[0] + 100.0 * a[0];
  });
  ModelProblem problem(world);
  const model::Belief beliefs{3, {1.0f, 2.0f, 6.0f}};
  const std::vector<float> noise = {0.1f, 0.2f, 0.6f, -0.3f, 0.0f, 0.6f};  // two steps of three particles
  const float start[] = {0.0f};
  PlanRoot root;
  root.shape = {2, 1, 1, 2};
  root.observation = start;
  root.beliefs = &beliefs;
  root.noise = noise.data();
  problem.SetRoot(root, nullptr);
  // Means over particles: of belief 3, of noise .3 and .1.
  std::vector<float> candidates(2 * 100);
  for (size_t i = 0; i < 100; ++i) candidates[2 * i] = 0.01f * static_cast<float>(i);
  const std::vector<double> scores = problem.Score(candidates);
  for (size_t i = 0; i < 100; ++i) EXPECT_NEAR(scores[i], 2 * 3 + 10 * (0.3 + 0.1) + static_cast<double>(i), 1e-4);
}

TEST(ModelProblem, WhatIsNoNumberIsTheWorst) {
  test::FunctionWorld world(1, 1, [](const double*, const float* a, const float*, float belief, double* next) {
    next[0] = 0;
    return a[0] > 0 && belief > 0 ? NAN : -5.0;
  });
  ModelProblem problem(world);
  const model::Belief beliefs{2, {-1.0f, 1.0f}};
  const float start[] = {0.0f};
  PlanRoot root;
  root.shape = {1, 1, 1, 1};
  root.observation = start;
  root.beliefs = &beliefs;
  problem.SetRoot(root, nullptr);
  EXPECT_EQ(problem.Score({-0.5f, 0.5f}), (std::vector<double>{-5.0, -INFINITY})) << "one particle suffices";
}

TEST(ModelProblem, ARecurrentModelGoesOnFromItsCarry) {
  test::FunctionWorld world(1, 1, [](const double*, const float*, const float*, float, double* next) {
    next[0] = 0;
    return 0.0;
  });
  world.Remember(1.0);
  ModelProblem problem(world);
  const model::Belief beliefs{2, {0.0f, 0.0f}};
  const float start[] = {0.0f}, carry[] = {4.0f, 0.5f, 4.0f, 1.5f};
  PlanRoot root;
  root.shape = {2, 1, 1, 2};
  root.observation = start;
  root.beliefs = &beliefs;
  problem.SetRoot(root, nullptr);
  EXPECT_NEAR(problem.Score({0.25f, 0.5f})[0], 0.25 + 0.75, 1e-5);
  root.carry = carry;
  problem.SetRoot(root, nullptr);
  EXPECT_NEAR(problem.Score({0.25f, 0.5f})[0], 0.25 + 0.75 + 2 * 1.0, 1e-5) << "the particles' means";
}

// A rollout that goes on from a carry is the rollout that never stopped, to the bit.
TEST(ModelProblem, TheLstmCarriesOnWhereItWas) {
  const model::DropoutLstm model = test::TinyModel(test::TinyBuffer(3, 10), 8, 0.2);
  const int64_t S = model.states(), A = model.actions(), rows = 6;
  Stream stream(5, "test.carry");
  const model::Belief beliefs = model.Draw(3, stream);
  const std::vector<float> actions = Uniform(4 * rows * A), z0 = Uniform(rows * S, 2),
                           noise(static_cast<size_t>(rows * S), 0.3f);
  std::vector<float> z = z0, next(z.size()), reward(static_cast<size_t>(rows)),
                     carry(static_cast<size_t>(rows * model.carry_size()));
  const auto whole = model.NewRollout(), rest = model.NewRollout();
  whole->Begin(rows, 4, false, &beliefs, nullptr);
  for (int64_t t = 0; t < 4; ++t) {
    if (t == 3) {  // an odd number of steps: the cell lies in the other half
      whole->Carry(carry.data());
      rest->Begin(rows, 1, false, &beliefs, carry.data());
      std::vector<float> same(next.size());
      rest->Step(0, z.data(), actions.data() + t * rows * A, noise.data(), same.data(), reward.data());
      const std::vector<float> rewards = reward;
      whole->Step(t, z.data(), actions.data() + t * rows * A, noise.data(), next.data(), reward.data());
      EXPECT_EQ(same, next);
      EXPECT_EQ(rewards, reward);
      rest->Begin(rows, 1, false, &beliefs, nullptr);
      rest->Step(0, z.data(), actions.data() + t * rows * A, noise.data(), same.data(), reward.data());
      EXPECT_NE(same, next) << "the carry does matter";
      break;
    }
    whole->Step(t, z.data(), actions.data() + t * rows * A, noise.data(), next.data(), reward.data());
    z = next;
  }
}

TEST(ModelProblem, AnyNumberOfThreadsGivesTheSameBits) {
  const model::DropoutLstm model = test::TinyModel(test::TinyBuffer(3, 10), 8, 0.2);
  Stream stream(5, "test.threads");
  const model::Belief beliefs = model.Draw(3, stream);
  const std::vector<float> start = Uniform(model.states()), noise = Uniform(12 * 3 * model.states(), 3);
  config::Settings s;
  CemSettings& cem = s.Of<CemSettings>();
  cem.candidates = 333;
  cem.elites = 20;
  cem.iterations = 3;
  const auto plan = [&](Team* team, uint64_t seed) {
    ModelProblem problem(model);
    PlanRoot root;
    root.shape = {6, model.actions(), 2, 12};
    root.observation = start.data();
    root.beliefs = &beliefs;
    root.noise = noise.data();
    problem.SetRoot(root, team);
    Cem planner;
    planner.Begin(s);
    PlanTrace trace;
    return planner.Find({seed, 0, 0, 0}, &problem, &trace).knots;
  };
  const std::vector<float> alone = plan(nullptr, 1);
  for (int threads : {1, 2, 4}) {
    Team team(threads);
    EXPECT_EQ(plan(&team, 1), alone) << threads;
  }
  EXPECT_NE(plan(nullptr, 2), alone);
}

TEST(ModelProblem, CemPlansADoubleIntegratorInItsExactModel) {
  const test::FunctionWorld world = test::DoubleIntegrator();
  ModelProblem problem(world);
  const model::Belief one{1, {0.0f}};
  const float start[] = {0.3f, 0.0f};
  PlanRoot root;
  root.shape = {50, 1, 1, 50};
  root.observation = start;
  root.beliefs = &one;
  problem.SetRoot(root, nullptr);
  config::Settings s;
  s.Of<CemSettings>().iterations = 20;
  s.Of<CemSettings>().stop_variance = 0;
  const test::Found found = test::Find<Cem>(s, &problem);
  EXPECT_GT(test::DoubleIntegratorReturn(found.plan.knots.data(), 50), -0.85);
}

}  // namespace
}  // namespace equipoise::plan
