// The check: its returns against closed forms, that neither order nor threads nor stopping early change a difference, and
// what it says of numbers that are not finite. Long because all of it is asked of the same few worlds.
#include "engine/eps/check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "engine/model/dropout_lstm_settings.h"
#include "tests/engine/eps/linear_world.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::eps {
namespace {

using test::ConstantPolicy;
using test::LinearSystem;
using test::LinearWorld;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kHorizon = 12;

float One(Stream&) { return 1.0f; }

const learn::StartPool& OneStart() {
  static const learn::StartPool pool({2.0f, -1.0f}, 2);
  return pool;
}

Decision Asked(const model::WorldModel& world, const nets::Policy& mb, const nets::Policy* mf, int masks, int rollouts,
               uint64_t iteration = 1, Pairing pairing = Pairing::kNoise, bool early_exit = false,
               int horizon = kHorizon, const learn::StartPool& starts = OneStart()) {
  std::vector<ImaginedPolicy> policies;
  if (mf != nullptr) policies.push_back({test::Free(), mf});
  policies.push_back({test::Based(), &mb});
  return Check({world,
                std::move(policies),
                starts,
                nullptr,
                world.states(),
                horizon,
                5,
                iteration,
                masks,
                rollouts,
                pairing,
                early_exit,
                {},
                nullptr});
}

double Mean(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

// --------------------------------------------------------------------------------------------------- closed forms

TEST(Check, GivesTheReturnsOfALinearWorldInClosedForm) {
  const LinearWorld world({}, [](Stream& s) { return static_cast<float>(s.Uniform(-1, 1)); });
  const nets::Policy mb = ConstantPolicy(2, {0.6}), mf = ConstantPolicy(2, {-0.2});
  const Decision d = Asked(world, mb, &mf, 7, 4);
  ASSERT_EQ(d.delta().size(), 7u);
  for (size_t i = 0; i < 7; ++i) {
    Stream mask(5, "eps.mask", 1, i);
    const double w = static_cast<float>(mask.Uniform(-1, 1));
    // The policies' own spread of 1e-4 is all the noise there is.
    EXPECT_NEAR(test::ReturnsOf(d, test::Based())[i], world.Return(0.6, w, 2, -1, kHorizon), 0.02);
    EXPECT_NEAR(test::ReturnsOf(d, test::Free())[i], world.Return(-0.2, w, 2, -1, kHorizon), 0.02);
    EXPECT_NEAR(d.delta()[i], test::ReturnsOf(d, test::Based())[i] - test::ReturnsOf(d, test::Free())[i], 1e-9);
    EXPECT_LT(d.standard_error()[i], 0.01);
  }
}

TEST(Check, PairingChangesTheSpreadOfTheDifferencesButNotTheirMean) {
  LinearSystem noisy;
  noisy.g[0] = 0.3;
  noisy.g[1] = 0.1;
  const LinearWorld world(noisy, One);
  const nets::Policy mb = ConstantPolicy(2, {0.6}), mf = ConstantPolicy(2, {-0.2});
  const double want = world.Return(0.6, 1, 2, -1, kHorizon) - world.Return(-0.2, 1, 2, -1, kHorizon);
  const double variance = world.Variance(kHorizon);
  constexpr int kMasks = 60, kRollouts = 20;
  for (Pairing pairing : {Pairing::kNone, Pairing::kStarts, Pairing::kNoise}) {
    const Decision d = Asked(world, mb, &mf, kMasks, kRollouts, 1, pairing);
    double measured = 0;  // of one pair
    for (double e : d.standard_error()) measured += e * e * kRollouts / kMasks;
    if (pairing == Pairing::kNoise) {  // both see the same noise, which a linear system adds to both alike
      EXPECT_LT(measured, 1e-4 * variance);
      EXPECT_NEAR(Mean(d.delta()), want, 0.02);
    } else {
      EXPECT_NEAR(measured, 2 * variance, 0.25 * variance);  // 5 sqrt(2 / 1200) of 2 variance
      EXPECT_NEAR(Mean(d.delta()), want, 4 * std::sqrt(2 * variance / (kMasks * kRollouts)));
    }
    EXPECT_NEAR(Mean(test::ReturnsOf(d, test::Based())), world.Return(0.6, 1, 2, -1, kHorizon),
                4 * std::sqrt(variance / (kMasks * kRollouts)));
  }
}

TEST(Check, PairedStartsRemoveTheVarianceOfTheStarts) {
  const LinearWorld world({}, One);
  std::vector<float> many;
  Stream stream(9, "starts");
  for (int i = 0; i < 200; ++i) many.push_back(static_cast<float>(3 * stream.Normal()));
  const learn::StartPool pool(many, 2);
  const nets::Policy mb = ConstantPolicy(2, {0.6}), mf = ConstantPolicy(2, {-0.2});
  auto error = [&](Pairing p) {
    return Mean(Asked(world, mb, &mf, 30, 10, 1, p, false, kHorizon, pool).standard_error());
  };
  EXPECT_GT(error(Pairing::kNone), 1.0);
  EXPECT_LT(error(Pairing::kStarts), 0.01);
  EXPECT_LT(error(Pairing::kNoise), 0.01);
}

TEST(Check, OnlyPredictsWhenThereIsNoOtherPolicy) {
  const LinearWorld world({}, One);
  const nets::Policy mb = ConstantPolicy(2, {0.6});
  const Decision d = Asked(world, mb, nullptr, 5, 3);
  EXPECT_FALSE(d.checked);
  EXPECT_FALSE(d.proved);
  EXPECT_EQ(test::ReturnsOf(d, test::Based()).size(), 5u);
  EXPECT_TRUE(d.delta().empty());
  EXPECT_NEAR(test::ReturnsOf(d, test::Based())[0], world.Return(0.6, 1, 2, -1, kHorizon), 0.02);
}

// ------------------------------------------------------------------------------------------------------ the rule

TEST(Check, ProvesWithTheProbabilityThatAllMasksAgree) {
  struct {
    double phi;
    int masks;
  } const cases[] = {{0.05, 5}, {0.05, 20}, {0.02, 20}, {0.2, 3}};
  const nets::Policy mb = ConstantPolicy(2, {0.5}), mf = ConstantPolicy(2, {-0.5});
  for (const auto& c : cases) {
    // Under a share phi of the masks the action pays the other way round.
    const LinearWorld world({}, [&](Stream& s) { return s.Uniform() < c.phi ? -100.0f : 100.0f; });
    const int n = 2000;
    double proved = 0, evaluated = 0;
    for (int i = 0; i < n; ++i) {
      const Decision d = Asked(world, mb, &mf, c.masks, 1, static_cast<uint64_t>(i), Pairing::kNoise, true, 2);
      proved += d.proved ? 1.0 / n : 0;
      evaluated += static_cast<double>(d.evaluated) / n;
    }
    const double want = std::pow(1 - c.phi, c.masks);
    EXPECT_NEAR(proved, want, 4 * std::sqrt(want * (1 - want) / n)) << c.phi << " " << c.masks;
    // Stopping early evaluates a truncated geometric number of masks.
    EXPECT_NEAR(evaluated, (1 - want) / c.phi, 4 * c.masks / 2.0 / std::sqrt(n)) << c.phi << " " << c.masks;
  }
}

TEST(Check, StoppingEarlyGivesTheSameDecisionAndTheSameBits) {
  const LinearWorld world({}, [](Stream& s) { return static_cast<float>(30.0 + 30.0 * s.Normal()); });
  const nets::Policy mb = ConstantPolicy(2, {0.3}, 0.2), mf = ConstantPolicy(2, {-0.1}, 0.2);
  int proved = 0, stopped = 0;
  for (uint64_t i = 0; i < 200; ++i) {
    const int masks = 1 + static_cast<int>(i % 30);
    const Decision full = Asked(world, mb, &mf, masks, 2, i),
                   early = Asked(world, mb, &mf, masks, 2, i, Pairing::kNoise, true);
    ASSERT_EQ(early.proved, full.proved) << i;
    ASSERT_EQ(full.evaluated, masks);
    ASSERT_LE(early.delta().size(), full.delta().size());
    EXPECT_TRUE(std::equal(early.delta().begin(), early.delta().end(), full.delta().begin())) << i;
    EXPECT_EQ(static_cast<size_t>(early.evaluated), early.delta().size());
    proved += full.proved ? 1 : 0;
    stopped += early.evaluated < masks ? 1 : 0;
    EXPECT_EQ(full.proved, std::all_of(full.delta().begin(), full.delta().end(), [](double x) { return x > 0; }));
  }
  EXPECT_GT(proved, 10);  // both outcomes must have been seen
  EXPECT_GT(stopped, 50);
}

TEST(Check, DifferencesDoNotDependOnHowManyMasksAreAskedFor) {
  const LinearWorld world({}, [](Stream& s) { return static_cast<float>(s.Normal()); });
  const nets::Policy mb = ConstantPolicy(2, {0.3}, 0.2), mf = ConstantPolicy(2, {-0.1}, 0.2);
  const Decision all = Asked(world, mb, &mf, 60, 3);
  for (int masks : {1, 2, 3, 5, 14, 29, 31, 59}) {
    const Decision some = Asked(world, mb, &mf, masks, 3);
    EXPECT_TRUE(std::equal(some.delta().begin(), some.delta().end(), all.delta().begin())) << masks;
  }
  // Negative controls: another iteration draws other masks, and more rollouts other noise.
  EXPECT_NE(Asked(world, mb, &mf, 5, 3, 2).delta()[0], all.delta()[0]);
  EXPECT_NE(Asked(world, mb, &mf, 5, 4).delta()[0], all.delta()[0]);
}

TEST(Check, IdenticalPoliciesDifferByExactlyZeroAndAreNotProved) {
  const auto data = test::TinyBuffer(4, kHorizon);
  const model::DropoutLstm lstm = test::TinyModel(data, 12, 0.3);
  const learn::StartPool starts(data[0].states, 3);
  Stream stream(3, "policy");
  const nets::Policy policy(3, 2, 8, 2, 0, stream), copy = policy;
  const Decision d = Asked(lstm, policy, &copy, 25, 4, 1, Pairing::kNoise, false, kHorizon, starts);
  ASSERT_EQ(d.delta().size(), 25u);
  for (size_t i = 0; i < 25; ++i) {
    EXPECT_EQ(d.delta()[i], 0.0);
    EXPECT_EQ(d.standard_error()[i], 0.0);
  }
  EXPECT_FALSE(d.proved);
  EXPECT_GT(std::fabs(test::ReturnsOf(d, test::Based())[0] - test::ReturnsOf(d, test::Based())[1]),
            1e-6);  // yet the masks do differ
}

TEST(Check, AMaskThatIsNotFiniteCountsAsMinusInfinity) {
  const nets::Policy mb = ConstantPolicy(2, {0.6}), mf = ConstantPolicy(2, {-0.2});
  for (float bad : {std::nanf(""), std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
    int drawn = 0;
    const LinearWorld world({}, [&](Stream&) { return drawn++ == 3 ? bad : 1.0f; });
    const Decision d = Asked(world, mb, &mf, 10, 3);
    ASSERT_EQ(d.delta().size(), 10u);
    for (size_t i = 0; i < 10; ++i) {
      if (i == 3) {
        EXPECT_EQ(d.delta()[i], -kInfinity);
        EXPECT_TRUE(std::isnan(d.standard_error()[i]));
      } else {
        EXPECT_GT(d.delta()[i], 0);
        EXPECT_TRUE(std::isfinite(d.standard_error()[i]));
      }
    }
    EXPECT_FALSE(d.proved);
    EXPECT_EQ(Summarise(d).not_finite, 1);
  }
}

// A network gone wrong anywhere must not look healthy behind a ReLU.
TEST(Check, NeverProvesAPolicyOrAModelWithANumberThatIsNotFinite) {
  const auto data = test::TinyBuffer(4, kHorizon);
  const model::DropoutLstm lstm = test::TinyModel(data, 12, 0.3);
  const learn::StartPool starts(data[0].states, 3);
  Stream stream(3, "policy");
  const nets::Policy good(3, 2, 8, 2, 0, stream);
  auto all_refused = [&](const model::WorldModel& world, const nets::Policy& mb, const nets::Policy& mf) {
    const Decision d = Asked(world, mb, &mf, 4, 2, 1, Pairing::kNoise, false, kHorizon, starts);
    return !d.proved && std::all_of(d.delta().begin(), d.delta().end(), [](double x) { return x == -kInfinity; });
  };
  for (int block = 0; block < good.net.layout.size(); ++block) {
    nets::Policy bad = good;
    bad.net.at(block)[0] = std::nanf("");
    EXPECT_TRUE(all_refused(lstm, bad, good)) << block;
    EXPECT_TRUE(all_refused(lstm, good, bad)) << block;
  }
  for (int block = 0; block < lstm.parameters().layout.size(); ++block) {
    model::DropoutLstm broken = lstm;
    broken.set_dropout(0);  // no mask hides the weight
    broken.parameters().at(block)[0] = std::nanf("");
    EXPECT_TRUE(all_refused(broken, good, good)) << block;
  }
}

// ------------------------------------------------------------------------------------------- with the dropout LSTM

class CheckWithTheLstm : public ::testing::Test {
 protected:
  Decision Ask(const model::WorldModel& world, const nets::Policy& mb, const nets::Policy& mf, int masks,
               uint64_t iteration = 1, bool early_exit = false) const {
    return Asked(world, mb, &mf, masks, 3, iteration, Pairing::kNoise, early_exit, kHorizon, starts);
  }
  replay::EpisodeBuffer data = test::TinyBuffer(30, kHorizon);
  learn::StartPool starts = learn::StartPool(data[0].states, 3);
  // In the tiny world every step pays 2 a_0.
  nets::Policy better = ConstantPolicy(3, {0.3, 0.0}, 0.3), worse = ConstantPolicy(3, {-0.3, 0.0}, 0.3);
};

TEST_F(CheckWithTheLstm, ProvesTheBetterPolicyOnAnAccurateModelAndOnNoUntrainedOne) {
  config::Settings fit;
  fit.Of<model::DropoutLstmSettings>().batch = 8;
  fit.Of<model::DropoutLstmSettings>().eta = 0.01;
  fit.Of<model::DropoutLstmSettings>().lr = 0.005;
  // What the better policy is really worth more, by playing both in the tiny world itself.
  double truth = 0;
  Stream stream(8, "truth");
  constexpr int kPlays = 2000;
  for (int i = 0; i < kPlays; ++i) {
    for (double sign : {1.0, -1.0}) {
      std::vector<double> s(data[0].states.begin(), data[0].states.begin() + 3);
      for (int t = 0; t < kHorizon; ++t)
        truth += sign / kPlays *
                 test::TinyStep(
                     &s, {std::tanh(sign * std::atanh(0.3) + 0.3 * stream.Normal()), std::tanh(0.3 * stream.Normal())},
                     &stream);
    }
  }
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    model::DropoutLstm lstm = test::TinyModel(data, 16, 0.05, seed);
    EXPECT_FALSE(Ask(lstm, better, worse, 40).proved) << seed;
    lstm.Fit(data, fit, 1, 300, [](int, int) {});
    const Decision after = Ask(lstm, better, worse, 40), reversed = Ask(lstm, worse, better, 40);
    EXPECT_TRUE(after.proved) << seed << " positive " << Summarise(after).positive;
    EXPECT_EQ(Summarise(reversed).positive, 0) << seed;
    EXPECT_NEAR(Summarise(after).mean, truth, 0.25 * truth) << seed;  // the scale too, not only the sign
  }
}

TEST_F(CheckWithTheLstm, StopsEarlyWithTheSameBits) {
  const model::DropoutLstm lstm = test::TinyModel(data, 12, 0.4);
  Stream stream(3, "policies");
  for (uint64_t i = 0; i < 12; ++i) {
    const nets::Policy mb(3, 2, 8, 2, 0, stream), mf(3, 2, 8, 2, 0, stream);
    const Decision full = Ask(lstm, mb, mf, 15, i), early = Ask(lstm, mb, mf, 15, i, true);
    EXPECT_EQ(early.proved, full.proved);
    EXPECT_TRUE(std::equal(early.delta().begin(), early.delta().end(), full.delta().begin())) << i;
  }
}

TEST_F(CheckWithTheLstm, DifferencesStayWhenDistractorsAreInjected) {
  model::DropoutLstm lstm = test::TinyModel(data, 12, 0.2);
  Stream stream(3, "policies");
  nets::Policy mb(3, 2, 8, 2, 0, stream), mf(3, 2, 8, 2, 0, stream);
  const Decision before = Ask(lstm, mb, mf, 10);
  const int64_t extra = data.distractors().size();
  const std::vector<float> zero(static_cast<size_t>(extra), 0.0f), sd(zero.size(), 0.7f);
  lstm.EditStates(extra, {zero, sd, zero, sd});
  mb.EditStates(extra, 0.7f, nullptr);
  mf.EditStates(extra, 1.0f, nullptr);
  const Decision after = Check({lstm,
                                {{test::Free(), &mf}, {test::Based(), &mb}},
                                starts,
                                &data.distractors(),
                                3,
                                kHorizon,
                                5,
                                1,
                                10,
                                3,
                                Pairing::kNoise,
                                false,
                                {},
                                nullptr});
  for (size_t i = 0; i < 10; ++i) EXPECT_NEAR(after.delta()[i], before.delta()[i], 1e-3);
}

// ------------------------------------------------------------------------------------------------ any number of them

// A decision with these returns under each mask, policies in order of preference.
Decision Made(const std::vector<std::vector<double>>& returns) {
  Decision d;
  d.masks = d.evaluated = static_cast<int>(returns.front().size());
  for (size_t p = 0; p < returns.size(); ++p) d.policies.push_back({Pick::Of("p" + std::to_string(p)), returns[p]});
  for (size_t p = 0; p < returns.size(); ++p) {
    for (size_t q = p + 1; q < returns.size(); ++q) {
      Comparison c{d.policies[p].policy, d.policies[q].policy, {}, {}};
      for (size_t i = 0; i < returns[p].size(); ++i) c.delta.push_back(returns[q][i] - returns[p][i]);
      d.comparisons.push_back(std::move(c));
    }
  }
  return d;
}

std::string Undominated(const Decision& d) {
  std::string all;
  for (size_t p = 0; p < d.policies.size(); ++p)
    if (!Dominated(d, p)) all += std::to_string(p);
  return all;
}

TEST(Dominance, IsBeingBetterUnderEveryMask) {
  EXPECT_EQ(Undominated(Made({{1, 1}, {2, 0}, {3, 3}})), "2");
  EXPECT_EQ(Undominated(Made({{2, 0}, {0, 2}})), "01");
  EXPECT_EQ(Undominated(Made({{1, 1}, {1, 1}})), "01") << "equal is not better";
  EXPECT_EQ(Undominated(Made({{3, 3}, {2, 2}, {1, 1}})), "0");
  EXPECT_EQ(Undominated(Made({{1, 5}, {2, 6}, {0, 9}})), "12");
  EXPECT_EQ(Undominated(Made({{1, NAN}, {2, 3}})), "01") << "what is not finite proves nothing";
  Decision stopped = Made({{1, 1}, {2, 2}});
  stopped.masks = 3;
  EXPECT_EQ(Undominated(stopped), "01") << "nor does a check that was not finished";
}

TEST(Dominance, IsTransitiveLeavesSomebodyAndOneMoreCandidateFreesNobody) {
  Stream stream(4, "dominance");
  for (int n = 0; n < 10000; ++n) {
    const auto masks = 1 + stream.Below(3);
    std::vector<std::vector<double>> returns(4, std::vector<double>(masks));
    for (auto& row : returns)
      for (double& r : row) r = static_cast<double>(stream.Below(4));
    const Decision all = Made(returns);
    ASSERT_NE(Undominated(all), "");
    const auto beats = [&](size_t q, size_t p) {
      bool every = true;
      for (size_t i = 0; i < masks; ++i) every = every && returns[q][i] > returns[p][i];
      return every;
    };
    for (size_t p = 0; p < 4; ++p) {
      bool beaten = false;
      for (size_t q = 0; q < 4; ++q) beaten = beaten || (q != p && beats(q, p));
      ASSERT_EQ(Dominated(all, p), beaten);
    }
    const Decision fewer = Made({returns[0], returns[1], returns[2]});
    for (size_t p = 0; p < 3; ++p) ASSERT_TRUE(!Dominated(fewer, p) || Dominated(all, p));
  }
}

TEST(Check, ImaginesAnyNumberOfPoliciesAndAPairOfThemGivesTheBitsOfThePairAlone) {
  const LinearWorld world({}, [](Stream& s) { return static_cast<float>(1 + 0.3 * s.Normal()); });
  const nets::Policy a = ConstantPolicy(2, {-0.2}, 0.1), b = ConstantPolicy(2, {0.1}, 0.1),
                     c = ConstantPolicy(2, {0.6}, 0.1);
  const auto asked = [&](std::vector<ImaginedPolicy> policies) {
    return Check({world,
                  std::move(policies),
                  OneStart(),
                  nullptr,
                  2,
                  kHorizon,
                  5,
                  1,
                  9,
                  3,
                  Pairing::kNoise,
                  false,
                  {},
                  nullptr});
  };
  const Pick pa = Pick::Of("a"), pb = Pick::Of("b"), pc = Pick::Of("c");
  const Decision three = asked({{pa, &a}, {pb, &b}, {pc, &c}}), outer = asked({{pa, &a}, {pc, &c}});
  ASSERT_EQ(three.comparisons.size(), 3u);
  EXPECT_EQ(three.comparisons[1].preferred, pa);
  EXPECT_EQ(three.comparisons[1].challenger, pc);
  EXPECT_EQ(three.comparisons[1].delta, outer.delta());
  EXPECT_EQ(*three.ReturnsOf(pc), *outer.ReturnsOf(pc));
  EXPECT_TRUE(three.proved);
  EXPECT_EQ(three.turned_on().challenger, pc) << "the one that shows it most clearly";
  EXPECT_EQ(Undominated(three), "2");
}

}  // namespace
}  // namespace equipoise::eps
