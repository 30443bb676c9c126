// Critics in training on every back end, against the equations of their header in plain operations.
#include "engine/learn/critics.h"

#include <gtest/gtest.h>

#include "tests/engine/back_ends.h"
#include "tests/engine/learn/reference_losses.h"
#include "tests/engine/numeric.h"

namespace equipoise::learn {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kRows = 24, S = 4, A = 2;

struct Case {
  std::string device;
  bool layer_norm;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const std::string& device : test::BackEnds())
    for (bool norm : {false, true}) cases.push_back({device, norm});
  return cases;
}

class CriticsInTraining : public ::testing::TestWithParam<Case> {
 protected:
  CriticsInTraining() {
    for (uint64_t j = 0; j < 3; ++j) {
      Stream init(5, "critic", j);
      nets.emplace_back(
          nets::MlpSpec{S + A, 16, 2, 1,
                        GetParam().layer_norm ? nets::Activation::kLayerNormRelu : nets::Activation::kRelu},
          init);
      const auto extra = Normals(nets[j].net.layout.total(), "target" + std::to_string(j), 0.1f);
      for (size_t i = 0; i < extra.size(); ++i) nets[j].target.values[i] += extra[i];
    }
    for (const TargetedNet& net : nets) {
      fast.push_back(Double(net.net.values));
      slow.push_back(Double(net.target.values));
    }
  }
  ReferenceCritics Of(const std::vector<at::Tensor>& flat) const {
    ReferenceCritics critics{nets[0].spec, {}};
    for (const at::Tensor& f : flat) critics.blocks.push_back(nets::ReferenceBlocks(nets[0].net.layout, f));
    return critics;
  }

  std::vector<TargetedNet> nets;
  std::vector<at::Tensor> fast, slow;  // as they begin
  std::vector<float> s = Normals(kRows * S, "s"), a = Normals(kRows * A, "a", 0.5f), y = Normals(kRows, "y");
  at::Tensor ts = Double(s.data(), {kRows, S}), ta = Double(a.data(), {kRows, A}), ty = Double(y);
};

TEST_P(CriticsInTraining, TargetsAreTheLeastOfTheChosenSlowerCopies) {
  Critics critics(test::PartsOf(GetParam().device), &nets, S, A, kRows, nullptr);
  for (const std::vector<size_t>& chosen : {std::vector<size_t>{0, 1, 2}, {1}, {0, 2}}) {
    std::vector<float> least(kRows);
    critics.Target(s.data(), a.data(), chosen, least.data());
    std::vector<at::Tensor> flat;
    for (size_t j : chosen) flat.push_back(slow[j]);
    EXPECT_LT(test::RelativeError(least, ReferenceAllQ(Of(flat), ts, ta).amin(0)), 5e-6);
  }
}

TEST_P(CriticsInTraining, EachTakesTheGradientOfItsOwnSquaredError) {
  Critics critics(test::PartsOf(GetParam().device), &nets, S, A, kRows, nullptr);
  const Critics::Fitted fitted = critics.Fit(s.data(), a.data(), y.data(), 1e-3);
  critics.Store();
  double norm = 0;
  for (size_t j = 0; j < nets.size(); ++j) {
    const at::Tensor want =
        test::Gradient(fast[j], [&](auto& p) { return (ReferenceQ(Of({p}), 0, ts, ta) - ty).square().mean(); });
    norm += want.norm().item<double>() / static_cast<double>(nets.size());
    std::vector<float> gradient = nets[j].adam.m;  // after the first step a tenth of it
    for (float& g : gradient) g *= 10.0f;
    EXPECT_LT(test::WorstBlockError(nets[j].net.layout, gradient, want), 2e-5) << j;
    EXPECT_LT(test::RelativeError(nets[j].target.values, slow[j]), 1e-9) << "the slower copy moved by itself";
  }
  EXPECT_NEAR(fitted.loss, ReferenceSacCriticLoss(Of(fast), ts, ta, ty).item<double>(), 1e-5 * fitted.loss);
  EXPECT_NEAR(fitted.norm, norm, 1e-5 * norm);
  EXPECT_EQ(critics.skipped(), 0);
}

TEST_P(CriticsInTraining, MayBeFittedToAnotherNumberOfRows) {
  Critics critics(test::PartsOf(GetParam().device), &nets, S, A, kRows / 4, nullptr, kRows);
  std::vector<float> least(kRows / 4), daction(kRows / 4 * A);
  critics.Target(s.data(), a.data(), {0, 1, 2}, least.data());
  std::vector<double> errors(kRows);
  critics.Fit(s.data(), a.data(), y.data(), 1e-3, errors.data());
  critics.ActionGradient(s.data(), a.data(), CriticValue::kMean, -1.0f, daction.data());  // of a quarter of them
  critics.Store();
  for (size_t j = 0; j < nets.size(); ++j) {
    const at::Tensor want =
        test::Gradient(fast[j], [&](auto& p) { return (ReferenceQ(Of({p}), 0, ts, ta) - ty).square().mean(); });
    std::vector<float> gradient = nets[j].adam.m;
    for (float& g : gradient) g *= 10.0f;
    EXPECT_LT(test::WorstBlockError(nets[j].net.layout, gradient, want), 2e-5) << j;
  }
  const at::Tensor squares = (ReferenceAllQ(Of(fast), ts, ta) - ty).square().mean(0);
  for (int64_t i = 0; i < kRows; ++i) EXPECT_NEAR(errors[static_cast<size_t>(i)], squares[i].item<double>(), 1e-5);
}

TEST_P(CriticsInTraining, TheActionsGradientIsThatOfTheLeastOrOfTheMean) {
  Critics critics(test::PartsOf(GetParam().device), &nets, S, A, kRows, nullptr);
  for (const auto& [value, mean] : {std::pair{CriticValue::kLeast, false}, std::pair{CriticValue::kMean, true}}) {
    std::vector<float> daction(a.size());
    const Critics::Valued valued = critics.ActionGradient(s.data(), a.data(), value, -1.0f, daction.data());
    const at::Tensor q = ReferenceAllQ(Of(fast), ts, ta);
    EXPECT_NEAR(valued.mean, ReferenceActorValue(q, mean).mean().item<double>(), 1e-6);
    EXPECT_NEAR(valued.largest, q.max().item<double>(), 1e-6);
    const at::Tensor want = test::Gradient(ta, [&, climbs_mean = mean](auto& t) {
      return -ReferenceActorValue(ReferenceAllQ(Of(fast), ts, t), climbs_mean).mean();
    });
    EXPECT_LT(test::RelativeError(daction, want), 2e-5);
  }
}

TEST_P(CriticsInTraining, AnActorMayClimbTheFirstAlone) {
  Critics critics(test::PartsOf(GetParam().device), &nets, S, A, kRows, nullptr);
  std::vector<float> daction(a.size());
  critics.ActionGradient(s.data(), a.data(), CriticValue::kMean, -1.0f, daction.data());  // leaves traces in all three
  const Critics::Valued valued = critics.ActionGradient(s.data(), a.data(), CriticValue::kFirst, -1.0f, daction.data());
  const at::Tensor q = ReferenceQ(Of(fast), 0, ts, ta);
  EXPECT_NEAR(valued.mean, q.mean().item<double>(), 1e-6);
  EXPECT_NEAR(valued.largest, q.max().item<double>(), 1e-6);
  EXPECT_LT(
      test::RelativeError(daction, test::Gradient(ta, [&](auto& t) { return -ReferenceQ(Of(fast), 0, ts, t).mean(); })),
      2e-5);
}

TEST_P(CriticsInTraining, SayHowFarTheyAreApart) {
  Critics critics(test::PartsOf(GetParam().device), &nets, S, A, kRows, nullptr);
  const Critics::Fitted fitted = critics.Fit(s.data(), a.data(), y.data(), 1e-3);
  const at::Tensor q = ReferenceAllQ(Of(fast), ts, ta);
  EXPECT_NEAR(fitted.mean, q.mean().item<double>(), 1e-6);
  EXPECT_NEAR(fitted.apart, (q.amax(0) - q.amin(0)).mean().item<double>(), 1e-6);
}

TEST_P(CriticsInTraining, PolyakMovesTheSlowerCopiesTowardsTheStepped) {
  Critics critics(test::PartsOf(GetParam().device), &nets, S, A, kRows, nullptr);
  critics.Fit(s.data(), a.data(), y.data(), 1e-2);
  critics.Polyak(0.25);
  critics.Store();
  for (size_t j = 0; j < nets.size(); ++j)
    EXPECT_LT(test::RelativeError(nets[j].target.values, slow[j] + 0.25 * (Double(nets[j].net.values) - slow[j])),
              1e-6);
}

TEST_P(CriticsInTraining, AreTheSameBitsWithAnyTeam) {
  auto trained = [&](Team* team, float first_reward) {
    std::vector<TargetedNet> copies = nets;
    std::vector<float> targets = y, least(kRows), daction(a.size());
    targets[0] = first_reward;
    Critics critics(test::PartsOf(GetParam().device), &copies, S, A, kRows, team);
    for (int k = 0; k < 3; ++k) {
      critics.Fit(s.data(), a.data(), targets.data(), 1e-2);
      critics.ActionGradient(s.data(), a.data(), CriticValue::kLeast, -1.0f, daction.data());
      critics.Polyak(0.25);
      critics.Target(s.data(), a.data(), {0, 1, 2}, least.data());
    }
    least.insert(least.end(), daction.begin(), daction.end());
    return least;
  };
  Team team(3);
  const std::vector<float> alone = trained(nullptr, 1.0f);
  EXPECT_EQ(trained(&team, 1.0f), alone);
  EXPECT_NE(trained(&team, 1.5f), alone);
}

INSTANTIATE_TEST_SUITE_P(BackEnds, CriticsInTraining, ::testing::ValuesIn(Cases()), [](const auto& param_info) {
  return param_info.param.device + (param_info.param.layer_norm ? "LayerNorm" : "Plain");
});

}  // namespace
}  // namespace equipoise::learn
