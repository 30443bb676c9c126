// Stopping early must never change what is decided: ten thousand small worlds, checked whole and checked early.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/eps/check.h"
#include "tests/engine/eps/linear_world.h"

namespace equipoise::eps {
namespace {

using test::ConstantPolicy;
using test::LinearSystem;
using test::LinearWorld;

TEST(EarlyExit, DecidesTheSameInTenThousandRandomCases) {
  const nets::Policy good = ConstantPolicy(2, {0.5}, 0.1), bad = ConstantPolicy(2, {-0.3}, 0.1);
  const learn::StartPool starts({2.0f, -1.0f, 0.5f, 0.5f, -3.0f, 1.0f}, 2);
  Stream cases(3, "early.exit");
  int proved = 0, refuted = 0, stopped_early = 0, disagreements = 0;
  for (uint64_t i = 0; i < 10000; ++i) {
    LinearSystem system;
    for (double& g : system.g) g = cases.Uniform(0, 0.5);
    for (double& q : system.q) q = cases.Uniform(-0.1, 0.1);
    // A share phi of the masks says that the action pays the other way round.
    const double phi = cases.Uniform(0, 0.5);
    const LinearWorld world(system, [phi](Stream& s) { return s.Uniform() < phi ? -1.0f : 1.0f; });
    const int masks = 1 + static_cast<int>(cases.Below(24)), rollouts = 1 + static_cast<int>(cases.Below(3));
    const auto pairing = static_cast<Pairing>(cases.Below(3));
    CheckInputs in{world,   {{Pick::Of("sac"), &bad}, {Pick::Of("mb"), &good}},
                   starts,  nullptr,
                   2,       4,
                   5,       i,
                   masks,   rollouts,
                   pairing, false,
                   {},      nullptr};
    const Decision whole = Check(in);
    in.early_exit = true;
    const Decision early = Check(in);
    disagreements += early.proved != whole.proved;
    ASSERT_EQ(whole.evaluated, masks);
    ASSERT_LE(early.evaluated, masks);
    ASSERT_TRUE(std::equal(early.delta().begin(), early.delta().end(), whole.delta().begin())) << "case " << i;
    proved += whole.proved;
    refuted += !whole.proved;
    stopped_early += early.evaluated < masks;
    // It stops at the first mask that does not favour the model-based policy, and only there.
    const auto first = std::find_if(whole.delta().begin(), whole.delta().end(), [](double d) { return !(d > 0); });
    ASSERT_EQ(early.evaluated, std::min<long>(first - whole.delta().begin() + 1, masks)) << "case " << i;
  }
  EXPECT_EQ(disagreements, 0);
  // The comparison would see a difference: both answers are common, and most refutations come early.
  EXPECT_GT(proved, 1000);
  EXPECT_GT(refuted, 1000);
  EXPECT_GT(stopped_early, refuted / 2);
}

}  // namespace
}  // namespace equipoise::eps
