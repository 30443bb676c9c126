#include "engine/model/imagination.h"

#include <gtest/gtest.h>

#include "tests/engine/model/tiny_world.h"

namespace equipoise::model {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kSteps = 6, kRows = 8, kHidden = 12, kMasks = 4;
constexpr int64_t S = test::kTinyStates, A = test::kTinyActions;

struct Case {
  const char* name;
  bool detach, carry, clamps;
  double sigma_max;
  int64_t gate_groups = 1;
  bool free_sd = false, deterministic = false;
};

class ImaginedTrajectories : public ::testing::TestWithParam<Case> {
 protected:
  ImaginedTrajectories() {
    Stream stream(3, "policy");
    const nets::Spread spread =
        GetParam().deterministic ? nets::Spread::None() : nets::Spread::Below(GetParam().sigma_max);
    policy = nets::Policy({S, A, 16, 2, nets::Activation::kTanh, spread, GetParam().free_sd}, stream);
    // A normaliser of its own, as after a refit of the model.
    policy.mean = {0.1f, -0.2f, 0.05f};
    policy.sd = {0.4f, 0.6f, 0.5f};
    if (GetParam().clamps) {
      lstm.parameters().at(kHeadB)[1] = 11.0f;  // a mean delta beyond the limit
      for (size_t i = 0; i < start.size(); i += 3) start[i] = 9.9f;
    }
    inputs = {kRows,
              kSteps,
              start.data(),
              GetParam().carry ? carry.data() : nullptr,
              &beliefs,
              action_noise.data(),
              dynamics_noise.data()};
  }

  ReferenceTrajectory Reference(const at::Tensor& flat) const {
    const ReferenceModel reference = test::ReferenceOf(lstm);
    ReferenceCarry state = ReferenceStart(reference, kRows);
    if (GetParam().carry) {
      const at::Tensor both = Double(carry.data(), {kRows, 2, kHidden});
      state = {both.select(1, 0), both.select(1, 1)};
    }
    const at::Tensor raw =
        Double(start.data(), {kRows, S}) * reference.x_sd.narrow(0, 0, S) + reference.x_mean.narrow(0, 0, S);
    return ReferenceImagine(reference, test::ReferenceOf(policy, flat), raw, &state,
                            test::Masks(beliefs, kHidden, kRows), Double(action_noise.data(), {kSteps, kRows, A}),
                            Double(dynamics_noise.data(), {kSteps, kRows, S}), GetParam().detach);
  }
  at::Tensor Z(const ReferenceTrajectory& t) const {
    const ReferenceModel m = test::ReferenceOf(lstm);
    return (t.state - m.x_mean.narrow(0, 0, S)) / m.x_sd.narrow(0, 0, S);
  }
  // A loss that touches every state, reward and log-probability, each with a weight of its own.
  at::Tensor Loss(const at::Tensor& flat) const {
    const ReferenceTrajectory t = Reference(flat);
    const ReferenceModel m = test::ReferenceOf(lstm);
    const at::Tensor reward = (t.reward - m.y_mean[S]) / m.y_sd[S];
    return (Z(t) * Double(dz.data(), {kSteps + 1, kRows, S})).sum() +
           (reward * Double(dreward.data(), {kSteps, kRows})).sum() +
           (t.log_prob * Double(dlog_prob.data(), {kSteps, kRows})).sum();
  }
  std::vector<float> Gradient() {
    Imagination imagination(lstm, policy);
    imagination.Run(inputs, Keep::kGradients);
    std::vector<float> gradient(policy.net.values.size(), 0.0f);
    imagination.Backward(dz.data(), dreward.data(), dlog_prob.data(), GetParam().detach, gradient.data());
    return gradient;
  }

  replay::EpisodeBuffer data = test::TinyBuffer(4, kSteps);
  DropoutLstm lstm = test::TinyModel(data, kHidden, 0.3, 1, GetParam().gate_groups);
  nets::Policy policy;
  Belief beliefs = test::DrawMasks(lstm, kMasks);  // two rows for each
  std::vector<float> start = Normals(kRows * S, "start", 0.3f), carry = Normals(kRows * 2 * kHidden, "carry", 0.5f);
  std::vector<float> action_noise = Normals(kSteps * kRows * A, "act"),
                     dynamics_noise = Normals(kSteps * kRows * S, "dyn", 0.2f);
  std::vector<float> dz = Normals((kSteps + 1) * kRows * S, "dz"), dreward = Normals(kSteps * kRows, "dreward"),
                     dlog_prob = Normals(kSteps * kRows, "dlog_prob");
  ImaginationInputs inputs;
};

TEST_P(ImaginedTrajectories, FollowTheReferenceStepByStep) {
  Imagination imagination(lstm, policy);
  imagination.Run(inputs, Keep::kGradients);
  const ReferenceTrajectory want = Reference(Double(policy.net.values));
  EXPECT_LT(test::RelativeError(imagination.z(0), Z(want)), 2e-6);
  EXPECT_LT(test::RelativeError(imagination.log_prob(0), want.log_prob), 5e-6);
  const at::Tensor returns = want.reward.sum(0);
  for (int64_t r = 0; r < kRows; ++r)
    EXPECT_NEAR(imagination.Returns()[static_cast<size_t>(r)], returns[r].item<double>(), 1e-4);
  const auto clamped = (Z(want).slice(0, 1).abs() >= 10.0 - 1e-9).sum().item<int64_t>();
  EXPECT_EQ(clamped > 0, GetParam().clamps);
  EXPECT_NEAR(imagination.clamped_fraction(), static_cast<double>(clamped) / (kSteps * kRows * S), 1e-12);
}

TEST_P(ImaginedTrajectories, GiveTheSameReturnsWhenNothingIsKept) {
  Imagination kept(lstm, policy), light(lstm, policy);
  kept.Run(inputs, Keep::kGradients);
  light.Run(inputs, Keep::kReturns);
  EXPECT_EQ(light.Returns(), kept.Returns());
  EXPECT_EQ(light.clamped_fraction(), kept.clamped_fraction());
  light.Run(inputs, Keep::kReturns);  // and again, whatever the first run left behind
  EXPECT_EQ(light.Returns(), kept.Returns());
}

// float32 through six steps of policy and model, back again: 2e-5 in every block of the policy.
TEST_P(ImaginedTrajectories, GradientOfThePolicyAgreesWithAutogradThroughTheReference) {
  const at::Tensor flat = Double(policy.net.values);
  const at::Tensor want = test::Gradient(flat, [&](auto& p) { return Loss(p); });
  EXPECT_LT(test::WorstBlockError(policy.net.layout, Gradient(), want), 2e-5);
}

// A detached gradient is not the derivative of the loss, so there the same comparison must fail.
TEST_P(ImaginedTrajectories, GradientAgreesWithFiniteDifferencesUnlessTheInputIsDetached) {
  const at::Tensor flat = Double(policy.net.values), gradient = Double(Gradient());
  double worst = 0;
  for (const char* name : {"v1", "v2", "v3"}) {
    const at::Tensor v = Double(Normals(flat.numel(), name));
    const double want = test::DirectionalDifference(flat, v, 1e-7, [&](auto& p) { return Loss(p); });
    worst = std::max(worst, std::fabs((gradient * v).sum().item<double>() - want) / std::fabs(want));
  }
  if (GetParam().detach) {
    EXPECT_GT(worst, 1e-3);
  } else {
    EXPECT_LT(worst, 2e-4);
  }
}

TEST_P(ImaginedTrajectories, DetachingThePolicysInputChangesTheGradient) {
  const std::vector<float> gradient = Gradient();
  Imagination imagination(lstm, policy);
  imagination.Run(inputs, Keep::kGradients);
  std::vector<float> other(gradient.size(), 0.0f);
  imagination.Backward(dz.data(), dreward.data(), dlog_prob.data(), !GetParam().detach, other.data());
  EXPECT_GT(test::RelativeError(other, Double(gradient)), 2e-4);  // ten times the tolerance above
}

INSTANTIATE_TEST_SUITE_P(Cases, ImaginedTrajectories,
                         ::testing::Values(Case{"WholeEpisodes", false, false, false, 0.0},
                                           Case{"DetachedInput", true, false, false, 0.0},
                                           Case{"FromTheMiddleOfAnEpisode", true, true, false, 0.0},
                                           Case{"AttachedFromTheMiddle", false, true, false, 0.0},
                                           Case{"BoundedSigma", false, false, false, 0.1},
                                           Case{"BeyondTheClamps", false, true, true, 0.0},
                                           Case{"BeyondTheClampsDetached", true, true, true, 0.0},
                                           Case{"EachGateUnderMasksOfItsOwn", false, false, false, 0.0, 4},
                                           Case{"OwnMasksFromTheMiddle", true, true, false, 0.0, 4},
                                           Case{"FreeSpread", false, true, false, 0.0, 1, true},
                                           Case{"Deterministic", false, true, false, 0.0, 1, false, true}),
                         [](const auto& param_info) { return param_info.param.name; });

TEST(Imagination, AnImaginedAngleComesBackByAWholeTurnAndTheGradientDoesNotNotice) {
  const int64_t n = 6;
  replay::EpisodeBuffer data(3, 2, 9, {2, 3, 1.0, 5, 20}, 5);
  for (uint64_t i = 0; i < 4; ++i) {
    replay::Episode e = test::TinyEpisode(9, i);
    for (float& x : e.states) x *= 4.0f;  // so that half a turn lies inside the clamp
    data.Append(std::move(e));
  }
  const DropoutLstm plain = test::TinyModel(data, 12, 0.2);
  Stream init(1, "angle"), masks(2, "angle");
  LstmSpec spec = plain.spec();
  spec.wrapped = {1};
  DropoutLstm turning(spec, 0.2, init);
  turning.parameters().values = plain.parameters().values;
  turning.Refit(data, false);
  const Belief beliefs = plain.Draw(n, masks);
  const auto z = Normals(n * 3, "z"), action = Normals(n * 2, "a"), noise = Normals(n * 3, "noise");
  const float sd = turning.normaliser().x_sd[1], mean = turning.normaliser().x_mean[1];
  std::vector<float> start = z, next[2], reward(static_cast<size_t>(n)), dreward(reward.size(), 0.5f), gradient[2],
                     daction[2];
  for (size_t r = 0; r < 6; ++r) start[3 * r + 1] = ((r % 2 == 0 ? 3.14f : -3.14f) - mean) / sd;
  int turned = 0;
  const DropoutLstm* models[2] = {&plain, &turning};
  for (size_t m = 0; m < 2; ++m) {
    next[m].resize(z.size());
    gradient[m] = Normals(n * 3, "gradient");
    daction[m].resize(action.size());
    const auto rollout = models[m]->NewRollout();
    rollout->Begin(n, 1, true, &beliefs, nullptr);
    rollout->Step(0, start.data(), action.data(), noise.data(), next[m].data(), reward.data());
    rollout->StepBackward(0, next[m].data(), noise.data(), dreward.data(), gradient[m].data(), daction[m].data());
  }
  for (size_t i = 0; i < z.size(); ++i) {
    if (i % 3 != 1) {
      EXPECT_EQ(next[0][i], next[1][i]);
      continue;
    }
    const double a = next[0][i] * sd + mean, b = next[1][i] * sd + mean;
    EXPECT_LE(std::fabs(b), 3.141593 + 1e-4);
    EXPECT_NEAR(std::remainder(a - b, 6.283185307179586), 0, 1e-4);
    turned += std::fabs(a - b) > 1;
  }
  EXPECT_GT(turned, 0);
  EXPECT_EQ(gradient[0], gradient[1]);
  EXPECT_EQ(daction[0], daction[1]);
}

// An angle that was clamped and then came back by a turn lies inside the limits again; its derivative is 0 all the
// same. One that came back to beyond the limits was not clamped.
TEST(Imagination, AnAngleThatWasClampedAndTurnedHasNoGradientOfItsOwn) {
  const int64_t n = 8, steps = 3;
  replay::EpisodeBuffer data(S, A, 9, {2, 3, 1.0, 5, 20}, 5);
  for (uint64_t i = 0; i < 4; ++i) {
    replay::Episode e = test::TinyEpisode(9, i);
    for (float& x : e.states) x *= 2.0f;
    data.Append(std::move(e));
  }
  const DropoutLstm plain = test::TinyModel(data, 12, 0.2);
  Stream init(1, "angle"), policy_stream(3, "policy");
  LstmSpec spec = plain.spec();
  spec.wrapped = {1};
  DropoutLstm lstm(spec, 0.2, init);
  lstm.parameters().values = plain.parameters().values;
  lstm.Refit(data, false);
  ASSERT_GT(lstm.normaliser().x_sd[1] * kClampLimit, 3.3) << "the clamp must lie beyond half a turn";
  nets::Policy policy(S, A, 16, 2, 0.0, policy_stream);
  const Belief beliefs = test::DrawMasks(lstm, 4);
  std::vector<float> start = Normals(n * S, "start", 0.3f);
  for (size_t r = 0; r < static_cast<size_t>(n); ++r) start[S * r + 1] = r % 2 == 0 ? 9.9f : 0.2f;
  const auto action_noise = Normals(steps * n * A, "act"), dynamics_noise = Normals(steps * n * S, "dyn", 2.0f),
             dz = Normals((steps + 1) * n * S, "dz"), zero = std::vector<float>(static_cast<size_t>(steps * n), 0.0f);
  Imagination imagination(lstm, policy);
  imagination.Run({n, steps, start.data(), nullptr, &beliefs, action_noise.data(), dynamics_noise.data()},
                  Keep::kGradients);
  std::vector<float> gradient(policy.net.values.size(), 0.0f);
  imagination.Backward(dz.data(), zero.data(), zero.data(), false, gradient.data());

  at::Tensor clamped;
  const at::Tensor want = test::Gradient(Double(policy.net.values), [&](auto& flat) {
    const ReferenceModel m = test::ReferenceOf(lstm);
    const at::Tensor mean = m.x_mean.narrow(0, 0, S), sd = m.x_sd.narrow(0, 0, S);
    ReferenceCarry carry = ReferenceStart(m, n);
    const ReferenceTrajectory t =
        ReferenceImagine(m, test::ReferenceOf(policy, flat), Double(start.data(), {n, S}) * sd + mean, &carry,
                         test::Masks(beliefs, 12, n), Double(action_noise.data(), {steps, n, A}),
                         Double(dynamics_noise.data(), {steps, n, S}), false);
    clamped = t.clamped;
    EXPECT_LT(test::RelativeError(imagination.z(0), (t.state - mean) / sd), 1e-4);
    return (((t.state - mean) / sd) * Double(dz.data(), {steps + 1, n, S})).sum();
  });
  ASSERT_GT(clamped.item<double>(), 0);
  EXPECT_LT(test::WorstBlockError(policy.net.layout, gradient, want), 2e-5);
}

}  // namespace
}  // namespace equipoise::model
