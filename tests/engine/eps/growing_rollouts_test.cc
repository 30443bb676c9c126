// More rollouts for masks whose sign is in doubt: who gets them, that they go on where the first ones ended, and that
// nothing else changes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/config/section.h"
#include "engine/eps/check.h"
#include "engine/eps/check_settings.h"
#include "engine/eps/what_if.h"
#include "engine/model/imagination.h"
#include "tests/engine/eps/linear_world.h"
#include "tests/engine/eps/two_policies.h"

namespace equipoise::eps {
namespace {

using test::ConstantPolicy;
using test::LinearSystem;
using test::LinearWorld;

constexpr int kHorizon = 5, kMasks = 24, kFirst = 3, kMost = 40;

LinearSystem Noisy() {
  LinearSystem system;
  system.g[0] = 0.5;
  system.g[1] = 0.5;
  return system;
}

// With worlds to either side of where both policies are worth the same, so that some are clear and some are not.
class GrowingRollouts : public ::testing::Test {
 protected:
  CheckInputs Inputs(int most) const {
    CheckInputs in{world_,
                   {{test::Free(), &free_}, {test::Based(), &based_}},
                   starts_,
                   nullptr,
                   2,
                   kHorizon,
                   5,
                   7,
                   kMasks,
                   kFirst,
                   Pairing::kStarts,
                   false,
                   {},
                   nullptr};
    in.most_rollouts = most;
    return in;
  }
  // Every rollout of the first `blocks` blocks of a mask, by a way of its own: one mask, one block, one policy at a time.
  std::vector<double> Differences(const CheckInputs& in, int mask, int blocks) const {
    std::vector<double> out;
    for (int block = 0; block < blocks; ++block) {
      const int rows = in.BlockSize(block);
      std::vector<std::vector<double>> returns;
      for (size_t p = 0; p < 2; ++p) {
        const Draws d = DrawsOf(in, p, mask, 1, block);
        const model::Belief belief = MaskOf(in, mask);
        model::Imagination imagination(world_, *in.policies[p].policy);
        imagination.Run(
            {rows, kHorizon, d.start.data(), nullptr, &belief, d.action_noise.data(), d.dynamics_noise.data()},
            model::Keep::kReturns);
        returns.emplace_back(imagination.Returns().begin(), imagination.Returns().end());
      }
      for (size_t m = 0; m < returns[0].size(); ++m) out.push_back(returns[1][m] - returns[0][m]);
    }
    return out;
  }
  LinearWorld world_{Noisy(), [](Stream& s) { return static_cast<float>(s.Uniform(-8, 8)); }};
  nets::Policy free_ = ConstantPolicy(2, {-0.3}, 0.2), based_ = ConstantPolicy(2, {0.5}, 0.2);
  learn::StartPool starts_{{2.0f, -1.0f, 0.5f, 0.5f, -3.0f, 1.0f}, 2};
};

struct Moments {
  double mean = 0, error = 0;
};
Moments Of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  Moments m;
  for (const double v : values) m.mean += v / n;
  double square = 0;
  for (const double v : values) square += (v - m.mean) * (v - m.mean);
  m.error = std::sqrt(square / (n - 1) / n);
  return m;
}

TEST_F(GrowingRollouts, BlocksDoubleWhatThereIsUpToTheMost) {
  const CheckInputs in = Inputs(kMost);
  std::vector<int> sizes;
  for (int block = 0; block < 7; ++block) sizes.push_back(in.BlockSize(block));
  EXPECT_EQ(sizes, (std::vector<int>{3, 3, 6, 12, 16, 0, 0}));
  EXPECT_EQ(Inputs(0).BlockSize(0), 3);
  EXPECT_EQ(Inputs(0).BlockSize(1), 0);
  EXPECT_EQ(Inputs(3).BlockSize(1), 0);
}

TEST_F(GrowingRollouts, AMaskGetsThemUntilItsSignIsClearOrThereAreNoMore) {
  const CheckInputs in = Inputs(kMost);
  const Decision d = Check(in);
  ASSERT_EQ(d.mask_rollouts.size(), static_cast<size_t>(kMasks));
  EXPECT_EQ(d.most_rollouts, kMost);
  int grown = 0, exhausted = 0;
  for (int mask = 0; mask < kMasks; ++mask) {
    const auto i = static_cast<size_t>(mask);
    int blocks = 0, had = 0;
    Moments m;
    do {
      had += in.BlockSize(blocks++);
      m = Of(Differences(in, mask, blocks));
    } while (in.BlockSize(blocks) > 0 && std::fabs(m.mean) < 2 * m.error);
    EXPECT_EQ(d.mask_rollouts[i], had);
    EXPECT_NEAR(d.delta()[i], m.mean, 1e-6 * (1 + std::fabs(m.mean)));
    EXPECT_NEAR(d.standard_error()[i], m.error, 1e-6 * (1 + m.error));
    grown += had > kFirst;
    exhausted += had == kMost;
  }
  EXPECT_GT(grown, 4);
  EXPECT_LT(grown, kMasks - 4) << "clear ones stay as they are";
  EXPECT_GT(exhausted, 0);
}

TEST_F(GrowingRollouts, LeaveClearMasksAsTheyWereToTheBitAndOffIsOff) {
  const Decision off = Check(Inputs(0)), same = Check(Inputs(kFirst)), on = Check(Inputs(kMost));
  EXPECT_TRUE(off.mask_rollouts.empty());
  EXPECT_EQ(same.delta(), off.delta());
  EXPECT_EQ(same.standard_error(), off.standard_error());
  for (size_t i = 0; i < off.delta().size(); ++i) {
    EXPECT_EQ(off.RolloutsOf(i), kFirst);
    EXPECT_EQ(on.delta()[i] == off.delta()[i], on.mask_rollouts[i] == kFirst);
  }
}

TEST_F(GrowingRollouts, DependNeitherOnThreadsNorOnStoppingEarly) {
  const Decision whole = Check(Inputs(kMost));
  CheckInputs in = Inputs(kMost);
  Team team(3);
  in.team = &team;
  const Decision shared = Check(in);
  EXPECT_EQ(shared.delta(), whole.delta());
  EXPECT_EQ(shared.mask_rollouts, whole.mask_rollouts);
  EXPECT_EQ(shared.clamped_fraction, whole.clamped_fraction);
  in.early_exit = true;
  const Decision early = Check(in);
  EXPECT_EQ(early.proved, whole.proved);
  ASSERT_EQ(early.mask_rollouts.size(), static_cast<size_t>(early.evaluated));
  EXPECT_TRUE(std::equal(early.delta().begin(), early.delta().end(), whole.delta().begin()));
  EXPECT_TRUE(std::equal(early.mask_rollouts.begin(), early.mask_rollouts.end(), whole.mask_rollouts.begin()));
}

TEST_F(GrowingRollouts, ASingleRolloutIsInDoubtUntilItHasAnError) {
  CheckInputs in = Inputs(kMost);
  in.rollouts = 1;
  for (const int had : Check(in).mask_rollouts) EXPECT_GE(had, 2);
}

TEST_F(GrowingRollouts, AnotherNumberOfRolloutsIsAChanceByWhatEachMaskHas) {
  const Decision d = Check(Inputs(kMost));
  const WhatIfAnswer answer = Ask(d, {WhatIfRule::Kind::kRollouts, 1000});
  ASSERT_EQ(answer.verdict, WhatIfAnswer::Verdict::kChance);
  double chance = 1;
  for (size_t i = 0; i < d.delta().size(); ++i) {
    const double had = d.mask_rollouts[i], sd = d.standard_error()[i] * std::sqrt(had * std::fabs(1e-3 - 1 / had));
    chance *= 0.5 * std::erfc(-d.delta()[i] / sd / std::sqrt(2.0));
  }
  EXPECT_NEAR(answer.chance, chance, 1e-12);
}

TEST(GrowingRolloutsSettings, FewerThanEveryMaskGetsAreRefused) {
  config::Settings s = config::DefaultsOf("unified");
  EXPECT_EQ(s.Of<CheckSettings>().most_rollouts, 0) << "the paper has no such thing";
  s.Of<CheckSettings>().rollouts = 5;
  s.Of<CheckSettings>().most_rollouts = 4;
  const Status refused = config::Validate(s);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("eps.most_rollouts = 4"), std::string::npos) << refused.error().message;
  s.Of<CheckSettings>().most_rollouts = 5;
  EXPECT_TRUE(config::Validate(s).ok());
}

}  // namespace
}  // namespace equipoise::eps
