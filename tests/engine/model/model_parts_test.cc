// The dropout LSTM on recorded trajectories and policies in imagined ones, on every back end, against automatic
// gradients in double precision.
#include "engine/model/model_parts.h"

#include <gtest/gtest.h>

#include "tests/engine/back_ends.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::model {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kSteps = 7, kBatch = 4, kHidden = 12, kRows = 8;
constexpr int64_t S = test::kTinyStates, A = test::kTinyActions;

// The gradient itself, out of the moments that a first step against it leaves.
std::vector<float> Measured(const nets::NetworkParts& parts, nets::Parameters net, const nets::Gradient& gradient) {
  nets::Adam adam(net.layout.total());
  const auto weights = parts.NewWeights(&net, &adam);
  EXPECT_TRUE(weights->Step(0.0, gradient, 1e-3, 0.0).applied);
  weights->Store();
  for (float& m : adam.m) m *= 10.0f;
  return adam.m;
}

struct Case {
  std::string device;
  int64_t gate_groups;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const std::string& device : test::BackEnds())
    for (int64_t groups : {1, 4}) cases.push_back({device, groups});
  return cases;
}

std::string NameOf(const ::testing::TestParamInfo<Case>& param_info) {
  return param_info.param.device + (param_info.param.gate_groups == 1 ? "Tied" : "Untied");
}

class RecordedSequences : public ::testing::TestWithParam<Case> {
 protected:
  const ModelParts& parts = test::PartsOf(GetParam().device);
  replay::EpisodeBuffer data = test::TinyBuffer(4, kSteps);
  DropoutLstm lstm = test::TinyModel(data, kHidden, 0.3, 1, GetParam().gate_groups);
  Belief beliefs = test::DrawMasks(lstm, kBatch);
  std::vector<float> x = std::vector<float>(kSteps * kBatch * (S + A)),
                     y = std::vector<float>(kSteps * kBatch * (S + 1));
};

// Seven steps of a few hundred products each stay below 1e-5 in every block.
TEST_P(RecordedSequences, HaveTheLikelihoodAndTheGradientOfTheEquations) {
  data.Sequences({0, 3, 1, 3}, lstm.normaliser(), x.data(), y.data());
  auto nll = [&](const at::Tensor& flat) {
    return ReferenceNll(test::ReferenceOf(lstm, flat), Double(x.data(), {kSteps, kBatch, S + A}),
                        Double(y.data(), {kSteps, kBatch, S + 1}), test::Masks(beliefs, kHidden, kBatch))
        .sum();
  };
  const at::Tensor flat = Double(lstm.parameters().values);
  const double want = nll(flat).item<double>();
  const auto weights = parts.Freeze(lstm.parameters());
  const auto gradient = weights->NewGradient();
  const auto pass = parts.NewSequences(lstm.spec());
  for (int k = 0; k < 2; ++k)  // adds to what is there
    EXPECT_NEAR(pass->Differentiate(*weights, x.data(), y.data(), kSteps, kBatch, beliefs, 0.01f, gradient.get()), want,
                1e-5 * std::fabs(want));
  const at::Tensor slope = test::Gradient(flat, [&](auto& p) { return 0.02 * nll(p); });
  EXPECT_LT(test::WorstBlockError(lstm.parameters().layout, Measured(parts, lstm.parameters(), *gradient), slope),
            1e-5);
}

TEST_P(RecordedSequences, BurnInToTheStateBeforeEachStep) {
  data.Sequences({0, 3, 1, 2}, lstm.normaliser(), x.data(), y.data());
  constexpr int64_t kStride = kBatch + 2;  // as part of a larger batch
  std::vector<float> carries(kSteps * kStride * 2 * kHidden, 9.0f);
  const auto weights = parts.Freeze(lstm.parameters());
  parts.NewSequences(lstm.spec())->BurnIn(*weights, x.data(), kSteps, kBatch, beliefs, carries.data(), kStride);
  const ReferenceModel reference = test::ReferenceOf(lstm);
  ReferenceCarry carry = ReferenceStart(reference, kBatch);
  for (int64_t t = 0; t < kSteps; ++t) {
    const float* row = carries.data() + t * kStride * 2 * kHidden;
    EXPECT_LT(test::RelativeError(row, at::cat({carry.h, carry.c}, 1)), 5e-6) << t;
    for (int64_t i = kBatch * 2 * kHidden; i < kStride * 2 * kHidden; ++i) ASSERT_EQ(row[i], 9.0f);
    ReferenceStep(reference, Double(x.data() + t * kBatch * (S + A), {kBatch, S + A}),
                  test::Masks(beliefs, kHidden, kBatch), &carry);
  }
}

INSTANTIATE_TEST_SUITE_P(BackEnds, RecordedSequences, ::testing::ValuesIn(Cases()), NameOf);

class TrajectoriesInTraining : public ::testing::TestWithParam<Case> {
 protected:
  const ModelParts& parts = test::PartsOf(GetParam().device);
  replay::EpisodeBuffer data = test::TinyBuffer(4, kSteps);
  DropoutLstm lstm = test::TinyModel(data, kHidden, 0.3, 1, GetParam().gate_groups);
  Belief beliefs = test::DrawMasks(lstm, 4);  // two rows for each
};

TEST_P(TrajectoriesInTraining, FollowTheEquationsAndWalkBackToThePolicysWeights) {
  Stream stream(3, "policy");
  nets::Policy policy(S, A, 16, 2, 0.0, stream);
  policy.mean = {0.1f, -0.2f, 0.05f};
  policy.sd = {0.4f, 0.6f, 0.5f};
  const auto start = Normals(kRows * S, "start", 0.3f), carry = Normals(kRows * 2 * kHidden, "carry", 0.5f),
             action_noise = Normals(kSteps * kRows * A, "act"),
             dynamics_noise = Normals(kSteps * kRows * S, "dyn", 0.2f), dz = Normals((kSteps + 1) * kRows * S, "dz"),
             dreward = Normals(kSteps * kRows, "dreward"), dlog_prob = Normals(kSteps * kRows, "dlog_prob");
  const ReferenceModel m = test::ReferenceOf(lstm);
  const at::Tensor mean = m.x_mean.narrow(0, 0, S), sd = m.x_sd.narrow(0, 0, S), flat = Double(policy.net.values);
  for (const auto& [detach, from_the_middle] : {std::pair{false, false}, std::pair{true, true}}) {
    auto imagine = [&, middle = from_the_middle, detached = detach](const at::Tensor& weights) {
      ReferenceCarry state = ReferenceStart(m, kRows);
      const at::Tensor both = Double(carry.data(), {kRows, 2, kHidden});
      if (middle) state = {both.select(1, 0), both.select(1, 1)};
      return ReferenceImagine(m, test::ReferenceOf(policy, weights), Double(start.data(), {kRows, S}) * sd + mean,
                              &state, test::Masks(beliefs, kHidden, kRows),
                              Double(action_noise.data(), {kSteps, kRows, A}),
                              Double(dynamics_noise.data(), {kSteps, kRows, S}), detached);
    };
    const auto weights = parts.NewWeights(&policy.net, nullptr);
    const auto gradient = weights->NewGradient();
    const auto imagined = parts.NewTrajectories(lstm, policy, *weights, detach);
    for (int k = 0; k < 2; ++k) {
      imagined->Run({kRows, kSteps, start.data(), from_the_middle ? carry.data() : nullptr, &beliefs,
                     action_noise.data(), dynamics_noise.data()});
      imagined->Backward(dz.data(), dreward.data(), dlog_prob.data(), gradient.get());
    }
    const ReferenceTrajectory want = imagine(flat);
    EXPECT_LT(test::RelativeError(imagined->z(0), (want.state - mean) / sd), 5e-6);
    EXPECT_LT(test::RelativeError(imagined->z(1), (want.state.narrow(0, 1, kSteps) - mean) / sd), 5e-6);
    EXPECT_LT(test::RelativeError(imagined->reward(0), (want.reward - m.y_mean[S]) / m.y_sd[S]), 1e-5);
    EXPECT_LT(test::RelativeError(imagined->log_prob(0), want.log_prob), 5e-6);
    const at::Tensor returns = want.reward.sum(0);
    for (int64_t r = 0; r < kRows; ++r)
      EXPECT_NEAR(imagined->Returns()[static_cast<size_t>(r)], returns[r].item<double>(), 1e-4);
    EXPECT_EQ(imagined->clamped_fraction(), 0);
    // A loss that touches every state, reward and log-density, each with a weight of its own; taken twice.
    auto once = [&](const ReferenceTrajectory& t) {
      return (((t.state - mean) / sd) * Double(dz.data(), {kSteps + 1, kRows, S})).sum() +
             ((t.reward - m.y_mean[S]) / m.y_sd[S] * Double(dreward.data(), {kSteps, kRows})).sum() +
             (t.log_prob * Double(dlog_prob.data(), {kSteps, kRows})).sum();
    };
    auto loss = [&](const at::Tensor& p) { return 2 * once(imagine(p)); };
    EXPECT_LT(
        test::WorstBlockError(policy.net.layout, Measured(parts, policy.net, *gradient), test::Gradient(flat, loss)),
        2e-5);
    // What each state owes to it, with all that follows.
    const ReferenceTrajectory watched = imagine(flat.detach().clone().requires_grad_(true));
    for (int64_t k = 1; k <= kSteps; ++k) watched.states[static_cast<size_t>(k)].retain_grad();
    once(watched).backward();
    for (int64_t k = 1; k <= kSteps; ++k) {
      const double owed = (watched.states[static_cast<size_t>(k)].grad() * sd).norm(2, 1).mean().item<double>();
      EXPECT_NEAR(imagined->state_gradient(k), owed, 1e-5 * owed) << k;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(BackEnds, TrajectoriesInTraining, ::testing::ValuesIn(Cases()), NameOf);

// Rows are cut for the back end's sake; whoever draws numbers by ShardsOf finds its shards whole in one piece.
TEST(ModelParts, PiecesAreMadeOfWholeShards) {
  for (const std::string& device : test::BackEnds()) {
    for (int64_t rows : {1, 9, 100, 1000}) {
      int64_t next = 0;
      for (const Shard& piece : test::PartsOf(device).PiecesOf(rows)) {
        EXPECT_EQ(piece.first, next);
        next += piece.count;
        for (const Shard& shard : ShardsOf(rows))
          EXPECT_FALSE(shard.first < next && shard.first + shard.count > next) << device << " cuts a shard of " << rows;
      }
      EXPECT_EQ(next, rows);
    }
  }
}

}  // namespace
}  // namespace equipoise::model
