// The exploration bonus: what imagined steps would teach a model, against closed forms, and what the check makes of it.
#include "engine/eps/information.h"

#include <cmath>
#include <utility>

#include <gtest/gtest.h>

#include "engine/eps/check.h"
#include "engine/eps/check_settings.h"
#include "engine/model/feedforward/bayes_mlp.h"
#include "engine/model/feedforward/bayes_mlp_settings.h"
#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "tests/engine/eps/linear_world.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/engine/model/feedforward/tiny_members.h"

namespace equipoise::eps {
namespace {

using test::ConstantPolicy;

constexpr int kHorizon = 6;
constexpr float kSd = 0.5f;

TEST(InformationGain, IsWhatIsKnownInClosedForm) {
  const double means[] = {1, -1}, ones[] = {1, 1};
  EXPECT_NEAR(InformationGain(2, means, ones), 0.346574, 1e-6);
  EXPECT_GT(InformationGain(2, means, ones), 0.336831) << "the exact mutual information, which it may not be below";
  // A prior of variance 1 on one weight, seen through x = 2 with noise .5: log(1 + x^2 / .25) / 2. Two worlds one sd to
  // either side have that variance.
  const double linear[] = {2, -2}, halves[] = {0.5, 0.5};
  EXPECT_NEAR(InformationGain(2, linear, halves), 1.416607, 1e-6);
  // Spreads that differ tell worlds apart as well: log(mean of variances) - mean of logs.
  const double same[] = {3, 3}, spreads[] = {1, 2};
  EXPECT_NEAR(InformationGain(2, same, spreads), 0.5 * (std::log(2.5) - 0.5 * std::log(4.0)), 1e-12);
}

TEST(InformationGain, IsExactlyNothingWhereAllWorldsAgreeHoweverNoisyTheyAre) {
  for (const double sd : {1e-3, 0.1, 0.7, 1234.5}) {
    const double means[] = {0.1, 0.1, 0.1}, sds[] = {sd, sd, sd};
    EXPECT_EQ(InformationGain(3, means, sds), 0.0);
    EXPECT_EQ(InformationGain(1, means, sds), 0.0);
  }
  const double means[] = {0.1, std::nan("")}, sds[] = {1, 1};
  EXPECT_TRUE(std::isnan(InformationGain(2, means, sds)));
}

// Worlds differ on one side alone: z' = z + a / 2 + w max(z, 0), spread kSd of what follows; every step pays 1.
class TwoSides : public test::FixedModel {
 public:
  int64_t states() const override { return 1; }
  int64_t actions() const override { return 1; }
  int64_t carry_size() const override { return 0; }
  bool trained() const override { return true; }
  const replay::Normaliser& normaliser() const override { return normaliser_; }
  void BurnIn(const float*, int64_t, int64_t, const model::Belief&, float*, Team*) const override {}
  model::Belief Draw(int64_t count, Stream& stream) const override {
    model::Belief belief{count, {}};
    for (int64_t i = 0; i < count; ++i) belief.data.push_back(static_cast<float>(0.2 * stream.Normal()));
    return belief;
  }
  std::unique_ptr<model::Rollout> NewRollout() const override { return std::make_unique<Roll>(); }

 private:
  class Roll : public model::Rollout {
   public:
    void Begin(int64_t rows, int64_t, bool, const model::Belief* beliefs, const float*) override {
      rows_ = rows;
      beliefs_ = beliefs;
      change_.resize(static_cast<size_t>(rows));
    }
    void Step(int64_t, const float* z, const float* action, const float*, float* next, float* reward) override {
      for (int64_t r = 0; r < rows_; ++r) {
        const float w = beliefs_->data[static_cast<size_t>(r % beliefs_->count)];
        float& change = change_[static_cast<size_t>(r)];
        change = 0.5f * action[r] + w * std::max(z[r], 0.0f);
        next[r] = z[r] + change;
        reward[r] = 1;
      }
    }
    void StepBackward(int64_t, const float*, const float*, const float*, float*, float*) override {}
    void Moments(int64_t, float* mean, float* sd) override {
      for (int64_t r = 0; r < rows_; ++r) {
        mean[2 * r] = change_[static_cast<size_t>(r)];
        mean[2 * r + 1] = 1;
        sd[2 * r] = sd[2 * r + 1] = kSd;
      }
    }
    int64_t clamped() const override { return 0; }

   private:
    int64_t rows_ = 0;
    const model::Belief* beliefs_ = nullptr;
    std::vector<float> change_;
  };
  replay::Normaliser normaliser_ = {{0, 0}, {1, 1}, {0, 0}, {1, 2}};
};

const learn::StartPool& FromZero() {
  static const learn::StartPool pool({0.0f}, 1);
  return pool;
}

CheckInputs Inputs(const model::WorldModel& world, const nets::Policy& free, const nets::Policy& based,
                   const learn::StartPool& starts, double bonus, int masks = 6) {
  return {world,
          {{test::Free(), &free}, {test::Based(), &based}},
          starts,
          nullptr,
          world.states(),
          kHorizon,
          5,
          1,
          masks,
          3,
          Pairing::kNoise,
          false,
          {},
          nullptr,
          bonus,
          5};
}
const std::vector<double>& InformationOf(const Decision& d, Pick policy) {
  return d.policies[d.policies[0].policy == policy ? 0 : 1].information;
}

TEST(Bonus, OfTwoPoliciesEqualInReturnTheOneThatGoesWhereWorldsDifferWinsByItAlone) {
  const TwoSides world;
  const nets::Policy left = ConstantPolicy(1, {-0.5}), right = ConstantPolicy(1, {0.5});
  const Decision without = Check(Inputs(world, left, right, FromZero(), 0));
  EXPECT_EQ(without.bonus, 0);
  EXPECT_FALSE(without.proved);
  for (const double delta : without.delta()) EXPECT_EQ(delta, 0.0);
  const CheckInputs in = Inputs(world, left, right, FromZero(), 0.1);
  const Decision with = Check(in);
  EXPECT_TRUE(with.proved);
  EXPECT_EQ(with.bonus, 0.1);
  EXPECT_FALSE(Check(Inputs(world, right, left, FromZero(), 0.1)).proved) << "and the other one does not";
  // In closed form: probes differ in their change by w max(z, 0).
  const model::Belief probes = ProbesOf(in);
  ASSERT_EQ(probes.count, 5);
  double mean = 0, variance = 0;
  for (const float w : probes.data) mean += w / 5.0;
  for (const float w : probes.data) variance += (w - mean) * (w - mean) / 5;
  ASSERT_EQ(with.evaluated, 6);
  for (int i = 0; i < with.evaluated; ++i) {
    const auto at = static_cast<size_t>(i);
    const double w = MaskOf(in, i).data[0];
    double z = 0, nats = 0;
    for (int t = 0; t < kHorizon; ++t) {
      nats += 0.5 * std::log(1 + variance * z * z / (kSd * kSd));
      z += 0.25 + w * z;
    }
    EXPECT_NEAR(InformationOf(with, test::Based())[at], nats, 1e-3 * nats);
    EXPECT_EQ(InformationOf(with, test::Free())[at], 0.0);
    EXPECT_NEAR(with.delta()[at], 0.1 * nats, 1e-4 * nats);
  }
}

TEST(Bonus, GrowsWithWhatANatCountsAndLeavesReturnsAsTheyAre) {
  const TwoSides world;
  const nets::Policy left = ConstantPolicy(1, {-0.5}, 0.3), right = ConstantPolicy(1, {0.5}, 0.3);
  const Decision none = Check(Inputs(world, left, right, FromZero(), 0));
  std::vector<double> before = none.delta();
  for (const double bonus : {0.01, 0.1, 1.0, 10.0}) {
    const Decision d = Check(Inputs(world, left, right, FromZero(), bonus));
    EXPECT_EQ(test::ReturnsOf(d, test::Based()), test::ReturnsOf(none, test::Based()));
    EXPECT_EQ(test::ReturnsOf(d, test::Free()), test::ReturnsOf(none, test::Free()));
    for (size_t i = 0; i < before.size(); ++i) {
      const double more = InformationOf(d, test::Based())[i] - InformationOf(d, test::Free())[i];
      ASSERT_GT(more, 0);
      EXPECT_GT(d.delta()[i], before[i]);
      EXPECT_NEAR(d.delta()[i], none.delta()[i] + bonus * more, 1e-9 * (1 + bonus));
    }
    before = d.delta();
  }
}

TEST(Bonus, WithoutItTheCheckComputesTheBitsThatItDoesWithoutProbes) {
  const auto data = test::TinyBuffer(4, kHorizon);
  const model::DropoutLstm lstm = test::TinyModel(data, 12, 0.3);
  const learn::StartPool starts(data[0].states, test::kTinyStates);
  Stream stream(3, "policies");
  const nets::Policy a(test::kTinyStates, test::kTinyActions, 8, 2, 0, stream),
      b(test::kTinyStates, test::kTinyActions, 8, 2, 0, stream);
  CheckInputs in = Inputs(lstm, a, b, starts, 0);
  const Decision with_probes = Check(in);
  in.probes = 0;
  const Decision none = Check(in);
  EXPECT_EQ(with_probes.delta(), none.delta());
  EXPECT_EQ(with_probes.standard_error(), none.standard_error());
  EXPECT_TRUE(with_probes.policies[0].information.empty());
  // With one: the returns are the same bits, and so is everything with early stops and on several threads.
  in.bonus = 0.5;
  in.probes = 5;
  const Decision bonus = Check(in);
  EXPECT_EQ(test::ReturnsOf(bonus, test::Based()), test::ReturnsOf(none, test::Based()));
  EXPECT_NE(bonus.delta(), none.delta());
  Team team(3);
  in.team = &team;
  const Decision shared = Check(in);
  EXPECT_EQ(shared.delta(), bonus.delta());
  EXPECT_EQ(InformationOf(shared, test::Free()), InformationOf(bonus, test::Free()));
  in.early_exit = true;
  const Decision early = Check(in);
  EXPECT_EQ(early.proved, bonus.proved);
  EXPECT_TRUE(std::equal(early.delta().begin(), early.delta().end(), bonus.delta().begin()));
  // Another iteration draws other probes.
  in.iteration = 2;
  EXPECT_NE(ProbesOf(in).data, ProbesOf(Inputs(lstm, a, b, starts, 0.5)).data);
}

TEST(Bonus, ANumberThatIsNotFiniteProvesNothing) {
  const TwoSides world;
  nets::Policy left = ConstantPolicy(1, {-0.5}), right = ConstantPolicy(1, {0.5});
  right.net.at(0)[0] = std::nanf("");
  const Decision d = Check(Inputs(world, left, right, FromZero(), 1));
  EXPECT_FALSE(d.proved);
  EXPECT_EQ(Summarise(d).not_finite, 6);
}

TEST(Bonus, CountsInUnitsOfTheRewardAndFallsWithTheRootOfTheEpisode) {
  const TwoSides world;  // whose reward has the sd 2
  const nets::Policy left = ConstantPolicy(1, {-0.5}), right = ConstantPolicy(1, {0.5});
  config::Settings s;
  s.Of<CheckSettings>().bonus = 0.3;
  s.Of<CheckSettings>().probes = 7;
  const auto of = [&](int episode) {
    return CheckInputsOf(s, world, {{test::Free(), &left}, {test::Based(), &right}}, FromZero(), nullptr, 1, kHorizon,
                         episode);
  };
  EXPECT_NEAR(of(1).bonus, 0.6, 1e-12);
  EXPECT_NEAR(of(4).bonus, 0.3, 1e-12);
  EXPECT_NEAR(of(100).bonus, 0.06, 1e-12);
  EXPECT_EQ(of(1).probes, 7);
  EXPECT_EQ(CheckInputsOf(s, world, {{test::Based(), &right}}, FromZero(), nullptr, 1, kHorizon, 1).bonus, 0)
      << "one policy alone has nobody to win against";
}

// One weight of variance 1 that nothing was fitted to, seen through x = 2 with noise .5.
TEST(Bonus, OfANetworkOfUncertainWeightsIsThatOfALinearModel) {
  config::Settings s;
  auto& own = s.Of<model::BayesMlpSettings>();
  own.layers = 1;
  own.hidden = 4;
  own.activation = "relu";
  own.log_variance_low = -12;
  own.log_variance_high = 8;
  const auto made = model::BayesMlpInfo().new_model({1, 1, {}, &model::CpuParts()}, s);
  auto& bayes = dynamic_cast<model::BayesMlp&>(*made);
  bayes.Refit({{0, 0}, {1, 1}, {0, 0}, {1, 1}}, false);
  nets::Parameters& net = bayes.members()[0].net;
  const nets::Layout& layout = net.layout;
  for (int block = 0; block < layout.size(); ++block)
    net.Fill(block, layout[block].name.rfind("rho.", 0) == 0 ? -40.0f : 0.0f);
  net.at(layout.Find("w0"))[0] = 1;                                  // the first unit is the state
  net.at(layout.Find("rho.w_out"))[0] = std::log(std::expm1(1.0f));  // and leads to its change
  net.at(layout.Find("b_out"))[2] = std::log(0.25f);                 // whose log-variance this is
  const nets::Policy still = ConstantPolicy(1, {0.0});
  Stream draw(3, "probes");
  const model::Belief world = bayes.Draw(1, draw);
  const float start = 2;
  const std::vector<float> noise(1, 0.0f);
  model::Imagination imagined(bayes, still);
  imagined.Run({1, 1, &start, nullptr, &world, noise.data(), noise.data()}, model::Keep::kSteps);
  Information information(bayes, bayes.Draw(4000, draw));
  information.Measure(imagined);
  EXPECT_NEAR(information.nats(0), 1.416607, 0.03 * 1.416607);
  EXPECT_EQ(information.nats(0, 0), information.nats(0));
}

TEST(Bonus, OfAnEnsembleAsksItsFirstMembersAndOneMemberHasNothingToLearn) {
  config::Settings s;
  auto& own = s.Of<model::BootstrapEnsembleSettings>();
  own.hidden = 12;
  const auto data = test::TinyBuffer(4, kHorizon);
  const learn::StartPool starts(data[0].states, test::kTinyStates);
  Stream stream(3, "policies");
  const nets::Policy a(test::kTinyStates, test::kTinyActions, 8, 2, 0, stream),
      b(test::kTinyStates, test::kTinyActions, 8, 2, 0, stream);
  for (const int members : {1, 3, 8}) {
    own.members = members;
    const auto ensemble = test::TinyMembers<model::BootstrapEnsemble>(model::BootstrapEnsembleInfo(), data, s);
    const CheckInputs in = Inputs(*ensemble, a, b, starts, 0.5, members);
    const model::Belief probes = ProbesOf(in);
    ASSERT_EQ(probes.count, std::min(members, 5));
    for (int64_t l = 0; l < probes.count; ++l) EXPECT_EQ(probes.data[static_cast<size_t>(l)], static_cast<float>(l));
    const Decision d = Check(in);
    for (const double nats : InformationOf(d, test::Free())) {
      EXPECT_EQ(nats == 0, members == 1);
      EXPECT_GE(nats, 0);
    }
  }
}

// ------------------------------------------------------------------------------------ what models say that follows

constexpr int64_t kRows = 4;

// Rolls along recorded steps and compares what is said of each with the reference.
template <class Reference>
void ExpectMoments(const model::WorldModel& model, const model::Belief& beliefs, bool keep,
                   const Reference& reference) {
  const int64_t S = model.states(), A = model.actions(), D = S + 1;
  const replay::Normaliser& n = model.normaliser();
  const auto rollout = model.NewRollout();
  rollout->Begin(kRows, 3, keep, &beliefs, nullptr);
  std::vector<float> z = test::Normals(kRows * S, "z", 0.5f);
  const std::vector<float> noise = test::Normals(kRows * S, "noise");
  std::vector<float> next(z.size()), reward(kRows), mean(static_cast<size_t>(kRows * D)), sd(mean.size());
  for (int64_t t = 0; t < 3; ++t) {
    const std::vector<float> raw = test::Normals(kRows * A, "a" + std::to_string(t), 0.4f);
    rollout->Step(t, z.data(), raw.data(), noise.data(), next.data(), reward.data());
    rollout->Moments(t, mean.data(), sd.data());
    at::Tensor a = test::Double(raw.data(), {kRows, A});
    a = (a - test::Double(n.x_mean).narrow(0, S, A)) / test::Double(n.x_sd).narrow(0, S, A);
    const model::ReferenceHeads want = reference(at::cat({test::Double(z.data(), {kRows, S}), a}, 1));
    EXPECT_LT(test::RelativeError(mean.data(), want.mean), 5e-6);
    EXPECT_LT(test::RelativeError(sd.data(), want.sd), 5e-6);
    z = next;
  }
}

TEST(Moments, OfTheLstmAreThoseOfTheReference) {
  const auto data = test::TinyBuffer(4, kHorizon);
  const model::DropoutLstm lstm = test::TinyModel(data, 12, 0.3);
  const model::Belief beliefs = test::DrawMasks(lstm, 3);
  const model::ReferenceModel reference = test::ReferenceOf(lstm);
  const at::Tensor masks = test::Masks(beliefs, 12, kRows);
  for (const bool keep : {false, true}) {
    model::ReferenceCarry carry = model::ReferenceStart(reference, kRows);
    ExpectMoments(lstm, beliefs, keep, [&](const at::Tensor& x) { return ReferenceStep(reference, x, masks, &carry); });
  }
}

TEST(Moments, OfFeedForwardModelsAreThoseOfTheReference) {
  const auto data = test::TinyBuffer(4, kHorizon);
  config::Settings s;
  s.Of<model::BootstrapEnsembleSettings>().members = 3;
  s.Of<model::BootstrapEnsembleSettings>().hidden = 12;
  s.Of<model::BayesMlpSettings>().hidden = 12;
  s.Of<model::BayesMlpSettings>().rho = -2;
  for (const nets::PartInfo* info : {&model::BootstrapEnsembleInfo(), &model::BayesMlpInfo()}) {
    const auto model = test::TinyMembers<model::FeedForward>(*info, data, s);
    Stream stream(2, "beliefs");
    const model::Belief beliefs = model->Draw(3, stream);
    for (const bool keep : {false, true})
      ExpectMoments(*model, beliefs, keep, test::RowByRow(test::ReferencesOf(*model, beliefs), {{0, 1, 2, 0}}));
  }
}

}  // namespace
}  // namespace equipoise::eps
