// Tree search: its bound by hand, trees whose best branch is known, and a chain.
#include "engine/plan/uct.h"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/engine/plan/problems.h"

namespace equipoise::plan {
namespace {

// A world whose states are numbers: `step` leads on and earns.
class NumberBranches : public Branches {
 public:
  using Step = std::function<int64_t(int64_t state, bool right, double* reward)>;
  NumberBranches(Step step, int64_t start, bool exact) : step_(std::move(step)), states_({start}), exact_(exact) {}
  Reached Advance(int64_t from, const float* action, int64_t steps) override {
    int64_t state = states_[static_cast<size_t>(from)];
    Reached reached;
    for (int64_t t = 0; t < steps; ++t) {
      double reward = 0;
      state = step_(state, action[0] > 0, &reward);
      reached.reward += reward;
    }
    states_.push_back(state);
    reached.state = static_cast<int64_t>(states_.size()) - 1;
    return reached;
  }
  double Roll(int64_t from, const std::vector<float>& actions, const std::vector<int64_t>& steps) override {
    int64_t state = states_[static_cast<size_t>(from)];
    double sum = 0;
    for (size_t i = 0; i < steps.size(); ++i) {
      for (int64_t t = 0; t < steps[i]; ++t) {
        double reward = 0;
        state = step_(state, actions[i] > 0, &reward);
        sum += reward;
      }
    }
    return sum;
  }
  bool exact() const override { return exact_; }

 private:
  Step step_;
  std::vector<int64_t> states_;
  bool exact_;
};

class BranchProblem : public Problem {
 public:
  BranchProblem(NumberBranches::Step step, int64_t depth, int64_t start = 0, bool exact = true)
      : step_(std::move(step)), shape_(test::Shape(depth, 1)), start_(start), exact_(exact) {}
  const PlanShape& shape() const override { return shape_; }
  std::vector<double> Score(const std::vector<float>&) override { return {}; }
  std::unique_ptr<Branches> NewBranches() override {
    ++trees;
    return std::make_unique<NumberBranches>(step_, start_, exact_);
  }
  int trees = 0;

 private:
  NumberBranches::Step step_;
  PlanShape shape_;
  int64_t start_;
  bool exact_;
};

config::Settings Setting(int simulations, bool keep = false, int levels = 2) {
  config::Settings s;
  UctSettings& uct = s.Of<UctSettings>();
  uct.simulations = simulations;
  uct.levels = levels;
  uct.keep_tree = keep;
  return s;
}

// Root A and B; below A 1.0 and 0.0, below B 0.6 and 0.55: the best leaf lies behind the worse mean.
BranchProblem TwoRoots() {
  return {[](int64_t state, bool right, double* reward) -> int64_t {
            constexpr double kLeaves[] = {1.0, 0.0, 0.6, 0.55};
            if (state == 0) return right ? 2 : 1;
            *reward = kLeaves[(state - 1) * 2 + (right ? 1 : 0)];
            return 3;
          },
          2};
}

// Five states in a row, reward 1 when the next one is the last.
int64_t Chain(int64_t state, bool right, double* reward) {
  const int64_t next = std::clamp<int64_t>(state + (right ? 1 : -1), 0, 4);
  *reward = next == 4 ? 1 : 0;
  return next;
}

TEST(Uct, WeighsWhatIsGoodAgainstWhatIsHardlyKnown) {
  const double c = 1 / std::sqrt(2.0);
  EXPECT_NEAR(UpperBound(3.0 / 4, 4, 10, c), 2.267427, 1e-6);
  EXPECT_NEAR(UpperBound(1.2 / 2, 2, 10, c), 2.745966, 1e-6);
}

TEST(Uct, FindsTheBestLeafBehindTheWorseMean) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    BranchProblem problem = TwoRoots();
    const test::Found found = test::Find<Uct>(Setting(32), &problem, {seed, 0, 0, 0});
    ASSERT_EQ(found.trace.visits.size(), 2u);
    EXPECT_EQ(found.trace.visits[0] + found.trace.visits[1], 32) << "every simulation goes through one of them";
    EXPECT_GT(found.trace.visits[0], found.trace.visits[1]) << "seed " << seed;
    EXPECT_EQ(found.plan.knots[0], -1.0f);
  }
  BranchProblem problem = TwoRoots();
  const test::Found found = test::Find<Uct>(Setting(1024), &problem);
  EXPECT_NEAR(static_cast<double>(found.trace.visits[0]), 939, 15);
  EXPECT_EQ(found.plan.knots, (std::vector<float>{-1.0f, -1.0f})) << "to the leaf of 1";
  EXPECT_GT(found.trace.values[0], found.trace.values[1]);
  EXPECT_EQ(found.trace.tree.at(0).visits, 1024);
  EXPECT_DOUBLE_EQ(found.trace.numbers.at("uct.depth"), 2);
}

TEST(Uct, WalksAChainToItsEnd) {
  BranchProblem problem(Chain, 6);
  const test::Found found = test::Find<Uct>(Setting(200), &problem);
  double sum = 0;
  int64_t state = 0;
  for (float a : found.plan.knots) {
    double reward = 0;
    state = Chain(state, a > 0, &reward);
    sum += reward;
  }
  EXPECT_EQ(found.plan.knots[0], 1.0f);
  EXPECT_EQ(sum, 3) << "of six steps at most";
}

TEST(Uct, KeepsTheBranchThatWasTakenWhereItIsExact) {
  for (const bool exact : {true, false}) {
    BranchProblem problem(Chain, 6, 0, exact);
    Uct planner;
    planner.Begin(Setting(50, true));
    const auto visits = [&](int step) {
      PlanTrace trace;
      planner.Find({1, 0, 0, step}, &problem, &trace);
      return std::accumulate(trace.visits.begin(), trace.visits.end(), int64_t{0});
    };
    EXPECT_EQ(visits(0), 50);
    EXPECT_EQ(visits(1) > 50, exact);
    EXPECT_EQ(problem.trees, exact ? 1 : 2);
    planner.Forget();
    EXPECT_EQ(visits(2), 50) << "after a push";
  }
  // What was kept is not another preference: the walk goes on to the end.
  BranchProblem problem(Chain, 6);
  Uct planner;
  planner.Begin(Setting(200, true));
  int64_t state = 0;
  for (int step = 0; step < 5; ++step) {
    PlanTrace trace;
    double reward = 0;
    state = Chain(state, planner.Find({1, 0, 0, step}, &problem, &trace).knots[0] > 0, &reward);
  }
  EXPECT_EQ(state, 4);
}

TEST(Uct, ABranchOfNoNumberIsTheWorst) {
  BranchProblem problem(
      [](int64_t, bool right, double* reward) -> int64_t {
        *reward = right ? NAN : 0.5;
        return 0;
      },
      3);
  const test::Found found = test::Find<Uct>(Setting(64), &problem);
  EXPECT_TRUE(found.plan.sound);
  EXPECT_EQ(found.plan.knots[0], -1.0f);
  BranchProblem none([](int64_t, bool, double* reward) -> int64_t { return *reward = NAN, 0; }, 3);
  const test::Found nothing = test::Find<Uct>(Setting(64), &none);
  EXPECT_FALSE(nothing.plan.sound);
  EXPECT_EQ(nothing.plan.knots, std::vector<float>(3, 0.0f));
}

TEST(Uct, DrawsByAttemptAndStepAlone) {
  const auto plan = [](const PlanDraws& draws) {
    BranchProblem problem(Chain, 6);
    const test::Found found = test::Find<Uct>(Setting(20), &problem, draws);
    return found.trace.visits;
  };
  EXPECT_EQ(plan({1, 2, 0, 5}), plan({1, 2, 0, 5}));
  int others = 0;
  for (const PlanDraws& other : {PlanDraws{2, 2, 0, 5}, {1, 3, 0, 5}, {1, 2, 1, 5}, {1, 2, 0, 6}})
    others += plan(other) != plan({1, 2, 0, 5});
  EXPECT_GT(others, 0);
}

TEST(ActionGrid, NamesEveryCombinationOnce) {
  const ActionGrid grid{3, 2};
  ASSERT_EQ(grid.Count(), 9);
  EXPECT_EQ(grid.Action(0), (std::vector<float>{-1, -1}));
  EXPECT_EQ(grid.Action(1), (std::vector<float>{-1, 0}));
  EXPECT_EQ(grid.Action(5), (std::vector<float>{0, 1}));
  EXPECT_EQ(grid.Action(8), (std::vector<float>{1, 1}));
  EXPECT_GT((ActionGrid{3, 60}.Count(27)), 27) << "no overflow";
}

}  // namespace
}  // namespace equipoise::plan
