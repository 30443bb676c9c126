// Imagined observations back to poses: what was observed exactly, the rest rebuilt and close to the truth.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/env/recorded.h"

namespace equipoise::env {
namespace {

class PoseFromObservation : public testing::TestWithParam<std::string> {};

TEST_P(PoseFromObservation, FollowsTheTruePoseThroughARollout) {
  std::unique_ptr<Task> task = MustMake(GetParam());
  const int root = GetParam() == "ant" ? 2 : GetParam() == "cartpole" || GetParam() == "dclaw" ? 0 : 1;
  Stream stream(2, "test.pose");
  task->Reset(stream);
  std::vector<double> pose = task->Save().qpos, action(task->info().action_size);
  for (int t = 0; t < 40; ++t) {
    for (double& a : action) a = stream.Uniform(-1, 1);
    task->Step(action.data());
    const std::vector<double> truth = task->Save().qpos;
    task->PoseFromObservation(Observed(*task).data(), pose.data(), pose.data());  // in place
    for (size_t i = 0; i < truth.size(); ++i) {
      // An integrated root drifts: its velocity is known at the ends of the steps only.
      EXPECT_NEAR(pose[i], truth[i], static_cast<int>(i) < root ? 0.4 : 1e-12) << "step " << t << " entry " << i;
    }
  }
  EXPECT_EQ(task->RebuiltInPose().empty(), root == 0);
}

TEST_P(PoseFromObservation, KeepsThePreviousPoseWhereThePredictionIsNotANumber) {
  std::unique_ptr<Task> task = MustMake(GetParam());
  Stream stream(2, "test.pose");
  task->Reset(stream);
  const std::vector<double> previous = task->Save().qpos;
  const std::vector<double> nothing(task->info().observation_size, NAN);
  std::vector<double> pose(previous.size(), 0.0);
  task->PoseFromObservation(nothing.data(), previous.data(), pose.data());
  EXPECT_EQ(pose, previous);
}

INSTANTIATE_TEST_SUITE_P(All, PoseFromObservation, testing::ValuesIn(TaskNames()),
                         [](const auto& task) { return task.param; });

TEST(PoseFromObservationOfHopper, IntegratesTheVelocityOverTheControlStep) {
  std::unique_ptr<Task> task = MustMake("hopper");
  std::vector<double> observation(11, 0.0), previous = {3.0, 1.25, 0, 0, 0, 0}, pose(6);
  observation[0] = 1.1;
  observation[5] = 2.0;  // x velocity
  task->PoseFromObservation(observation.data(), previous.data(), pose.data());
  EXPECT_DOUBLE_EQ(pose[0], 3.0 + 2.0 * 0.008);
  EXPECT_EQ(pose[1], 1.1);
}

TEST(PoseFromObservationOfAnt, MakesAPredictedQuaternionARotation) {
  std::unique_ptr<Task> task = MustMake("ant");
  std::vector<double> observation(27, 0.0), previous = task->Save().qpos, pose(15);
  observation[1] = 0.6;
  observation[3] = 0.8 * 1.5;
  observation[1] *= 1.5;
  observation[13] = 1.0;
  observation[14] = -2.0;
  task->PoseFromObservation(observation.data(), previous.data(), pose.data());
  EXPECT_NEAR(pose[0], previous[0] + 0.05, 1e-15);
  EXPECT_NEAR(pose[1], previous[1] - 0.1, 1e-15);
  EXPECT_NEAR(pose[3], 0.6, 1e-15);
  EXPECT_NEAR(pose[5], 0.8, 1e-15);
}

TEST(PoseFromObservationOfCartpole, CountsWholeTurnsOfThePole) {
  std::unique_ptr<Task> task = MustMake("cartpole");
  std::vector<double> pose = {0, 0};
  for (double angle = 0; angle < 15; angle += 0.5) {
    // Lengths other than 1 are what a model predicts.
    const std::vector<double> observation = {0.1, 0.9 * std::cos(angle), 0.9 * std::sin(angle), 0, 0};
    task->PoseFromObservation(observation.data(), pose.data(), pose.data());
    EXPECT_NEAR(pose[1], angle, 1e-12);
  }
}

}  // namespace
}  // namespace equipoise::env
