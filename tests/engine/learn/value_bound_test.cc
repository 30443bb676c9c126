#include "engine/learn/value_bound.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace equipoise::learn {
namespace {

replay::EpisodeBuffer Rewarded(const std::vector<float>& rewards) {
  const auto T = static_cast<int64_t>(rewards.size());
  replay::EpisodeBuffer data(1, 1, T, env::DistractorSpec{1, 1, 1.0, 5, 20}, 5);
  replay::Episode e;
  e.states.assign(rewards.size() + 1, 0.0f);
  e.actions.assign(rewards.size(), 0.0f);
  e.rewards = rewards;
  data.Append(std::move(e));
  return data;
}

TEST(ValueBound, IsWhatTheLargestRewardForEverIsWorth) {
  EXPECT_NEAR(LargestValue(Rewarded({0.5f, -2.0f, 1.0f}), 0.99), 200, 1e-9);
  EXPECT_TRUE(std::isinf(LargestValue(Rewarded({0, 0}), 0.99)));
}

TEST(ValueBound, HoldsWhatIsBeyondItAndCutsItsGradient) {
  std::vector<float> v = {-7, -3, 0, 3, 7, NAN}, dv(v.size(), 1.0f);
  HoldValues(5, 6, v.data());
  EXPECT_EQ(std::vector<float>(v.begin(), v.begin() + 5), (std::vector<float>{-5, -3, 0, 3, 5}));
  EXPECT_TRUE(std::isnan(v[5]));
  CutHeld(5, 6, v.data(), dv.data());
  EXPECT_EQ(dv, (std::vector<float>{0, 1, 1, 1, 0, 1}));
}

// A value that is fitted to r + gamma V(s') where V(s') is twice V(s) runs away with gamma > 1/2; held, it does not.
TEST(ValueBound, KeepsAValueThatBuildsOnItselfFromRunningAway) {
  const double gamma = 0.9, r = 1, bound = 1 / (1 - gamma);
  double free = 0, held = 0;
  for (int k = 0; k < 400; ++k) {
    free += 0.1 * (r + gamma * 2 * free - free);
    auto next = static_cast<float>(2 * held);
    HoldValues(static_cast<float>(bound), 1, &next);
    held += 0.1 * (r + gamma * next - held);
  }
  EXPECT_GT(free, 1e9);
  EXPECT_NEAR(held, r + gamma * bound, 1e-3);
}

}  // namespace
}  // namespace equipoise::learn
