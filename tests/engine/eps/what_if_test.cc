#include "engine/eps/what_if.h"
#include "tests/engine/eps/two_policies.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace equipoise::eps {
namespace {

using Kind = WhatIfRule::Kind;
using Verdict = WhatIfAnswer::Verdict;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// `masks` above the number of deltas: the check stopped early.
Decision Checked(std::vector<double> delta, int masks = 0) {
  Decision d;
  d.checked = true;
  d.rollouts = 10;
  d.evaluated = static_cast<int>(delta.size());
  d.masks = masks > 0 ? masks : d.evaluated;
  d.proved = d.evaluated == d.masks;
  for (double v : delta) d.proved = d.proved && std::isfinite(v) && v > 0;
  d.pick = d.proved ? test::Based() : test::Free();
  d.reason = d.proved ? Reason::kProved : Reason::kNotProved;
  test::ErrorOf(&d).assign(delta.size(), 2.0);
  test::DeltaOf(&d) = std::move(delta);
  return d;
}

Verdict VerdictOf(const Decision& d, Kind kind, double value) { return Ask(d, {kind, value}).verdict; }

TEST(WhatIf, AgreesWithTheRuleInForceAtThresholdZero) {
  for (const Decision& d : {Checked({1, 2, 3}), Checked({1, 0, 3}), Checked({1, -1, 3}), Checked({5})}) {
    EXPECT_EQ(VerdictOf(d, Kind::kLeast, 0) == Verdict::kProved, d.proved);
    EXPECT_EQ(Differs(d, {Kind::kLeast, 0}).chance, 0);
  }
}

TEST(WhatIf, AsksEveryMaskToPassAnotherThreshold) {
  const Decision d = Checked({4, 7, 12});
  EXPECT_EQ(VerdictOf(d, Kind::kLeast, 3.9), Verdict::kProved);
  EXPECT_EQ(VerdictOf(d, Kind::kLeast, 4), Verdict::kNotProved);  // above, not at
  EXPECT_DOUBLE_EQ(Ask(d, {Kind::kLeast, 0}).statistic, 4);
  EXPECT_EQ(VerdictOf(Checked({-3, 8}), Kind::kLeast, -5), Verdict::kProved);
}

TEST(WhatIf, TakesTheFirstMasksInTheirOrder) {
  const Decision d = Checked({3, 5, -1, 8});
  EXPECT_EQ(VerdictOf(d, Kind::kFewerMasks, 2), Verdict::kProved);
  EXPECT_EQ(VerdictOf(d, Kind::kFewerMasks, 3), Verdict::kNotProved);
  EXPECT_DOUBLE_EQ(Ask(d, {Kind::kFewerMasks, 2}).statistic, 3);
  // More masks than were drawn are unknown, unless one that was drawn refutes already.
  EXPECT_EQ(VerdictOf(d, Kind::kFewerMasks, 9), Verdict::kNotProved);
  EXPECT_EQ(VerdictOf(Checked({3, 5}), Kind::kFewerMasks, 9), Verdict::kUnknown);
}

TEST(WhatIf, ComparesTheMean) {
  const Decision d = Checked({-1, 2, 8});  // mean 3
  EXPECT_EQ(VerdictOf(d, Kind::kMean, 2.99), Verdict::kProved);
  EXPECT_EQ(VerdictOf(d, Kind::kMean, 3), Verdict::kNotProved);
  EXPECT_DOUBLE_EQ(Ask(d, {Kind::kMean, 0}).statistic, 3);
}

TEST(WhatIf, CountsMasksForTheShareWithoutRoundingThemAway) {
  std::vector<double> delta(45, 1.0);
  delta.resize(50, -1.0);
  EXPECT_EQ(VerdictOf(Checked(delta), Kind::kShare, 0.9), Verdict::kProved);  // 45 of 50 are 90 %
  EXPECT_EQ(VerdictOf(Checked(delta), Kind::kShare, 0.91), Verdict::kNotProved);
  EXPECT_DOUBLE_EQ(Ask(Checked(delta), {Kind::kShare, 0.5}).statistic, 0.9);
}

TEST(WhatIf, LetsTheSoftLeastRunFromTheLeastToTheMean) {
  const Decision d = Checked({-1, 2, 8});
  EXPECT_NEAR(Ask(d, {Kind::kSoftLeast, 1e-3}).statistic, -1 + 1e-3 * std::log(3.0), 1e-9);
  EXPECT_NEAR(Ask(d, {Kind::kSoftLeast, 1e6}).statistic, 3, 1e-4);
  // Two masks at 0 and a: -tau log((1 + exp(-a / tau)) / 2).
  const double soft = -2 * std::log((1 + std::exp(-1.5)) / 2);
  EXPECT_NEAR(Ask(Checked({0, 3}), {Kind::kSoftLeast, 2}).statistic, soft, 1e-12);
  EXPECT_EQ(VerdictOf(Checked({0, 3}), Kind::kSoftLeast, 2), Verdict::kProved);
  // Far values do not overflow.
  EXPECT_NEAR(Ask(Checked({-1e6, 1e6}), {Kind::kSoftLeast, 1}).statistic, -1e6 + std::log(2.0), 1e-6);
}

TEST(WhatIf, GivesAChanceForOtherRolloutsByTheNormalLaw) {
  // Standard error 2 over M = 10, so s^2 = 40; for M' = 5 the variance is 40 (1/5 - 1/10) = 4: sd 2.
  const auto phi = [](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); };
  const WhatIfAnswer fewer = Ask(Checked({2, 4}), {Kind::kRollouts, 5});
  EXPECT_EQ(fewer.verdict, Verdict::kChance);
  EXPECT_NEAR(fewer.chance, phi(1) * phi(2), 1e-12);
  // For M' = 40: 40 (1/10 - 1/40) = 3.
  EXPECT_NEAR(Ask(Checked({2}), {Kind::kRollouts, 40}).chance, phi(2 / std::sqrt(3.0)), 1e-12);
  // The same number of rollouts is the same check.
  EXPECT_EQ(VerdictOf(Checked({2, 4}), Kind::kRollouts, 10), Verdict::kProved);
}

TEST(WhatIf, DoesNotGuessTheSpreadOfASingleRollout) {
  Decision d = Checked({2, 4});
  d.rollouts = 1;
  test::ErrorOf(&d) = {kNan, kNan};
  EXPECT_EQ(VerdictOf(d, Kind::kRollouts, 5), Verdict::kUnknown);
  EXPECT_NE(Ask(d, {Kind::kRollouts, 5}).why, "");
}

TEST(WhatIf, AnswersACensoredCheckOnlyWhereTheMissingMasksDoNotMatter) {
  const Decision d = Checked({5, 6, -2}, 50);  // stopped at the third of 50
  EXPECT_EQ(VerdictOf(d, Kind::kLeast, 0), Verdict::kNotProved);
  EXPECT_EQ(VerdictOf(d, Kind::kLeast, 10), Verdict::kNotProved);
  EXPECT_EQ(VerdictOf(d, Kind::kLeast, -5), Verdict::kUnknown);
  EXPECT_EQ(VerdictOf(d, Kind::kFewerMasks, 2), Verdict::kProved);
  EXPECT_EQ(VerdictOf(d, Kind::kFewerMasks, 20), Verdict::kNotProved);
  EXPECT_EQ(VerdictOf(d, Kind::kMean, 0), Verdict::kUnknown);
  EXPECT_EQ(VerdictOf(d, Kind::kSoftLeast, 1), Verdict::kUnknown);
  EXPECT_EQ(VerdictOf(d, Kind::kRollouts, 20), Verdict::kUnknown);
  EXPECT_EQ(VerdictOf(d, Kind::kShare, 1), Verdict::kNotProved);  // one of 50 is gone
  EXPECT_EQ(VerdictOf(d, Kind::kShare, 0.04), Verdict::kProved);  // two of 50 are there
  EXPECT_EQ(VerdictOf(d, Kind::kShare, 0.9), Verdict::kUnknown);  // 45 may still come
  EXPECT_NE(Ask(d, {Kind::kMean, 0}).why.find("3 of 50"), std::string::npos);
}

TEST(WhatIf, NeverProvesAnythingWithAMaskThatIsNotFinite) {
  for (const double bad : {kNan, kInfinity, -kInfinity}) {
    const Decision d = Checked({5, bad, 6});
    for (Kind kind : {Kind::kLeast, Kind::kMean, Kind::kShare, Kind::kSoftLeast, Kind::kRollouts}) {
      EXPECT_EQ(VerdictOf(d, kind, kind == Kind::kShare ? 0.5 : 1), Verdict::kNotProved) << bad;
    }
    EXPECT_EQ(VerdictOf(d, Kind::kFewerMasks, 1), Verdict::kProved);
  }
}

TEST(WhatIf, CountsPicksThatWouldDifferAndLeavesForcedOnesAlone) {
  Decision forced = Checked({1, 2});
  forced.pick = test::Free();
  forced.reason = Reason::kForced;
  Decision random;
  random.pick = eps::Pick();
  random.reason = Reason::kRandom;
  WhatIfCount count;
  const WhatIfRule mean{Kind::kMean, 0};
  for (const Decision& d : {Checked({1, 2}), Checked({-1, 4}), Checked({-4, 1}), Checked({3, -2}, 9), forced, random}) {
    Count(d, mean, &count);
  }
  EXPECT_EQ(count.decisions, 4);
  EXPECT_EQ(count.unknown, 1);
  EXPECT_EQ(count.forced, 1);
  EXPECT_DOUBLE_EQ(count.differ, 1);
  EXPECT_DOUBLE_EQ(count.to[test::Based()], 1);
  EXPECT_EQ(Sentence(count, mean, test::UnifiedParts()),
            "1 of 3 past picks would differ: 1 to model-based, 0 to SAC. 1 more cannot be told.");

  WhatIfCount strict;
  for (const Decision& d : {Checked({1, 2}), Checked({30, 40})}) Count(d, {Kind::kLeast, 10}, &strict);
  EXPECT_DOUBLE_EQ(strict.to[test::Free()], 1);
}

}  // namespace
}  // namespace equipoise::eps
