#include "engine/learn/imagined/imagined_batch.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/learn/trust_region.h"
#include "engine/nets/kernels/kernels.h"
#include "tests/engine/eps/linear_world.h"

namespace equipoise::learn {
namespace {

constexpr int kHorizon = 6;

float Plain(Stream&) { return 1.5f; }

struct Imagining {
  Imagining() {
    Stream init(1, "policy");
    nets::PolicySpec spec;
    spec.states = 2;
    spec.actions = 1;
    spec.hidden = 8;
    spec.free_sd = true;
    policy = nets::Policy(spec, init);
    policy.mean = {0.5f, -1.0f};
    policy.sd = {2.0f, 3.0f};
    policy.SetFreeSd(0.5);
  }
  OnPolicyBatch Take(int64_t steps, int round = 0, Team* team = nullptr) {
    return batches.Take({steps, 0.9}, {data, settings, 3, 0, {}, team}, policy, round);
  }
  test::LinearSystem system;
  test::LinearWorld world{system, Plain};
  StartPool starts{{2.0f, -1.0f, 0.5f, 1.0f}, 2};
  replay::EpisodeBuffer data{2, 1, kHorizon, {}, 1};
  config::Settings settings;
  nets::Policy policy;
  ImaginedBatches batches{"pg", world, starts};
};

// Every step again, by hand: z' = A z + B a, r = 2 (q z + w a) + 3, in a world without noise.
TEST(ImaginedBatches, AreTrajectoriesOfTheModelInTheUnitsOfObservations) {
  Imagining t;
  const OnPolicyBatch batch = t.Take(20 * kHorizon + 3);
  ASSERT_EQ(batch.trajectories, 20);
  ASSERT_EQ(batch.horizon, kHorizon);
  const test::LinearSystem& w = t.system;
  for (int64_t i = 0; i < 20; ++i) {
    for (int64_t k = 0; k < kHorizon; ++k) {
      const float *now = batch.s.data() + (i * (kHorizon + 1) + k) * 2, *next = now + 2;
      EXPECT_TRUE(k > 0 || now[0] == 2.0f || now[0] == 0.5f);
      const double z0 = (now[0] - 1.0) / 0.5, z1 = (now[1] + 2.0) / 4.0,
                   a = std::tanh(batch.u[static_cast<size_t>(i * kHorizon + k)]);
      EXPECT_NEAR(next[0], 1.0 + 0.5 * (w.a[0][0] * z0 + w.a[0][1] * z1 + w.b[0] * a), 1e-4);
      EXPECT_NEAR(next[1], -2.0 + 4.0 * (w.a[1][0] * z0 + w.a[1][1] * z1 + w.b[1] * a), 1e-4);
      EXPECT_NEAR(batch.reward[static_cast<size_t>(i * kHorizon + k)], 2 * (w.q[0] * z0 + w.q[1] * z1 + 1.5 * a) + 3,
                  1e-3);
      // As the policy says of what it sees there.
      const std::vector<float> raw = RawOutputs(t.policy, now, 1);
      float log_prob = 0;
      nets::LogDensity(1, 1, raw.data(), batch.u.data() + i * kHorizon + k, t.policy.spread, &log_prob);
      EXPECT_NEAR(batch.log_prob[static_cast<size_t>(i * kHorizon + k)], log_prob, 1e-5);
    }
  }
}

TEST(ImaginedBatches, AreTheSameWithAnyTeamAndOthersInAnotherRound) {
  Imagining t;
  Team team(3);
  const OnPolicyBatch alone = t.Take(200 * kHorizon), shared = t.Take(200 * kHorizon, 0, &team),
                      other = t.Take(200 * kHorizon, 1);
  EXPECT_EQ(alone.s, shared.s);
  EXPECT_EQ(alone.u, shared.u);
  EXPECT_EQ(alone.reward, shared.reward);
  EXPECT_NE(alone.u, other.u);
}

TEST(ImaginedBatches, BeginInRecordedStatesWhereThatIsAskedFor) {
  Imagining t;
  replay::Episode e;
  for (int i = 0; i < 2 * (kHorizon + 1); ++i) e.states.push_back(100.0f + static_cast<float>(i));
  e.actions.assign(kHorizon, 0.0f);
  e.rewards.assign(kHorizon, 0.0f);
  t.data.Append(e);
  t.settings.Of<ImagineSettings>().start = "recorded";
  t.settings.Of<ImagineSettings>().steps = 2;
  const OnPolicyBatch batch = t.Take(20);
  ASSERT_EQ(batch.horizon, 2);
  ASSERT_EQ(batch.trajectories, 10);
  for (int64_t i = 0; i < 10; ++i) EXPECT_NEAR(batch.s[static_cast<size_t>(i * 6)], 106, 7);
  EXPECT_EQ(t.batches.Rounds({}, {t.data, t.settings, 0}), 20);
  t.settings.Of<ImagineSettings>().iterations = 0;
  EXPECT_EQ(t.batches.Rounds({}, {t.data, t.settings, 0}), 0);
}

// J is linear in every action, and all are drawn alike: dJ/dm = E[1 - tanh(u)^2] (J(a = 1) - J(a = 0)). The score
// function says the same in the mean.
TEST(ImaginedBatches, TheScoreOfTheirReturnsIsTheSlopeOfTheExpectedReturn) {
  Imagining t;
  t.policy.net.values.assign(t.policy.net.values.size(), 0.0f);
  t.policy.SetFreeSd(0.5);
  t.policy.net.at(t.policy.net.layout.Find("b_out"))[0] = 0.3f;
  t.starts = StartPool({2.0f, -1.0f}, 2);
  constexpr int64_t n = 100000;
  const OnPolicyBatch batch = t.Take(n * kHorizon);
  double mean = 0, square = 0, average = 0;
  for (const float r : batch.reward) average += r / static_cast<double>(n);
  for (int64_t i = 0; i < n; ++i) {
    double score = 0, earned = 0;
    for (int64_t k = 0; k < kHorizon; ++k) {
      score += (batch.u[static_cast<size_t>(i * kHorizon + k)] - 0.3) / 0.25;
      earned += batch.reward[static_cast<size_t>(i * kHorizon + k)];
    }
    const double g = (earned - average) * score;
    mean += g / n;
    square += g * g / n;
  }
  const double error = std::sqrt((square - mean * mean) / n);
  double slope = 0;
  for (int i = -4000; i <= 4000; ++i) {
    const double z = i / 500.0, a = std::tanh(0.3 + 0.5 * z);
    slope += std::exp(-0.5 * z * z) / std::sqrt(2 * M_PI) / 500.0 * (1 - a * a);
  }
  const double want = slope * (t.world.Return(1, 1.5, 2, -1, kHorizon) - t.world.Return(0, 1.5, 2, -1, kHorizon));
  EXPECT_NEAR(mean, want, 4 * error);
  EXPECT_LT(4 * error, 0.2 * std::fabs(want));
}

}  // namespace
}  // namespace equipoise::learn
