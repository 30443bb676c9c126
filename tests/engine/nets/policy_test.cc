#include "engine/nets/policy.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/base/check.h"
#include "engine/nets/aten/reference.h"
#include "tests/engine/numeric.h"

namespace equipoise::nets {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kStates = 4, kActions = 3, kRows = 256;

Policy Made(double sigma_max = 0) {
  Stream stream(5, "policy");
  Policy policy(kStates, kActions, 16, 2, sigma_max, stream);
  policy.mean = Normals(kStates, "mean");
  policy.sd = {0.5f, 1.5f, 2.0f, 0.1f};
  return policy;
}

at::Tensor Reference(const Policy& p, const at::Tensor& observations, const at::Tensor& eps) {
  const ReferencePolicy policy{p.spec, ReferenceBlocks(p.net.layout, Double(p.net.values)), Double(p.mean),
                               Double(p.sd), p.spread};
  return ReferenceAct(policy, observations, eps).action;
}

TEST(Policy, ActsOnRawObservationsAsTheReferenceDoesOnABatch) {
  for (double sigma_max : {0.0, 0.1}) {
    Policy policy = Made(sigma_max);
    const auto s = Normals(kRows * kStates, "s"), eps = Normals(kRows * kActions, "eps");
    std::vector<float> a(static_cast<size_t>(kRows * kActions));
    for (int64_t r = 0; r < kRows; ++r)
      policy.Act(s.data() + r * kStates, eps.data() + r * kActions, a.data() + r * kActions);
    EXPECT_LT(test::RelativeError(
                  a, Reference(policy, Double(s.data(), {kRows, kStates}), Double(eps.data(), {kRows, kActions}))),
              5e-6);
  }
}

TEST(Policy, StartsAtMeanZeroWithSpreadNearSoftplusOfZero) {
  Policy policy = Made();
  double mean = 0, spread = 0;
  MlpPass pass;
  pass.Resize(policy.spec, kRows, false);
  const auto s = Normals(kRows * kStates, "s");
  pass.Forward(policy.net, s.data(), 0, kRows);
  for (int64_t i = 0; i < kRows * kActions; ++i) {
    mean += pass.output(i / kActions)[i % kActions] / (kRows * kActions);
    spread += pass.output(i / kActions)[kActions + i % kActions] / (kRows * kActions);
  }
  EXPECT_NEAR(mean, 0, 0.3);
  EXPECT_NEAR(spread, 0, 0.3);
}

TEST(Policy, KeepsItsFunctionWhenDistractorsAreAppendedAndAfterTheirRemoval) {
  Policy policy = Made();
  Adam adam(policy.net.layout.total());
  adam.m = Normals(policy.net.layout.total(), "m");
  const std::vector<float> weights = policy.net.values, m = adam.m;
  const int64_t D = 7;
  const auto s = Normals(kRows * kStates, "s"), d = Normals(kRows * D, "d"), eps = Normals(kRows * kActions, "eps");
  auto actions = [&](bool distracted) {
    std::vector<float> a(static_cast<size_t>(kRows * kActions));
    for (int64_t r = 0; r < kRows; ++r) {
      std::vector<float> o(s.begin() + r * kStates, s.begin() + (r + 1) * kStates);
      if (distracted) o.insert(o.end(), d.begin() + r * D, d.begin() + (r + 1) * D);
      policy.Act(o.data(), eps.data() + r * kActions, a.data() + r * kActions);
    }
    return a;
  };
  const std::vector<float> before = actions(false);
  policy.EditStates(D, 0.7f, &adam);
  EXPECT_EQ(policy.states(), kStates + D);
  EXPECT_EQ(policy.sd.back(), 0.7f);
  EXPECT_EQ(policy.mean.back(), 0.0f);
  EXPECT_EQ(adam.m.size(), policy.net.values.size());
  const std::vector<float> during = actions(true);
  for (size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(during[i], before[i], 1e-5);
  policy.EditStates(-D, 0.0f, &adam);
  EXPECT_EQ(actions(false), before);
  EXPECT_EQ(policy.net.values, weights);
  EXPECT_EQ(adam.m, m);
}

TEST(Policy, IsReadBackFromAnArchiveToTheBit) {
  Policy policy = Made(), other = Made();
  other.net.Fill(0, 0.0f);
  other.mean.assign(kStates, 0.0f);
  ArchiveWriter out;
  policy.Save(out, "p");
  other.Load(ArchiveReader::Parse(out.Finish(), "memory").value(), "p");
  EXPECT_EQ(other.net.values, policy.net.values);
  EXPECT_EQ(other.mean, policy.mean);
  EXPECT_EQ(other.sd, policy.sd);
}

Policy WithHead(Spread spread, bool free_sd, Activation activation = Activation::kTanh) {
  Stream stream(5, "policy");
  return Policy({kStates, kActions, 16, 2, activation, spread, free_sd}, stream);
}

TEST(Policy, ActsAsTheReferenceDoesWhateverItsHead) {
  const auto s = Normals(kRows * kStates, "s"), eps = Normals(kRows * kActions, "eps");
  for (Policy policy : {WithHead(Spread::None(), false), WithHead(Spread(), true, Activation::kRelu),
                        WithHead({Spread::Kind::kLogClamp, 0}, false, Activation::kRelu)}) {
    std::vector<float> a(static_cast<size_t>(kRows * kActions));
    for (int64_t r = 0; r < kRows; ++r)
      policy.Act(s.data() + r * kStates, eps.data() + r * kActions, a.data() + r * kActions);
    EXPECT_LT(test::RelativeError(
                  a, Reference(policy, Double(s.data(), {kRows, kStates}), Double(eps.data(), {kRows, kActions}))),
              5e-6);
  }
}

TEST(Policy, WhoseSpreadIsFreeHasTheSameOneEverywhereAndStartsAtOne) {
  Policy policy = WithHead(Spread(), true);
  const std::vector<float> eps(kActions, 1.0f), none(kActions, 0.0f);
  std::vector<float> a(kActions), u(kActions), m(kActions);
  float log_prob = 0;
  for (float sd : {1.0f, 0.5f}) {
    if (sd != 1.0f) policy.SetFreeSd(sd);
    for (int i = 0; i < 5; ++i) {
      const auto s = Normals(kStates, "s" + std::to_string(i), 3.0f);
      policy.Act(s.data(), none.data(), a.data(), m.data(), &log_prob);
      policy.Act(s.data(), eps.data(), a.data(), u.data(), &log_prob);
      for (size_t j = 0; j < u.size(); ++j) EXPECT_NEAR(u[j] - m[j], sd, 1e-5);
    }
  }
  EXPECT_THROW(WithHead(Spread::None(), false).SetFreeSd(1.0), InternalError);
}

TEST(Policy, TellsTheLatentsItActedByAndTheirDensity) {
  Policy policy = Made();
  const auto s = Normals(kStates, "s"), eps = Normals(kActions, "eps");
  std::vector<float> a(kActions), alone(kActions), u(kActions);
  float log_prob = 0;
  policy.Act(s.data(), eps.data(), alone.data());
  policy.Act(s.data(), eps.data(), a.data(), u.data(), &log_prob);
  EXPECT_EQ(a, alone);
  for (size_t j = 0; j < u.size(); ++j) EXPECT_NEAR(std::tanh(u[j]), a[j], 1e-6);
  const ReferencePolicy reference{policy.spec, ReferenceBlocks(policy.net.layout, Double(policy.net.values)),
                                  Double(policy.mean), Double(policy.sd), policy.spread};
  EXPECT_NEAR(log_prob,
              ReferenceAct(reference, Double(s.data(), {1, kStates}), Double(eps.data(), {1, kActions}))
                  .log_prob.item<double>(),
              1e-4);
  EXPECT_THROW(WithHead(Spread::None(), false).Act(s.data(), eps.data(), a.data(), u.data(), &log_prob), InternalError);
}

}  // namespace
}  // namespace equipoise::nets
