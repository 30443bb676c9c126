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

class ActorInTraining : public ::testing::TestWithParam<std::tuple<std::string, double>> {};  // device, sigma_max

TEST_P(ActorInTraining, SamplesByTheNoiseAndStepsAgainstTheDerivativesOfItsLoss) {
  const auto& [device, sigma_max] = GetParam();
  Stream init(2, "actor");
  nets::Policy policy(S, A, 12, 2, sigma_max, init);
  policy.mean = {0.1f, -0.2f, 0.3f, 0.0f};
  policy.sd = {1.0f, 2.0f, 0.5f, 1.5f};
  nets::Adam adam(policy.net.layout.total());
  const auto s = Normals(kRows * S, "s"), noise = Normals(kRows * A, "noise"), other = Normals(kRows * A, "other"),
             daction = Normals(kRows * A, "daction"), dlog_prob = Normals(kRows, "dlog_prob");
  const at::Tensor ts = Double(s.data(), {kRows, S}), flat = Double(policy.net.values);
  auto act = [&](const at::Tensor& weights, const std::vector<float>& eps) {
    return nets::ReferenceAct({policy.spec, nets::ReferenceBlocks(policy.net.layout, weights), Double(policy.mean),
                               Double(policy.sd), policy.sigma_max},
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

INSTANTIATE_TEST_SUITE_P(BackEnds, ActorInTraining,
                         ::testing::Combine(::testing::ValuesIn(test::BackEnds()), ::testing::Values(0.0, 0.5)),
                         [](const auto& param_info) {
                           return std::get<0>(param_info.param) +
                                  (std::get<1>(param_info.param) > 0 ? "BoundedSigma" : "Softplus");
                         });

}  // namespace
}  // namespace equipoise::learn
