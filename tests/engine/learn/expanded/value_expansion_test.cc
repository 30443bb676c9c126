// Targets that look ahead: their sums by hand, along a model whose values are known in closed form, and in models that
// err or differ.
#include "engine/learn/expanded/value_expansion.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/learn/sac.h"
#include "engine/learn/sac_settings.h"
#include "engine/learn/td3.h"
#include "engine/model/model_parts.h"
#include "tests/engine/model/scalar_model.h"
#include "tests/engine/model/tiny_world.h"
#include "tests/engine/numeric.h"

namespace equipoise::learn {
namespace {

constexpr double kGamma = 0.9;

// Of s' = .9 s + .5 a, r = -(s^2 + .1 a^2) under a = -.5 s: V = -p s^2.
constexpr double kP = 1.653893;
double Q(double s, double a) {
  const double next = 0.9 * s + 0.5 * a;
  return -(s * s + 0.1 * a * a) - kGamma * kP * next * next;
}

TEST(ValueExpansion, SumsRewardsAndTheValueAtTheEnd) {
  const float recorded = 1, imagined[] = {2, 3}, value = 10;
  float y[3];
  ExpandedTargets(2, 1, kGamma, &recorded, imagined, &value, y);
  EXPECT_FLOAT_EQ(y[0], 12.52f);
  EXPECT_FLOAT_EQ(y[1], 12.8f);
  EXPECT_FLOAT_EQ(y[2], 12.0f);
  ExpandedTargets(0, 1, kGamma, &recorded, nullptr, &value, y);
  EXPECT_FLOAT_EQ(y[0], 10.0f);
  // What the three actions behind the first pay beside the reward, as entropy does.
  const double paid[] = {0.5, 0.25, 1};
  ExpandedTargets(2, 1, kGamma, &recorded, imagined, &value, y, paid);
  EXPECT_FLOAT_EQ(y[2], 12.9f);
  EXPECT_FLOAT_EQ(y[1], 13.835f);
  EXPECT_FLOAT_EQ(y[0], 13.9015f);
  // A reward of 1 for ever, where nothing is known yet of the value.
  const float ones[] = {1, 1, 1}, zero = 0;
  float first[4];
  ExpandedTargets(3, 1, kGamma, &recorded, ones, &zero, first);
  EXPECT_FLOAT_EQ(first[0], 3.439f);
}

TEST(ValueExpansion, CountsEachHorizonAsMuchAsItsCandidatesAgree) {
  const double means[] = {10, 12}, variances[] = {1, 4}, none[] = {0, 0};
  float y;
  double weights[2] = {};
  BlendedTargets(1, 1, means, variances, &y, weights);
  EXPECT_NEAR(y, 10.4, 1e-6);
  EXPECT_NEAR(weights[0], 0.8, 1e-6);
  BlendedTargets(1, 1, means, none, &y, weights);
  EXPECT_NEAR(y, 11, 1e-6);
}

// A critic that says c of everything.
std::vector<TargetedNet> Saying(float c, int count = 1) {
  std::vector<TargetedNet> nets;
  for (int j = 0; j < count; ++j) {
    Stream init(1, "critic");
    nets.emplace_back(nets::MlpSpec{2, 4, 1, 1, nets::Activation::kRelu}, init);
    for (nets::Parameters* net : {&nets.back().net, &nets.back().target}) {
      for (int block = 0; block < net->layout.size(); ++block) net->Fill(block, 0.0f);
      net->at(net->layout.Find("b_out"))[0] = c + static_cast<float>(j);
    }
  }
  return nets;
}

// What the targets of a batch are, under a = -.5 s. Where it is smoothed, the action is another one.
struct Batch {
  explicit Batch(int64_t rows) : n(rows), s(test::Normals(rows, "s", 0.5f)), a(test::Normals(rows, "a", 0.3f)) {
    for (int64_t i = 0; i < n; ++i) {
      const auto k = static_cast<size_t>(i);
      r.push_back(-(s[k] * s[k] + 0.1f * a[k] * a[k]));
      next.push_back(0.9f * s[k] + 0.5f * a[k]);
    }
  }
  ValueExpansion::Recorded recorded() const { return {s.data(), a.data(), r.data(), next.data()}; }
  // `pays`: what every action does beside the reward.
  ValueExpansion::Act act(double pays = 0) const {
    return [this, pays](int64_t, const float* at, bool smoothed, float* action, double* paid) {
      for (int64_t i = 0; i < n; ++i) action[i] = -0.5f * at[i] + (smoothed ? 0.25f : 0.0f);
      if (pays != 0) std::fill_n(paid, n, pays);
    };
  }
  int64_t n;
  std::vector<float> s, a, r, next;
};

ValueExpansionSettings Looking(int horizon, const char* targets = "longest", bool all_steps = true) {
  ValueExpansionSettings s;
  s.horizon = horizon;
  s.targets = targets;
  s.all_steps = all_steps;
  return s;
}

class InTheScalarWorld : public ::testing::TestWithParam<int> {};

// y_k = Q(s_k, a_k) + gamma^(H+1-k) (Q' - Q) at the end, whose Q' is a constant here.
TEST_P(InTheScalarWorld, EveryTargetIsTheValueButForWhatTheEndErrs) {
  const int H = GetParam();
  const float c = -0.7f;
  const Batch batch(6);
  const test::ScalarModel model(0.9);
  const ValueExpansionSettings looking = Looking(H);
  std::vector<TargetedNet> nets = Saying(c);
  ValueExpansion expansion(&model, looking, batch.n, 1, 1);
  ASSERT_EQ(expansion.fit_rows(), batch.n * (H + 1));
  Critics critics(model::CpuParts(), &nets, 1, 1, batch.n, nullptr, expansion.fit_rows());
  const ValueExpansion::Fit fit = expansion.Targets(batch.recorded(), kGamma, batch.act(), &critics, {0});
  for (int64_t i = 0; i < batch.n; ++i) {
    std::vector<double> s{batch.s[static_cast<size_t>(i)]}, a{batch.a[static_cast<size_t>(i)]};
    for (int k = 0; k <= H; ++k) {
      s.push_back(0.9 * s.back() + 0.5 * a.back());
      a.push_back(-0.5 * s.back());
    }
    for (int k = 0; k <= H; ++k) {
      const auto at = static_cast<size_t>(k);
      const int64_t row = k * batch.n + i;
      EXPECT_NEAR(fit.s[row], s[at], 1e-6);
      EXPECT_NEAR(fit.a[row], a[at], 1e-6) << "smoothed actions are asked about, and not taken";
      const double wrong = c - Q(s.back(), a.back());
      EXPECT_NEAR(fit.y[row], Q(s[at], a[at]) + std::pow(kGamma, H + 1 - k) * wrong, 2e-6) << "step " << k;
    }
  }
}

// What acting pays is summed like a reward one step earlier, of all steps but the recorded one.
TEST_P(InTheScalarWorld, WhatActingPaysIsPartOfEveryTarget) {
  const int H = GetParam();
  const Batch batch(6);
  const test::ScalarModel model(0.9);
  for (const char* targets : {"longest", "blended"}) {
    const ValueExpansionSettings looking = Looking(H, targets);
    std::vector<std::vector<float>> y;
    std::vector<double> weights;
    for (const double pays : {0.0, 0.3}) {
      std::vector<TargetedNet> nets = Saying(2, 2);
      ValueExpansion expansion(&model, looking, batch.n, 1, 1, /*pays=*/pays != 0);
      Critics critics(model::CpuParts(), &nets, 1, 1, batch.n, nullptr, expansion.fit_rows());
      const ValueExpansion::Fit fit = expansion.Targets(batch.recorded(), kGamma, batch.act(pays), &critics, {0, 1});
      y.emplace_back(fit.y, fit.y + expansion.fit_rows());
      weights = expansion.weights();
    }
    const auto sum = [](int steps) {  // gamma + gamma^2 + ...
      return kGamma * (1 - std::pow(kGamma, steps)) / (1 - kGamma);
    };
    for (size_t i = 0; i < y[0].size(); ++i) {
      const int k = static_cast<int>(i) / static_cast<int>(batch.n);
      double more = 0.3 * sum(H + 1 - k);
      if (!weights.empty()) {
        more = 0;
        for (int h = 0; h <= H; ++h) more += weights[static_cast<size_t>(h)] * 0.3 * sum(h + 1);
      }
      EXPECT_NEAR(y[1][i] - y[0][i], more, 2e-6) << targets << " row " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Horizons, InTheScalarWorld, ::testing::Values(0, 1, 2, 5));

TEST(ValueExpansion, ErrsMoreTheFurtherItLooksInAModelThatErrs) {
  const Batch batch(32);
  const test::ScalarModel wrong(1.8);
  double before = 0;
  for (const int H : {1, 2, 4, 8}) {
    const ValueExpansionSettings looking = Looking(H, "longest", false);
    std::vector<TargetedNet> nets = Saying(0);
    ValueExpansion expansion(&wrong, looking, batch.n, 1, 1);
    EXPECT_EQ(expansion.fit_rows(), batch.n) << "fitted at the recorded step alone";
    Critics critics(model::CpuParts(), &nets, 1, 1, batch.n, nullptr);
    const ValueExpansion::Fit fit = expansion.Targets(batch.recorded(), kGamma, batch.act(), &critics, {0});
    EXPECT_EQ(fit.s, batch.s.data());
    double error = 0;
    for (int64_t i = 0; i < batch.n; ++i)
      error += std::fabs(fit.y[i] - Q(batch.s[static_cast<size_t>(i)], batch.a[static_cast<size_t>(i)]));
    EXPECT_GT(error, before) << H;
    before = error;
  }
}

// Two worlds, s' = s + 1 and s' = s - 1, r = s': they agree about nothing that lies ahead.
class OppositeMembers : public test::ScalarModel {
 public:
  OppositeMembers() : ScalarModel(1.0) {}
  int64_t beliefs_limit() const override { return 2; }
  model::Belief Nth(int64_t i) const override { return {1, {i == 0 ? 1.0f : -1.0f}}; }
  std::unique_ptr<model::Rollout> NewRollout() const override { return std::make_unique<Roll>(); }

 private:
  class Roll : public model::Rollout {
   public:
    void Begin(int64_t rows, int64_t, bool, const model::Belief* beliefs, const float*) override {
      rows_ = rows;
      beliefs_ = *beliefs;
    }
    void Step(int64_t, const float* z, const float*, const float*, float* next, float* reward) override {
      for (int64_t r = 0; r < rows_; ++r)
        reward[r] = next[r] = z[r] + beliefs_.data[static_cast<size_t>(r % beliefs_.count)];
    }
    void StepBackward(int64_t, const float*, const float*, const float*, float*, float*) override {}
    int64_t clamped() const override { return 0; }

   private:
    int64_t rows_ = 0;
    model::Belief beliefs_;
  };
};

TEST(ValueExpansion, TrustsNoHorizonAboutWhichTheModelsDisagree) {
  const Batch batch(8);
  const OppositeMembers model;
  const ValueExpansionSettings looking = Looking(3, "blended");
  std::vector<TargetedNet> nets = Saying(2, 2);  // they say 2 and 3
  ValueExpansion expansion(&model, looking, batch.n, 1, 1);
  EXPECT_EQ(expansion.fit_rows(), batch.n);
  Critics critics(model::CpuParts(), &nets, 1, 1, batch.n, nullptr);
  const ValueExpansion::Fit fit = expansion.Targets(batch.recorded(), kGamma, batch.act(), &critics, {0, 1});
  const std::vector<double> weights = expansion.weights();
  ASSERT_EQ(weights.size(), 4u);
  // Of T_0 the critics' spread alone, .45^2; of T_1 that of the worlds beside it, whose rewards are +-1 apart.
  const double v0 = 0.45 * 0.45, v1 = std::pow(0.5 * kGamma * kGamma, 2) + kGamma * kGamma;
  EXPECT_GT(weights[0], 0.75);
  EXPECT_NEAR(weights[0] / weights[1], v1 / v0, 1e-3);
  EXPECT_LT(weights[3], weights[2]);
  for (int64_t i = 0; i < batch.n; ++i) {
    const auto k = static_cast<size_t>(i);
    const double s1 = batch.next[k];
    double blended = 0;
    for (int h = 0; h <= 3; ++h) {  // every mean goes on as if nothing moved
      double t = 2.5;
      for (int j = h; j >= 1; --j) t = s1 + kGamma * t;
      blended += weights[static_cast<size_t>(h)] * (batch.r[k] + kGamma * t);
    }
    EXPECT_NEAR(fit.y[i], blended, 1e-4);
  }
}

// A model that must not be asked.
class Silent : public test::ScalarModel {
 public:
  Silent() : ScalarModel(0.9) {}
  std::unique_ptr<model::Rollout> NewRollout() const override { EQ_CHECK(false, "nobody asks this model"); }
};
class Untrained : public Silent {
 public:
  bool trained() const override { return false; }
};

TEST(ValueExpansion, WithoutAStepAheadTheModelIsNotAskedAndTheLearnerIsTheSame) {
  config::Settings s;
  s.run.seed = 4;
  auto& td3 = s.Of<Td3Settings>("td3");
  td3.hidden = 8;
  td3.batch = 16;
  const replay::EpisodeBuffer data = test::TinyBuffer(5, 8);
  const auto trained = [&](const model::WorldModel* ahead) {
    Td3Learner learner(Td3Info(), test::kTinyStates, test::kTinyActions, s, model::CpuParts(), nullptr, ahead);
    learner.Train({data, s, 7, 6, [](int, int) {}});
    ArchiveWriter out;
    learner.Save(out);
    return out.Finish();
  };
  const std::string alone = trained(nullptr);
  s.Of<ValueExpansionSettings>().horizon = 3;
  const Untrained untrained;
  EXPECT_EQ(trained(&untrained), alone);
  const Silent silent;
  EXPECT_THROW(trained(&silent), InternalError);
  s.Of<ValueExpansionSettings>().horizon = 0;
  for (const char* targets : {"longest", "blended"}) {
    s.Of<ValueExpansionSettings>().targets = targets;
    EXPECT_EQ(trained(&silent), alone) << targets;
  }
}

TEST(ValueExpansion, OfSacWithoutAStepAheadIsSacToTheBitWithEntropyAndWithout) {
  config::Settings s;
  s.run.seed = 4;
  auto& sac = s.Of<SacSettings>();
  sac.hidden = 8;
  sac.batch = 16;
  auto& looking = s.Of<ValueExpansionSettings>();
  const replay::EpisodeBuffer data = test::TinyBuffer(5, 8);
  const auto trained = [&](const model::WorldModel* ahead) {
    SacLearner learner(test::kTinyStates, test::kTinyActions, s, model::CpuParts(), nullptr, {nullptr, ahead});
    learner.Train({data, s, 7, 6, [](int, int) {}});
    ArchiveWriter out;
    learner.Save(out);
    return out.Finish();
  };
  const Untrained untrained;
  const Silent silent;
  for (const bool entropy : {false, true}) {
    sac.entropy_in_target = entropy;
    looking.horizon = 3;
    const std::string alone = trained(nullptr);
    EXPECT_EQ(trained(&untrained), alone);
    EXPECT_THROW(trained(&silent), InternalError);
    looking.horizon = 0;
    EXPECT_EQ(trained(&silent), alone);
  }
}

// Hard targets: as they were until the update comes, and then what they follow, to the bit.
TEST(HardTargets, BecomeWhatTheyFollowOnceInSoManyUpdatesAndStayInBetween) {
  config::Settings s;
  s.run.seed = 4;
  auto& td3 = s.Of<Td3Settings>("td3");
  td3.hidden = 8;
  td3.batch = 16;
  td3.target_every = 5;
  const replay::EpisodeBuffer data = test::TinyBuffer(5, 8);
  Td3Learner learner(Td3Info(), test::kTinyStates, test::kTinyActions, s);
  const auto entry = [&](const std::string& name) {
    ArchiveWriter out;
    learner.Save(out);
    return ArchiveReader::Parse(out.Finish(), "test").value().Floats(name);
  };
  const auto start = entry("td3.target0"), actor = entry("td3.target_policy.net");
  learner.Train({data, s, 1, 4, [](int, int) {}});
  EXPECT_EQ(entry("td3.target0"), start);
  EXPECT_EQ(entry("td3.target_policy.net"), actor);
  EXPECT_NE(entry("td3.critic0"), start);
  learner.Train({data, s, 2, 1, [](int, int) {}});  // the fifth of the run
  const auto hard = entry("td3.target0");
  EXPECT_EQ(hard, entry("td3.critic0"));
  EXPECT_EQ(entry("td3.target_policy.net"), entry("td3.policy.net"));
  EXPECT_EQ(entry("td3.target1"), entry("td3.critic1"));
  learner.Train({data, s, 3, 4, [](int, int) {}});
  EXPECT_EQ(entry("td3.target0"), hard);
  EXPECT_NE(entry("td3.critic0"), hard);
}

}  // namespace
}  // namespace equipoise::learn
