// The six tasks written as files (tests/fixtures/tasks) against those written in C++.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/env/task_library.h"
#include "tests/engine/env/recorded.h"

namespace equipoise::env {
namespace {

std::unique_ptr<Task> FromFile(const std::string& name, AliveBonus alive) {
  const Result<std::string> known = LearnTask(tests::FixtureFolder() + "/tasks/" + name + ".toml");
  EXPECT_TRUE(known.ok()) << (known.ok() ? "" : known.error().message);
  return MustMake(known.value(), alive);
}

constexpr double kEqual = 1e-12;

class TaskAsAFile : public testing::TestWithParam<std::string> {};

// Actions beyond the range too: what is clipped where is part of a task.
void Compare(const std::string& name, AliveBonus alive, double* healthy_steps) {
  const auto ours = MustMake(name, alive), file = FromFile(name, alive);
  const TaskInfo &a = ours->info(), &b = file->info();
  EXPECT_EQ(b.title, a.title);
  EXPECT_EQ(b.horizon, a.horizon);
  EXPECT_EQ(b.observation_size, a.observation_size);
  EXPECT_EQ(b.term_names, a.term_names);
  EXPECT_EQ(b.wrapped, a.wrapped);
  EXPECT_EQ(b.control_dt_seconds, a.control_dt_seconds);
  Stream of_ours(3, "test.reset"), of_file(3, "test.reset"), actions(3, "test.actions");
  std::vector<double> pose(a.qpos_size), pose_of_file(a.qpos_size);
  for (int step = 0; step < 400; ++step) {
    if (step % a.horizon == 0) {
      ours->Reset(of_ours);
      file->Reset(of_file);
      pose = ours->Save().qpos;
      pose_of_file = pose;
      ASSERT_LE(Worst(Observed(*ours), Observed(*file)), kEqual) << "after the reset";
    }
    std::vector<double> action(a.action_size);
    for (double& number : action) number = actions.Uniform(-1.4, 1.4);
    const StepResult x = ours->Step(action.data()), y = file->Step(action.data());
    ASSERT_TRUE(x.finite && y.finite) << y.problem;
    ASSERT_LE(Worst(x.terms, y.terms), kEqual) << "step " << step;
    ASSERT_NEAR(x.reward, y.reward, kEqual) << "step " << step;
    ASSERT_LE(Worst(Observed(*ours), Observed(*file)), kEqual) << "step " << step;
    ours->PoseFromObservation(Observed(*ours).data(), pose.data(), pose.data());
    file->PoseFromObservation(Observed(*file).data(), pose_of_file.data(), pose_of_file.data());
    ASSERT_LE(Worst(pose, pose_of_file), 1e-9) << "step " << step;
    if (!x.terms.empty() && a.term_names.back() == "alive") *healthy_steps += x.terms.back();
  }
}

TEST_P(TaskAsAFile, GivesTheRewardsTermsAndObservationsOfTheOneInCpp) {
  double healthy = 0, always = 0;
  Compare(GetParam(), AliveBonus::kWhileHealthy, &healthy);
  Compare(GetParam(), AliveBonus::kAlways, &always);
  if (MustMake(GetParam())->info().term_names.back() != "alive") return;
  EXPECT_EQ(always, 400);
  if (GetParam() != "ant") {  // which hardly falls in so many steps
    EXPECT_LT(healthy, 400) << "nothing was ever unhealthy";
  }
}

// Without it the comparison above could pass by comparing nothing.
TEST_P(TaskAsAFile, DiffersWhereTheActionDoes) {
  const auto ours = MustMake(GetParam()), file = FromFile(GetParam(), AliveBonus::kWhileHealthy);
  Stream a(3, "test.reset"), b(3, "test.reset");
  ours->Reset(a);
  file->Reset(b);
  std::vector<double> action(ours->info().action_size, 0.5);
  ours->Step(action.data());
  action[0] = 0.25;
  file->Step(action.data());
  EXPECT_GT(Worst(Observed(*ours), Observed(*file)), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(All, TaskAsAFile, testing::ValuesIn(TaskNames()), [](const auto& task) { return task.param; });

}  // namespace
}  // namespace equipoise::env
