// The rules that turn a run's settings into its task.
#include "engine/env/configured_task.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace equipoise::env {
namespace {

TEST(ConfiguredTask, HasItsOwnStepsUnlessAskedForOthers) {
  config::Settings s;
  s.run.task = "cartpole";
  const auto task = MakeTask(s);
  ASSERT_TRUE(task.ok());
  EXPECT_EQ(task.value()->info().name, "cartpole");
  s.env.horizon = 0;
  EXPECT_EQ(HorizonOf(s, task.value()->info()), 200);
  s.env.horizon = 40;
  EXPECT_EQ(HorizonOf(s, task.value()->info()), 40);
  s.run.task = "humanoid";
  EXPECT_FALSE(MakeTask(s).ok());
}

// A hopper that lies on the ground is paid for being alive only where that is
// asked for.
TEST(ConfiguredTask, PaysTheBonusThatTheSettingsName) {
  const auto alive = [](const char* bonus) {
    config::Settings s;
    s.run.task = "hopper";
    s.env.alive_bonus = bonus;
    const auto task = MakeTask(s);
    EXPECT_TRUE(task.ok());
    const TaskInfo& info = task.value()->info();
    task.value()->SetState(std::vector<double>(static_cast<size_t>(info.qpos_size), 0.0),
                           std::vector<double>(static_cast<size_t>(info.qvel_size), 0.0));
    const std::vector<double> still(static_cast<size_t>(info.action_size), 0.0);
    const StepResult result = task.value()->Step(still.data());
    const auto at = std::find(info.term_names.begin(), info.term_names.end(), "alive") - info.term_names.begin();
    return result.terms.at(static_cast<size_t>(at));
  };
  EXPECT_EQ(alive("always"), 1);
  EXPECT_EQ(alive("healthy"), 0);
}

}  // namespace
}  // namespace equipoise::env
