// The check in a model whose beliefs can be counted, as those of an ensemble: each is asked once, in its order.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/eps/check.h"
#include "engine/eps/check_settings.h"
#include "engine/eps/what_if.h"
#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "tests/engine/eps/linear_world.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/engine/model/feedforward/tiny_members.h"

namespace equipoise::eps {
namespace {

using test::ConstantPolicy;

constexpr int kHorizon = 12;

// Member e is the linear world of w_e.
class LinearMembers : public test::LinearWorld {
 public:
  LinearMembers(test::LinearSystem system, std::vector<float> w)
      : LinearWorld(system, [](Stream&) { return NAN; }), w_(std::move(w)) {}
  int64_t beliefs_limit() const override { return static_cast<int64_t>(w_.size()); }
  model::Belief Nth(int64_t i) const override { return {1, {w_.at(static_cast<size_t>(i))}}; }

 private:
  std::vector<float> w_;
};

const learn::StartPool& OneStart() {
  static const learn::StartPool pool({2.0f, -1.0f}, 2);
  return pool;
}

CheckInputs Inputs(const config::Settings& s, const model::WorldModel& world, const nets::Policy& free,
                   const nets::Policy& based, const learn::StartPool& starts) {
  return CheckInputsOf(s, world, {{test::Free(), &free}, {test::Based(), &based}}, starts, nullptr, world.states(),
                       kHorizon, 3);
}

TEST(CountedBeliefs, EachMemberIsAskedOnceInItsOrderWithItsDifferenceInClosedForm) {
  const LinearMembers world({}, {3, 9, -8, 1, -2, 4, 7, -6, 5, 0});
  const nets::Policy free = ConstantPolicy(2, {-0.2}), based = ConstantPolicy(2, {0.6});
  for (const bool early : {false, true}) {
    config::Settings s;
    s.Of<CheckSettings>().masks = 50;
    s.Of<CheckSettings>().early_exit = early;
    const CheckInputs in = Inputs(s, world, free, based, OneStart());
    EXPECT_EQ(in.masks, 10);
    const Decision d = Check(in);
    EXPECT_EQ(d.masks, 10);
    ASSERT_EQ(d.evaluated, static_cast<int>(d.delta().size()));
    if (!early) {
      EXPECT_EQ(d.evaluated, 10);
    }
    EXPECT_FALSE(d.proved);
    EXPECT_LT(d.delta()[2], 0);
    for (int e = 0; e < d.evaluated; ++e) {
      const double w = world.Nth(e).data[0];
      EXPECT_NEAR(d.delta()[static_cast<size_t>(e)],
                  world.Return(0.6, w, 2, -1, kHorizon) - world.Return(-0.2, w, 2, -1, kHorizon), 0.03);
    }
    // What is asked of the decision knows no more worlds than there are.
    EXPECT_EQ(Ask(d, {WhatIfRule::Kind::kFewerMasks, 11}).verdict == WhatIfAnswer::Verdict::kProved, false);
  }
}

TEST(CountedBeliefs, FewerMasksThanMembersAskTheFirstOnes) {
  const LinearMembers world({}, {0.3f, -0.8f, 0.9f});
  const nets::Policy free = ConstantPolicy(2, {-0.2}), based = ConstantPolicy(2, {0.6});
  config::Settings s;
  s.Of<CheckSettings>().masks = 2;
  const Decision two = Check(Inputs(s, world, free, based, OneStart()));
  s.Of<CheckSettings>().masks = 3;
  const Decision all = Check(Inputs(s, world, free, based, OneStart()));
  ASSERT_EQ(two.delta().size(), 2u);
  for (size_t e = 0; e < 2; ++e) EXPECT_EQ(two.delta()[e], all.delta()[e]);
}

TEST(CountedBeliefs, OneMemberProvesWhatHoldsInItsWorld) {
  const nets::Policy low = ConstantPolicy(2, {-0.2}), high = ConstantPolicy(2, {0.6});
  const config::Settings s;
  for (const float w : {9.0f, -9.0f}) {
    const LinearMembers world({}, {w});
    const Decision d = Check(Inputs(s, world, low, high, OneStart()));
    ASSERT_EQ(d.delta().size(), 1u);
    EXPECT_EQ(d.proved, d.delta()[0] > 0);
    EXPECT_EQ(d.proved, w > 0);
    EXPECT_EQ(Summarise(d).spread, 0);
  }
}

// Members that are one and the same differ by the noise of their masks alone: without any, not at all.
TEST(CountedBeliefs, EqualMembersOfAnEnsembleGiveEqualDifferences) {
  constexpr int64_t S = test::kTinyStates, A = test::kTinyActions;
  const auto data = test::TinyBuffer(4, kHorizon);
  config::Settings s;
  auto& own = s.Of<model::BootstrapEnsembleSettings>();
  own.members = 4;
  own.hidden = 12;
  own.log_variance_low = -30;
  const auto ensemble = test::TinyMembers<model::BootstrapEnsemble>(model::BootstrapEnsembleInfo(), data, s);
  const learn::StartPool start(std::vector<float>(S, 0.1f), S);
  const nets::Policy free = ConstantPolicy(S, std::vector<double>(A, -0.2)),
                     based = ConstantPolicy(S, std::vector<double>(A, 0.6));
  const auto spread = [&] { return Summarise(Check(Inputs(s, *ensemble, free, based, start))).spread; };
  const double different = spread();
  for (model::Member& member : ensemble->members()) {
    member = ensemble->members()[0];
    const int b = member.net.layout.Find("b_out");
    std::fill_n(member.net.at(b) + S + 1, S + 1, -60.0f);  // no spread of its own
  }
  EXPECT_GT(different, 100 * spread());
}

}  // namespace
}  // namespace equipoise::eps
