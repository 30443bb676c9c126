// Tabular Q-learning and Dyna on a chain of five states whose values are known in closed form.
#include "engine/learn/table/q_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/learn/table/grid.h"

namespace equipoise::learn {
namespace {

// Left and right along 0..4, clamped; reward 1 when the next state is 4. With probability `slip` the other way.
constexpr int kLeft = 0, kRight = 1;
struct Chain {
  double slip = 0;
  int64_t state = 0;
  struct Step {
    int64_t from;
    int action;
    double reward;
    int64_t to;
  };
  Step Go(int action, Stream* stream) {
    const bool slips = slip > 0 && stream->Uniform() < slip;
    const int64_t by = (action == kRight) != slips ? 1 : -1;
    const int64_t next = std::clamp<int64_t>(state + by, 0, 4);
    const Step step{state, action, next == 4 ? 1.0 : 0.0, next};
    state = next;
    return step;
  }
};

// Episodes of 20 steps from state 0; returns the return of the second.
double Teach(QTable* table, int episodes, int planning, double alpha, double gamma, double epsilon, double slip,
             uint64_t seed) {
  Stream act(seed, "act"), plan(seed, "plan"), world(seed, "world");
  double second = 0;
  for (int e = 0; e < episodes; ++e) {
    Chain chain{slip};
    for (int t = 0; t < 20; ++t) {
      const int action = act.Uniform() < epsilon ? static_cast<int>(act.Below(2)) : table->Greedy(chain.state, &act);
      const Chain::Step s = chain.Go(action, &world);
      if (e == 1) second += s.reward;
      table->Learn(s.from, s.action, s.reward, s.to, alpha, gamma);
      table->Count(s.from, s.action, s.reward, s.to);
      table->Plan(planning, alpha, gamma, &plan);
    }
  }
  return second;
}

TEST(QTable, OneRealPassTeachesTheLastPairAndPlanningAllThatWereMet) {
  QTable table(5, 2, 0);
  Stream stream(1, "chain");
  Chain chain;
  for (int t = 0; t < 4; ++t) {
    const Chain::Step s = chain.Go(kRight, &stream);
    table.Learn(s.from, s.action, s.reward, s.to, 1, 0.9);
    table.Count(s.from, s.action, s.reward, s.to);
  }
  for (int64_t s = 0; s < 5; ++s)
    for (int a = 0; a < 2; ++a) EXPECT_EQ(table.Q(s, a), s == 3 && a == kRight ? 1 : 0);
  EXPECT_EQ(table.pairs_met(), 4);
  table.Plan(400, 1, 0.9, &stream);
  const double expected[] = {0.729, 0.81, 0.9, 1};
  for (int64_t s = 0; s < 4; ++s) EXPECT_NEAR(table.Q(s, kRight), expected[s], 1e-12);
  EXPECT_EQ(table.Value(4), 0) << "never left";
}

// Mean over 100 seeds of the largest error of Q(., right), and the return of the second episode: what planning buys.
TEST(QTable, PlanningBringsTheValuesInAFractionOfTheEpisodes) {
  const double truth[] = {7.29, 8.1, 9, 10, 10};
  const int planning[] = {0, 5, 50};
  double error[3] = {}, second[3] = {};
  for (int k = 0; k < 3; ++k)
    for (uint64_t seed = 0; seed < 100; ++seed) {
      QTable table(5, 2, 0);
      second[k] += Teach(&table, 30, planning[k], 0.1, 0.9, 0.1, 0, seed) / 100;
      double worst = 0;
      for (int64_t s = 0; s < 5; ++s) worst = std::max(worst, std::abs(table.Q(s, kRight) - truth[s]));
      error[k] += worst / 100;
    }
  EXPECT_NEAR(error[0], 6.18, 0.4);
  EXPECT_NEAR(error[1], 0.03, 0.05);
  EXPECT_NEAR(error[2], 0.0, 0.01);
  EXPECT_LT(second[0], second[1]);
  EXPECT_LT(second[1], second[2]);
  EXPECT_NEAR(second[2], 9.9, 2.0);
}

TEST(QTable, LearnsTheValuesOfAChainThatSlips) {
  const double truth[] = {6.080449, 6.831122, 7.757878, 8.818614, 8.914080};
  for (uint64_t seed = 0; seed < 4; ++seed) {
    QTable table(5, 2, 0);
    Teach(&table, 200, 20, 0.02, 0.9, 0.1, 0.1, seed);
    for (int64_t s = 0; s < 5; ++s) EXPECT_NEAR(table.Q(s, kRight), truth[s], 0.4) << "state " << s;
  }
}

TEST(QTable, WithoutPlanningTheModelChangesNothing) {
  QTable with(5, 2, 0), without(5, 2, 0);
  Stream world(3, "world"), plan(3, "plan");
  Chain chain;
  for (int t = 0; t < 200; ++t) {
    const Chain::Step s = chain.Go(static_cast<int>(world.Below(2)), &world);
    with.Learn(s.from, s.action, s.reward, s.to, 0.1, 0.9);
    without.Learn(s.from, s.action, s.reward, s.to, 0.1, 0.9);
    with.Count(s.from, s.action, s.reward, s.to);
    EXPECT_EQ(with.Plan(0, 0.1, 0.9, &plan), 0);
  }
  for (int64_t s = 0; s < 5; ++s)
    for (int a = 0; a < 2; ++a) EXPECT_EQ(with.Q(s, a), without.Q(s, a));
}

TEST(QTable, ComesBackFromAnArchive) {
  QTable table(5, 2, 0.5);
  Teach(&table, 3, 5, 0.1, 0.9, 0.3, 0.2, 9);
  ArchiveWriter out;
  table.Save(out, "t");
  const auto in = ArchiveReader::Parse(out.Finish(), "test");
  ASSERT_TRUE(in.ok());
  QTable again(5, 2, 0.5);
  again.Load(in.value(), "t");
  Stream a(4, "go on"), b(4, "go on");
  EXPECT_EQ(table.Plan(100, 0.1, 0.9, &a), again.Plan(100, 0.1, 0.9, &b));
  for (int64_t s = 0; s < 5; ++s)
    for (int action = 0; action < 2; ++action) {
      EXPECT_EQ(table.Q(s, action), again.Q(s, action));
      EXPECT_EQ(table.Visits(s, action), again.Visits(s, action));
    }
  QTable other(6, 2, 0.5);
  EXPECT_THROW(other.Load(in.value(), "t"), FormatError);
}

TEST(CartpoleGrid, HasACellForEveryObservationAndKeepsUprightAndHangingWhole) {
  const CartpoleGrid grid;
  EXPECT_EQ(grid.cells(), 2880);
  std::vector<int> met(static_cast<size_t>(grid.cells()));
  for (double x = -2.5; x < 2.6; x += 0.5)
    for (double angle = -3.14; angle < 3.15; angle += 0.1)
      for (double rate = -12; rate < 12.1; rate += 1)
        for (double velocity = -5; velocity < 5.1; velocity += 1) {
          const float o[] = {float(x), float(std::cos(angle)), float(std::sin(angle)), float(velocity), float(rate)};
          const int64_t cell = grid.Cell(o);
          ASSERT_TRUE(cell >= 0 && cell < grid.cells());
          ++met[static_cast<size_t>(cell)];
        }
  EXPECT_EQ(std::count(met.begin(), met.end(), 0), 0) << "no cell is out of reach";
  const auto at = [&grid](double angle) {
    const float o[] = {0, float(std::cos(angle)), float(std::sin(angle)), 0.1f, 0.1f};
    return grid.Cell(o);
  };
  EXPECT_EQ(at(0.1), at(-0.1));
  EXPECT_EQ(at(3.1), at(-3.1));
  EXPECT_NE(at(0.1), at(0.4));
}

TEST(CartpoleGrid, APushIsOneThatWasHeld) {
  const float held[] = {-1, -1, -1}, changed[] = {-1, 1, 1}, between[] = {0.5f, 0.5f, 0.5f};
  EXPECT_EQ(HeldPush(held, 3), std::optional<int>(0));
  EXPECT_FALSE(HeldPush(changed, 3).has_value());
  EXPECT_FALSE(HeldPush(between, 3).has_value());
}

}  // namespace
}  // namespace equipoise::learn
