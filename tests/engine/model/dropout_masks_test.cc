// Dropout masks: what they are, where they enter, and that they stay the same along a trajectory.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/model/dropout_lstm.h"
#include "engine/model/dropout_lstm_settings.h"
#include "engine/model/sequence_pass.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::model {
namespace {

using test::Normals;

constexpr int64_t kSteps = 8, kHidden = 12;
constexpr int64_t S = test::kTinyStates, A = test::kTinyActions, I = S + A, D = S + 1;

// The heads over recorded inputs under the given masks.
std::vector<float> Heads(const DropoutLstm& lstm, const std::vector<float>& x, int64_t batch, const Belief& beliefs) {
  SequencePass pass;
  pass.Forward(lstm.spec(), lstm.parameters(), x.data(), kSteps, batch, beliefs, true);
  return {pass.heads(), pass.heads() + kSteps * batch * 2 * lstm.spec().outputs()};
}

TEST(DropoutMasks, AreZeroOrOneOverTheProbabilityOfKeepingWithMeanOne) {
  const auto data = test::TinyBuffer(2, kSteps);
  for (double p : {0.0, 0.1, 0.5}) {
    const DropoutLstm lstm = test::TinyModel(data, kHidden, p);
    const Belief masks = test::DrawMasks(lstm, 2000);
    ASSERT_EQ(masks.data.size(), 2000u * 5 * kHidden);
    double dropped = 0, mean = 0;
    const auto n = static_cast<double>(masks.data.size());
    for (float m : masks.data) {
      EXPECT_TRUE(m == 0.0f || m == static_cast<float>(1.0f / (1.0f - static_cast<float>(p))));
      dropped += m == 0.0f ? 1 / n : 0;
      mean += m / n;
    }
    const double error = 4 * std::sqrt(p * (1 - p) / n);
    EXPECT_NEAR(dropped, p, error + 1e-12);
    EXPECT_NEAR(mean, 1.0, error / (1 - p) + 1e-6);
  }
}

TEST(DropoutMasks, ChangeTheRolloutWhenNothingButTheirSeedChanges) {
  const auto data = test::TinyBuffer(2, kSteps);
  const DropoutLstm lstm = test::TinyModel(data, kHidden, 0.3);
  const auto x = Normals(kSteps * 3 * I, "x");
  EXPECT_EQ(Heads(lstm, x, 3, test::DrawMasks(lstm, 3, 1)), Heads(lstm, x, 3, test::DrawMasks(lstm, 3, 1)));
  EXPECT_NE(Heads(lstm, x, 3, test::DrawMasks(lstm, 3, 1)), Heads(lstm, x, 3, test::DrawMasks(lstm, 3, 2)));
}

// Gates that share their masks (1 group), or have their own (4).
class GateMasks : public ::testing::TestWithParam<int64_t> {};

// The weights that leave a dropped unit do not matter at any step of the trajectory; those of a kept unit do.
TEST_P(GateMasks, StayTheSameAlongTheWholeTrajectory) {
  const int64_t groups = GetParam(), width = 4 * kHidden / groups;
  const auto data = test::TinyBuffer(2, kSteps);
  const DropoutLstm lstm = test::TinyModel(data, kHidden, 0.3, 1, groups);
  const auto x = Normals(kSteps * I, "x");
  const Belief mask = test::DrawMasks(lstm, 1);
  const std::vector<float> before = Heads(lstm, x, 1, mask);
  struct Layer {
    int block;
    int64_t first_row, first_col, cols;
  };
  // Where each masked input enters: e and h_{t-1} into the columns of their gates, then the layers behind the cell.
  std::vector<Layer> layers;
  for (int64_t row : {int64_t{0}, kHidden})
    for (int64_t g = 0; g < groups; ++g) layers.push_back({kGateW, row, g * width, width});
  for (const Layer& behind :
       {Layer{kFirstW, 0, 0, kHidden}, Layer{kSecondW, 0, 0, kHidden}, Layer{kHeadW, 0, 0, 2 * D}})
    layers.push_back(behind);
  ASSERT_EQ(mask.data.size(), layers.size() * kHidden);
  for (size_t layer = 0; layer < layers.size(); ++layer) {
    const Layer& at = layers[layer];
    int dropped = 0, kept = 0;
    for (int64_t unit = 0; unit < kHidden; ++unit) {
      DropoutLstm other = test::TinyModel(data, kHidden, 0.3, 1, groups);
      const int64_t stride = other.parameters().layout[at.block].cols;
      float* w = other.parameters().at(at.block) + (at.first_row + unit) * stride + at.first_col;
      for (int64_t j = 0; j < at.cols; ++j) w[j] += 1.0f;
      const std::vector<float> after = Heads(other, x, 1, mask);
      if (mask.data[layer * kHidden + static_cast<size_t>(unit)] == 0.0f) {
        ++dropped;
        EXPECT_EQ(after, before) << layer << " " << unit;
      } else {
        kept += after != before ? 1 : 0;
      }
    }
    EXPECT_GT(dropped, 0);
    EXPECT_GT(kept, 0);
  }
}

TEST_P(GateMasks, RolledStepByStepGiveWhatTeacherForcingGives) {
  const auto data = test::TinyBuffer(3, kSteps);
  const DropoutLstm lstm = test::TinyModel(data, kHidden, 0.3, 1, GetParam());
  const int64_t B = 9;  // burnt in as two shards
  std::vector<float> x(kSteps * B * I), y(kSteps * B * D);
  data.Sequences({0, 1, 2, 0, 1, 2, 0, 1, 2}, lstm.normaliser(), x.data(), y.data());
  const Belief beliefs = test::DrawMasks(lstm, B);
  const std::vector<float> heads = Heads(lstm, x, B, beliefs);
  std::vector<float> carries(static_cast<size_t>(kSteps * B * lstm.carry_size()));
  lstm.BurnIn(x.data(), kSteps, B, beliefs, carries.data(), nullptr);
  const replay::Normaliser& n = lstm.normaliser();
  // From the start, and from the carry that burn-in gives for step 3.
  for (int64_t first : {0, 3}) {
    for (float noise : {0.0f, 1.0f}) {
      const auto rollout = lstm.NewRollout();
      rollout->Begin(B, kSteps, false, &beliefs, first > 0 ? carries.data() + first * B * lstm.carry_size() : nullptr);
      for (int64_t t = first; t < kSteps; ++t) {
        std::vector<float> z(B * S), action(B * A), eps(B * S, noise), next(B * S), reward(B);
        for (int64_t b = 0; b < B; ++b) {
          const float* row = x.data() + (t * B + b) * I;
          std::copy_n(row, S, z.data() + b * S);
          std::copy_n(data[b % 3].actions.data() + t * A, A, action.data() + b * A);
        }
        rollout->Step(t - first, z.data(), action.data(), eps.data(), next.data(), reward.data());
        for (int64_t b = 0; b < B; ++b) {
          const float* head = heads.data() + (t * B + b) * 2 * D;
          EXPECT_NEAR(reward[static_cast<size_t>(b)], head[S], 1e-5);
          for (int64_t j = 0; j < S; ++j) {
            const auto k = static_cast<size_t>(j);
            const double sd = std::log1p(std::exp(static_cast<double>(head[D + j]))) + 1e-3;
            const double want = z[static_cast<size_t>(b * S + j)] +
                                (n.y_mean[k] + n.y_sd[k] * (head[j] + noise * sd)) / static_cast<double>(n.x_sd[k]);
            EXPECT_NEAR(next[static_cast<size_t>(b * S + j)], want, 2e-5);
          }
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(DropoutMasks, GateMasks, ::testing::Values(1, 4),
                         [](const auto& param_info) { return param_info.param == 1 ? "Tied" : "Untied"; });

TEST(DropoutMasks, AreTiedUnlessTheSettingsAskOtherwise) {
  config::Settings s;
  EXPECT_EQ(LstmSpecOf(s, S, A, {}).mask_layers(), 5);
  s.Of<DropoutLstmSettings>().masks = "untied";
  EXPECT_EQ(LstmSpecOf(s, S, A, {}).mask_layers(), 11);
}

}  // namespace
}  // namespace equipoise::model
