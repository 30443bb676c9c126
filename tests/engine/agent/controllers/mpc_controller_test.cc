// Model predictive control on worlds whose optimum is known, and on the true simulator.
#include "engine/agent/controllers/mpc_controller.h"

#include <gtest/gtest.h>

#include "engine/agent/collector.h"
#include "engine/plan/cem.h"
#include "engine/plan/shooting.h"
#include "tests/engine/plan/function_world.h"
#include "tests/engine/plan/problems.h"

namespace equipoise::agent {
namespace {

struct Setting {
  config::Settings s;
  Setting() {
    mpc().planner = "cem";
    cem().candidates = 60;
    cem().elites = 6;
    cem().iterations = 4;
    cem().act = "best";
    cem().keep_best = true;
    cem().stop_variance = 0;
  }
  MpcSettings& mpc() { return s.Of<MpcSettings>(); }
  plan::CemSettings& cem() { return s.Of<plan::CemSettings>(); }
};

MpcController Controlled(const model::WorldModel& model, model::TrueSimulator* simulator = nullptr) {
  return {model, simulator, std::make_unique<plan::Cem>()};
}

EpisodeStart StartOf(const config::Settings& s, int horizon, int64_t states, uint64_t seed = 1) {
  EpisodeStart start{seed, 0, 0, horizon, states, 1};
  start.settings = &s;
  return start;
}

// s' = .9 s + .5 a + noise, r = -(s^2 + .1 a^2).
test::FunctionWorld ScalarWorld() {
  return {1, 1, [](const double* s, const float* a, const float*, float, double* next) {
            next[0] = 0.9 * s[0] + 0.5 * a[0];
            return -(s[0] * s[0] + 0.1 * a[0] * a[0]);
          }};
}

struct Rewards {
  double planned = 0, best = 0;
};
// Of a noisy world in which plans are made by the means, from 0 over 20 steps; and of the best feedback in the same luck.
Rewards InScalarWorld(const config::Settings& s, uint64_t seed) {
  constexpr int kSteps = 20;
  const test::FunctionWorld world = ScalarWorld();
  MpcController controller = Controlled(world);
  controller.Begin(StartOf(s, kSteps, 1, seed));
  // k_t of the Riccati recursion with V_T = 0.
  std::vector<double> gain(kSteps);
  double p = 0;
  for (int t = kSteps - 1; t >= 0; --t) {
    gain[static_cast<size_t>(t)] = 0.45 * p / (0.1 + 0.25 * p);
    p = 1 + 0.81 * p - 0.45 * p * gain[static_cast<size_t>(t)];
  }
  Stream noise(seed, "test.noise");
  Rewards sum;
  double x = 0, y = 0;
  for (int t = 0; t < kSteps; ++t) {
    const float observed = static_cast<float>(x);
    const float a = controller.Act({t, &observed}).action[0];
    const double b = -gain[static_cast<size_t>(t)] * y, luck = 0.2 * noise.Normal();
    sum.planned -= x * x + 0.1 * a * a;
    sum.best -= y * y + 0.1 * b * b;
    x = 0.9 * x + 0.5 * a + luck;
    y = 0.9 * y + 0.5 * b + luck;
    const float then = static_cast<float>(x);
    controller.Observe({t, &observed, &a, 0, &then});
  }
  return sum;
}

// What noise costs: 3.1189 without looking again, .9360 with the best feedback.
TEST(MpcController, LookingAgainIsWorthWhatTheRiccatiRecursionSays) {
  for (const int replan : {0, 1}) {
    Setting setting;
    setting.mpc().horizon = "to_end";
    setting.mpc().replan = replan;
    setting.cem().sd = 0.4;
    setting.cem().act = "mean";
    setting.cem().candidates = 150;
    setting.cem().elites = 15;
    setting.cem().iterations = replan == 0 ? 4 : 10;
    const int episodes = replan == 0 ? 400 : 60;
    Rewards mean;
    double square = 0;
    for (uint64_t seed = 0; seed < static_cast<uint64_t>(episodes); ++seed) {
      const Rewards one = InScalarWorld(setting.s, seed);
      mean.planned += one.planned / episodes;
      mean.best += one.best / episodes;
      square += one.planned * one.planned / episodes;
    }
    const double error = std::sqrt((square - mean.planned * mean.planned) / episodes);
    if (replan == 0) {
      EXPECT_NEAR(mean.planned, -3.1189, 3 * error);
      EXPECT_NEAR(mean.best, -0.9360, 0.06);
    } else {
      EXPECT_NEAR(mean.planned, mean.best, 0.04) << "in the same luck";
    }
  }
}

TEST(MpcController, PlansWhenItIsTime) {
  const test::FunctionWorld world = test::DoubleIntegrator();
  struct Case {
    int replan, knots, hold;
    const char* horizon;
    std::vector<int> planned;
  };
  const Case cases[] = {{1, 4, 2, "knots", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
                        {4, 4, 2, "knots", {0, 4, 8}},
                        {0, 3, 2, "knots", {0, 6}},
                        {0, 3, 2, "to_end", {0}},
                        {10, 3, 2, "to_end", {0}},
                        {7, 3, 2, "knots", {0, 6}}};
  for (const Case& c : cases) {
    Setting setting;
    setting.mpc().replan = c.replan;
    setting.mpc().knots = c.knots;
    setting.mpc().hold = c.hold;
    setting.mpc().horizon = c.horizon;
    MpcController controller = Controlled(world);
    controller.Begin(StartOf(setting.s, 10, 2));
    std::vector<int> planned;
    const float observation[] = {0.3f, 0.0f};
    for (int t = 0; t < 10; ++t) {
      const ActResult did = controller.Act({t, observation});
      if (did.plan == nullptr) continue;
      planned.push_back(t);
      EXPECT_EQ(did.plan->step, t);
      EXPECT_LE(t + did.plan->shape.steps, 10);
      EXPECT_EQ(did.plan->promised.size(), static_cast<size_t>(did.plan->shape.steps));
      EXPECT_LE(did.plan->candidates.size(), plan::kShownCandidates);
      for (const auto& shown : did.plan->candidates)
        EXPECT_EQ(shown.states.size(), static_cast<size_t>(2 * did.plan->shape.steps));
    }
    EXPECT_EQ(planned, c.planned);
  }
}

// Rewards of a model that remembers actions: only with its carry does it promise what comes.
TEST(MpcController, LeadsARecurrentModelAlongTheRealEpisode) {
  test::FunctionWorld world(1, 1, [](const double*, const float* a, const float*, float belief, double* next) {
    next[0] = 0;
    return 0.1 * a[0] + 1e-6 * belief;
  });
  world.Remember(0.5);
  Setting setting;
  setting.mpc().knots = 1;
  setting.mpc().particles = 3;
  MpcController controller = Controlled(world);
  controller.Begin(StartOf(setting.s, 6, 1));
  const float observation = 0;
  double sum = 0;
  for (int t = 0; t < 6; ++t) {
    const ActResult did = controller.Act({t, &observation});
    sum += did.action[0];
    EXPECT_NEAR(did.plan->promised[0], 0.1 * did.action[0] + 0.5 * sum, 1e-4) << t;
    // As it was really acted, which may be another action than the planned one.
    const float real = 0.25f;
    controller.Observe({t, &observation, &real, 0, &observation});
    sum += real - did.action[0];
  }
}

TEST(MpcController, APushMakesItForgetButNotStop) {
  const test::FunctionWorld world = test::DoubleIntegrator();
  Setting setting;
  setting.mpc().knots = 10;
  setting.mpc().replan = 3;
  const auto act = [&](int pushed_at) {
    MpcController controller = Controlled(world);
    controller.Begin(StartOf(setting.s, 10, 2));
    std::vector<float> actions;
    const float observation[] = {0.3f, 0.0f};
    for (int t = 0; t < 10; ++t) {
      actions.push_back(controller.Act({t, observation}).action[0]);
      controller.Observe({t, observation, &actions.back(), 0, observation, t == pushed_at});
    }
    return actions;
  };
  const std::vector<float> alone = act(-1), pushed = act(0);
  EXPECT_TRUE(std::equal(alone.begin(), alone.begin() + 3, pushed.begin())) << "the plan goes on";
  EXPECT_NE(alone[3], pushed[3]) << "the next one begins from nothing";
  EXPECT_EQ(act(-1), alone);
}

TEST(MpcController, DrawsTheSameForTheSameAttemptAndOthersForAnyOther) {
  test::FunctionWorld world(1, 1, [](const double* s, const float* a, const float* noise, float belief, double* next) {
    next[0] = 0.9 * s[0] + 0.5 * a[0] + 0.1 * noise[0];
    return -next[0] * next[0] + 0.1 * belief * a[0];
  });
  world.noisy = true;
  Setting setting;
  setting.mpc().knots = 4;
  const auto act = [&](const EpisodeStart& start) {
    MpcController controller = Controlled(world);
    std::vector<float> actions;
    for (int episode = 0; episode < 2; ++episode) {  // nothing is left of an episode in the next one
      actions.clear();
      controller.Begin(start);
      const float observation = 0.5f;
      for (int t = 0; t < 5; ++t) {
        actions.push_back(controller.Act({t, &observation}).action[0]);
        controller.Observe({t, &observation, &actions.back(), 0, &observation});
      }
    }
    return actions;
  };
  EpisodeStart start = StartOf(setting.s, 5, 1);
  const std::vector<float> actions = act(start);
  EXPECT_EQ(act(start), actions);
  for (int other = 0; other < 3; ++other) {
    EpisodeStart changed = start;
    if (other == 0) ++changed.seed;
    if (other == 1) ++changed.index;
    if (other == 2) ++changed.attempt;
    EXPECT_NE(act(changed), actions) << other;
  }
}

class OnTheSimulator : public testing::Test {
 protected:
  static std::unique_ptr<env::Task> Make() {
    auto task = env::MakeTask("cartpole", env::AliveBonus::kWhileHealthy);
    EXPECT_TRUE(task.ok());
    return std::move(task).value();
  }
  // A whole episode of cart-pole, 40 steps long.
  struct Result {
    double earned = 0;
    std::map<std::string, double> numbers;
    std::vector<float> actions;
    double promised_first = 0;
  };
  static Result Act(const config::Settings& s, Team* team = nullptr) {
    constexpr int kHorizon = 40;
    run::Collector collector(Make(), kHorizon, 7);
    model::TrueSimulator simulator(Make, 5, 1);
    MpcController controller = Controlled(simulator, &simulator);
    Result out;
    const auto on_step = [&](const run::LiveStep& live) {
      if (live.step != 1) return;
      for (double r : live.plan->promised) out.promised_first += r;
      EXPECT_EQ(live.plan->poses.size(), (live.plan->promised.size() + 1) * 2);
      EXPECT_EQ(live.plan->candidates.at(0).poses.size(), live.plan->promised.size() * 2);
    };
    const run::Collector::Outcome acted =
        collector.Act({0, 1, eps::Pick::Of("mpc"), eps::Reason::kAlone, &s, team}, &controller, nullptr, on_step, {});
    out.earned = acted.episode_return;
    out.actions = acted.episode.actions;
    replay::EpisodeBuffer none(5, 1, kHorizon, {}, 1);
    out.numbers = controller.Examine(none, 0, s);
    return out;
  }
  static Setting Small() {
    Setting setting;
    setting.cem().candidates = 20;
    setting.cem().elites = 4;
    setting.cem().iterations = 2;
    setting.mpc().hold = 4;
    setting.mpc().horizon = "to_end";
    return setting;
  }
};

TEST_F(OnTheSimulator, AWholePlanEarnsExactlyWhatItPromised) {
  Setting setting = Small();
  setting.mpc().replan = 0;
  const Result once = Act(setting.s);
  EXPECT_NEAR(once.earned, once.promised_first, 1e-6 * once.earned);
  EXPECT_NEAR(once.numbers.at("mpc.claimed_minus_realised"), 0, 1e-6 * once.earned);
  EXPECT_EQ(once.numbers.count("mpc.plan_change"), 0u) << "there was one plan";
  EXPECT_GT(once.earned, 0);
  // Planning at the end of an episode of one plan is planning once.
  setting.mpc().replan = 40;
  EXPECT_EQ(Act(setting.s).actions, once.actions);
  // With the best plan kept as a candidate, planning again is never worse, and what is promised is still what comes.
  setting.mpc().replan = 4;
  const Result again = Act(setting.s);
  EXPECT_GE(again.earned, once.earned - 1e-6);
  EXPECT_NE(again.actions, once.actions);
  EXPECT_NEAR(again.numbers.at("mpc.claimed_minus_realised"), 0, 1e-6 * again.earned);
}

TEST_F(OnTheSimulator, AnyNumberOfThreadsGivesTheSameBits) {
  Setting setting = Small();
  setting.mpc().replan = 8;
  const std::vector<float> alone = Act(setting.s).actions;
  for (int threads : {1, 2, 4}) {
    Team team(threads);
    EXPECT_EQ(Act(setting.s, &team).actions, alone) << threads;
  }
}

}  // namespace
}  // namespace equipoise::agent
