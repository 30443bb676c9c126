#include "engine/nets/aten/net.h"

#include <gtest/gtest.h>

#include "engine/nets/guard.h"
#include "tests/engine/numeric.h"

namespace equipoise::nets {
namespace {

constexpr int64_t kRows = 5, kCols = 3, kSize = kRows * kCols + kCols;

Parameters Net() {
  Layout layout;
  layout.Add("w", kRows, kCols);
  layout.Add("b", 1, kCols);
  Parameters net(layout);
  net.values = test::Normals(kSize, "net");
  return net;
}

// A loss whose gradient is `slope`, whatever the weights.
at::Tensor Linear(const AtenNet& net, const std::vector<float>& slope) {
  return (net.flat() * ToDevice(slope.data(), {kSize}, at::kCPU)).sum();
}

TEST(AtenNet, StepsAndClipsAsTheHandWrittenAdamDoes) {
  for (double clip : {0.0, 1.0, 100.0}) {
    Parameters one = Net(), two = one;
    Adam adam_one(kSize), adam_two(kSize);
    Guard guard(&one, &adam_one);
    AtenNet net(&two, &adam_two, at::kCPU);
    for (int k = 0; k < 5; ++k) {
      const std::vector<float> slope = test::Normals(kSize, "slope" + std::to_string(k), 3.0f);
      const auto want = guard.Step(0.0, slope, 0.01, clip);
      const auto got = net.Step(Linear(net, slope), 0.0, 0.01, clip);
      EXPECT_TRUE(got.applied);
      EXPECT_EQ(got.clipped, want.clipped);
      EXPECT_EQ(got.clipped, clip == 1.0);
      EXPECT_NEAR(got.norm, want.norm, 1e-5 * want.norm);
    }
    EXPECT_EQ(two.values, Net().values) << "written back before Store";
    net.Store();
    EXPECT_LT(test::RelativeError(two.values, test::Double(one.values)), 1e-5);
    EXPECT_LT(test::RelativeError(adam_two.m, test::Double(adam_one.m)), 1e-6);
    EXPECT_LT(test::RelativeError(adam_two.v, test::Double(adam_one.v)), 1e-4);  // 1 - 0.999f is not 0.001
    EXPECT_EQ(adam_two.steps, 5);
  }
}

TEST(AtenNet, RefusesWhatIsNotFiniteAndReturnsAfterTenInARow) {
  Parameters parameters = Net();
  Adam adam(kSize);
  AtenNet net(&parameters, &adam, at::kCPU);
  const std::vector<float> slope = test::Normals(kSize, "slope");
  std::vector<float> broken = slope;
  broken[3] = NAN;
  EXPECT_TRUE(net.Step(Linear(net, slope), 0.0, 0.01, 0.0).applied);
  const at::Tensor moved = net.flat().detach().clone();
  for (int k = 0; k < 9; ++k)
    EXPECT_FALSE(k % 2 == 0 ? net.Step(Linear(net, broken), 0.0, 0.01, 0.0).applied
                            : net.Step(Linear(net, slope), INFINITY, 0.01, 0.0).applied);
  EXPECT_TRUE(at::equal(net.flat().detach(), moved));
  EXPECT_FALSE(net.reloaded());
  EXPECT_FALSE(net.Step(Linear(net, broken), 0.0, 0.01, 0.0).applied);
  EXPECT_TRUE(net.reloaded());
  EXPECT_EQ(net.skipped(), 10);
  net.Store();
  EXPECT_EQ(parameters.values, Net().values);
  EXPECT_EQ(adam.steps, 0);
  // Adam's first step is one step size long; it is half as long now.
  net.Step(Linear(net, slope), 0.0, 0.01, 0.0);
  const std::vector<float> before = parameters.values;
  net.Store();
  for (size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(std::abs(parameters.values[i] - before[i]), 0.005, 1e-5);
  // And stays so in the next phase.
  EXPECT_EQ(adam.rate, 0.5);
  adam.m.assign(kSize, 0.0f);
  adam.v.assign(kSize, 0.0f);
  adam.steps = 0;
  const std::vector<float> then = parameters.values;
  AtenNet next(&parameters, &adam, at::kCPU);
  next.Step(Linear(next, slope), 0.0, 0.01, 0.0);
  next.Store();
  for (size_t i = 0; i < then.size(); ++i) EXPECT_NEAR(std::abs(parameters.values[i] - then[i]), 0.005, 1e-5);
}

TEST(AtenNet, ReachesOnlyItsOwnWeights) {
  Parameters one = Net(), two = Net();
  Adam adam_one(kSize), adam_two(kSize);
  AtenNet first(&one, &adam_one, at::kCPU), second(&two, &adam_two, at::kCPU);
  first.Step((first.Blocks()[0] * second.Blocks()[0]).sum(), 0.0, 0.01, 0.0);
  EXPECT_FALSE(second.flat().grad().defined());
  EXPECT_FALSE(first.FrozenBlocks()[0].requires_grad());
}

}  // namespace
}  // namespace equipoise::nets
