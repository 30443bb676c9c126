// An actor in training on every back end, against automatic gradients.
#include "engine/learn/gaussian_actor.h"

#include <gtest/gtest.h>

#include "engine/base/check.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/numeric.h"

namespace equipoise::learn {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kRows = 24, S = 4, A = 2;

std::vector<float> TenTimes(std::vector<float> moments) {
  for (float& m : moments) m *= 10.0f;
  return moments;
}

struct Head {
  const char* name;
  nets::Spread spread;
  bool free_sd = false;
  nets::Activation activation = nets::Activation::kTanh;
};

class ActorInTraining : public ::testing::TestWithParam<std::tuple<std::string, Head>> {};  // of a device

TEST_P(ActorInTraining, SamplesByTheNoiseAndStepsAgainstTheDerivativesOfItsLoss) {
  const auto& [device, head] = GetParam();
  Stream init(2, "actor");
  nets::Policy policy({S, A, 12, 2, head.activation, head.spread, head.free_sd}, init);
  policy.mean = {0.1f, -0.2f, 0.3f, 0.0f};
  policy.sd = {1.0f, 2.0f, 0.5f, 1.5f};
  nets::Adam adam(policy.net.layout.total());
  const auto s = Normals(kRows * S, "s"), noise = Normals(kRows * A, "noise"), other = Normals(kRows * A, "other"),
             daction = Normals(kRows * A, "daction"), dlog_prob = Normals(kRows, "dlog_prob");
  const at::Tensor ts = Double(s.data(), {kRows, S}), flat = Double(policy.net.values);
  auto act = [&](const at::Tensor& weights, const std::vector<float>& eps) {
    return nets::ReferenceAct({policy.spec, nets::ReferenceBlocks(policy.net.layout, weights), Double(policy.mean),
                               Double(policy.sd), policy.spread},
                              ts, Double(eps.data(), {kRows, A}));
  };
  GaussianActor actor(test::PartsOf(device), &policy, &adam, kRows);
  actor.Evaluate(s.data(), other.data());
  EXPECT_LT(test::RelativeError(actor.action(), act(flat, other).action), 5e-6);
  EXPECT_THROW(actor.Update(daction.data(), dlog_prob.data(), 0.0, 1e-3, 0.0), InternalError);
  actor.Sample(s.data(), noise.data());
  const nets::ReferenceSample sample = act(flat, noise);
  EXPECT_LT(test::RelativeError(actor.action(), sample.action), 5e-6);
  EXPECT_LT(test::RelativeError(actor.log_prob(), sample.log_prob), 5e-6);
  const at::Tensor want = test::Gradient(flat, [&](auto& p) {
    const nets::ReferenceSample t = act(p, noise);
    return (t.action * Double(daction.data(), {kRows, A})).sum() + (t.log_prob * Double(dlog_prob)).sum();
  });
  const auto outcome = actor.Update(daction.data(), dlog_prob.data(), 0.0, 1e-3, 0.0);
  EXPECT_NEAR(outcome.norm, want.norm().item<double>(), 1e-5 * outcome.norm);
  actor.Store();
  EXPECT_LT(test::WorstBlockError(policy.net.layout, TenTimes(adam.m), want), 2e-5);
  // A loss that is not finite is no step.
  actor.Sample(s.data(), noise.data());
  EXPECT_FALSE(actor.Update(daction.data(), dlog_prob.data(), NAN, 1e-3, 0.0).applied);
  EXPECT_EQ(actor.skipped(), 1);
}

INSTANTIATE_TEST_SUITE_P(
    BackEnds, ActorInTraining,
    ::testing::Combine(
        ::testing::ValuesIn(test::BackEnds()),
        ::testing::Values(Head{"BoundedSigma", nets::Spread::Below(0.5)}, Head{"Softplus", nets::Spread()},
                          Head{"FreeSd", nets::Spread(), true},
                          Head{"LogClampAndRelu", {nets::Spread::Kind::kLogClamp, 0}, false, nets::Activation::kRelu},
                          Head{"Deterministic", nets::Spread::None()})),
    [](const auto& param_info) { return std::get<0>(param_info.param) + std::get<1>(param_info.param).name; });

// The weights of what an observation says of a free spread stay 0; the pull towards small means is as by hand.
TEST(Actor, LearnsAFreeSpreadByItsOwnNumbersAlone) {
  Stream init(2, "actor");
  nets::Policy policy({S, A, 12, 2, nets::Activation::kTanh, nets::Spread(), true}, init);
  nets::Adam adam(policy.net.layout.total());
  const auto s = Normals(kRows * S, "s"), noise = Normals(kRows * A, "noise"), daction = Normals(kRows * A, "daction"),
             dlog_prob = Normals(kRows, "dlog_prob");
  const int out = policy.net.layout.Find("w_out"), bias = policy.net.layout.Find("b_out");
  const std::vector<float> before(policy.net.at(bias), policy.net.at(bias) + 2 * A);
  GaussianActor actor(test::PartsOf("cpu"), &policy, &adam, kRows);
  for (int k = 0; k < 3; ++k) {
    actor.Sample(s.data(), noise.data());
    actor.Update(daction.data(), dlog_prob.data(), 0.0, 1e-2, 0.0);
  }
  for (int64_t h = 0; h < 12; ++h)
    for (int64_t j = A; j < 2 * A; ++j) EXPECT_EQ(policy.net.at(out)[h * 2 * A + j], 0.0f);
  for (int64_t j = A; j < 2 * A; ++j) EXPECT_NE(policy.net.at(bias)[j], before[static_cast<size_t>(j)]);
}

TEST(Actor, IsPulledTowardsSmallMeans) {
  Stream init(2, "actor");
  nets::Policy policy({S, A, 12, 2, nets::Activation::kTanh, nets::Spread::None(), false}, init);
  nets::Adam adam(policy.net.layout.total());
  const auto s = Normals(kRows * S, "s");
  const std::vector<float> nothing(kRows * A, 0.0f), no_density(kRows, 0.0f);
  const at::Tensor ts = Double(s.data(), {kRows, S}), flat = Double(policy.net.values);
  const at::Tensor want = test::Gradient(flat, [&](auto& p) {
    return 0.3 * nets::ReferenceMlp(policy.spec, nets::ReferenceBlocks(policy.net.layout, p), ts)
                     .narrow(1, 0, A)
                     .square()
                     .mean();
  });
  GaussianActor actor(test::PartsOf("cpu"), &policy, &adam, kRows);
  actor.Sample(s.data(), nullptr);
  actor.Update(nothing.data(), no_density.data(), 0.0, 1e-3, 0.0, 0.3);
  EXPECT_LT(test::WorstBlockError(policy.net.layout, TenTimes(adam.m), want), 2e-5);
}

TEST(Actor, FollowsAnotherAsASlowerCopy) {
  Stream init(2, "actor");
  nets::Policy fast({S, A, 12, 2, nets::Activation::kTanh, nets::Spread::None(), false}, init), slow = fast;
  for (float& w : fast.net.values) w += 1.0f;
  const std::vector<float> before = slow.net.values;
  nets::Adam adam(fast.net.layout.total());
  const nets::NetworkParts& parts = test::PartsOf("cpu");
  GaussianActor leader(parts, &fast, &adam, kRows), follower(parts, &slow, nullptr, kRows);
  follower.MoveTowards(leader, 0.25);
  follower.Store();
  for (size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(slow.net.values[i], before[i] + 0.25f, 1e-6);
}

}  // namespace
}  // namespace equipoise::learn
