#include "engine/learn/q_error.h"

#include <cmath>

#include <gtest/gtest.h>

namespace equipoise::learn {
namespace {

TEST(QError, IsThatOfAHandComputedEpisode) {
  // gamma 1/2, T = 4, two states counted. R_0 = 1 + 2/2 + 4/4 + 16/8 = 5, R_1 = 2 + 4/2 + 16/4 = 8.
  const QError found = CompareWithReturn({7, 9, 100, 16}, {1, 2, 4, 1000}, 0.5);
  EXPECT_DOUBLE_EQ(found.q, 8);
  EXPECT_DOUBLE_EQ(found.monte_carlo, 6.5);
  EXPECT_DOUBLE_EQ(found.tail, (2.0 + 4.0) / 2);
  EXPECT_DOUBLE_EQ(found.error(), 1.5);
}

TEST(QError, IsZeroForTheTrueValueOfATaskThatGoesOnForEver) {
  constexpr double kGamma = 0.99, kReward = 3;
  const std::vector<float> rewards(100, kReward);
  const std::vector<double> q(100, kReward / (1 - kGamma));
  EXPECT_NEAR(CompareWithReturn(q, rewards, kGamma).error(), 0, 1e-9);
}

// What is the same in all states shows by 1 - gamma^{T-1-t}.
TEST(QError, ShowsOfAnExcessThatIsTheSameInAllStatesWhatTheHorizonLetsItShow) {
  constexpr double kGamma = 0.98, kExcess = 7;
  const int steps = 60;
  std::vector<float> rewards;
  std::vector<double> q(static_cast<size_t>(steps));
  for (int t = 0; t < steps; ++t) rewards.push_back(static_cast<float>(std::sin(0.3 * t)));
  // Values of the same rewards, continued with 0 behind the last step.
  double value = 0;
  for (int t = steps - 1; t >= 0; --t) {
    value = rewards[static_cast<size_t>(t)] + kGamma * value;
    q[static_cast<size_t>(t)] = value;
  }
  EXPECT_NEAR(CompareWithReturn(q, rewards, kGamma).error(), 0, 1e-6);
  double share = 0;
  for (int t = 0; t < steps / 2; ++t) share += (1 - std::pow(kGamma, steps - 1 - t)) / (steps / 2);
  for (double& v : q) v += kExcess;
  EXPECT_NEAR(CompareWithReturn(q, rewards, kGamma).error(), kExcess * share, 1e-6);
}

// gamma 1/2, T = 4: of R = 2 + 4/2 + 8/4 + 16/8 = 8, 12, 16 the first halves count, each over what it would be for ever:
// 8 / (15/16), 12 / (7/8), 16 / (3/4).
TEST(BestReturn, IsTheLargestOfTheFirstHalvesContinuedAtItsOwnPace) {
  replay::EpisodeBuffer data(1, 1, 4, {}, 1);
  EXPECT_EQ(BestReturn(data, 0.5), 0);
  const auto append = [&data](std::vector<float> rewards) {
    replay::Episode e;
    e.states.assign(5, 0.0f);
    e.actions.assign(4, 0.0f);
    e.rewards = std::move(rewards);
    data.Append(e);
  };
  append({2, 4, 8, 16});
  EXPECT_DOUBLE_EQ(BestReturn(data, 0.5), 16 / 0.75);
  append({1, 1, 1, 1000});  // its last reward alone is not a return to go by
  EXPECT_DOUBLE_EQ(BestReturn(data, 0.5), 501 / 0.75);
  replay::EpisodeBuffer constant(1, 1, 4, {}, 1);
  replay::Episode e;
  e.states.assign(5, 0.0f);
  e.actions.assign(4, 0.0f);
  e.rewards.assign(4, -3.0f);
  constant.Append(e);
  EXPECT_DOUBLE_EQ(BestReturn(constant, 0.9), -30);
}

}  // namespace
}  // namespace equipoise::learn
