#include "engine/nets/policy.h"

#include <cmath>

#include <gtest/gtest.h>

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
                               Double(p.sd), p.sigma_max};
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

}  // namespace
}  // namespace equipoise::nets
