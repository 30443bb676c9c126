// What DClaw pays without any learning: the numbers that a learner has to be held against.
#include <cmath>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base/random.h"
#include "engine/env/task.h"

namespace equipoise::env {
namespace {

constexpr size_t kJoints = 9, kValve = 9;

class DClaw : public ::testing::Test {
 protected:
  DClaw() {
    auto made = MakeTask("dclaw", AliveBonus::kWhileHealthy);
    EXPECT_TRUE(made.ok());
    task = std::move(made).value();
  }
  std::unique_ptr<Task> task;
};

// The servo of a joint goes to action * range; the nominal pose is 0, -pi/3, pi/3 in ranges of 0.48, pi/3, pi/2.
TEST_F(DClaw, EarnsMoreByHoldingItsPoseThanByRestingItsActions) {
  std::vector<double> hold, rest(kJoints, 0.0);
  for (size_t i = 0; i < kJoints; ++i) hold.push_back(i % 3 == 0 ? 0.0 : i % 3 == 1 ? -1.0 : 2.0 / 3);
  const auto earned = [this](const std::vector<double>& action) {
    Stream stream(1, "reset");
    task->Reset(stream);
    double total = 0;
    for (int t = 0; t < task->info().horizon; ++t) total += task->Step(action.data()).reward;
    return total;
  };
  const double held = earned(hold), rested = earned(rest);
  std::printf("dclaw: pose held %.1f, actions 0 %.1f\n", held, rested);
  EXPECT_NEAR(held, -630, 1);
  EXPECT_NEAR(rested, -733.1, 0.1);
}

TEST_F(DClaw, IsTurnedByRandomActions) {
  int turned = 0, turned_at_the_end = 0;
  double total = 0, farthest = 0;
  constexpr int kEpisodes = 100;
  for (uint64_t episode = 0; episode < kEpisodes; ++episode) {
    Stream stream(1, "dclaw.random", episode);
    task->Reset(stream);
    double most = 0, last = 0;
    for (int t = 0; t < task->info().horizon; ++t) {
      std::vector<double> action(kJoints);
      for (double& a : action) a = stream.Uniform(-1, 1);
      total += task->Step(action.data()).reward;
      last = std::fabs(task->Save().qpos[kValve]);
      most = std::max(most, last);
    }
    turned += most > 0.3;
    turned_at_the_end += last > 0.3;
    farthest = std::max(farthest, most);
  }
  std::printf(
      "dclaw: random actions turn the valve by more than 0.3 rad in %d of %d episodes (%d at their end), by "
      "%.2f rad at most; mean return %.1f\n",
      turned, kEpisodes, turned_at_the_end, farthest, total / kEpisodes);
  EXPECT_GT(turned, 30);
  EXPECT_LT(turned, 80);
  EXPECT_NEAR(total / kEpisodes, -782, 30);
}

}  // namespace
}  // namespace equipoise::env
