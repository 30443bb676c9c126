// Imagination in feed-forward models: against the reference, row by row, forwards and back to a policy's weights, on
// every back end; beliefs that change from step to step; rewards that are drawn.
#include <gtest/gtest.h>

#include "engine/model/feedforward/bayes_mlp.h"
#include "engine/model/feedforward/bayes_mlp_settings.h"
#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "engine/model/feedforward/deterministic_mlp.h"
#include "engine/model/feedforward/deterministic_mlp_settings.h"
#include "engine/model/imagination.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/model/feedforward/tiny_members.h"

namespace equipoise::model {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kSteps = 6, kRows = 9, S = test::kTinyStates, A = test::kTinyActions;

struct Case {
  const char* name;
  const nets::PartInfo& (*info)();
  Belief beliefs;         // row r under belief r % count
  bool changing = false;  // under others in every step
  bool wrapped = false, detach = false, clamps = false;
};

config::Settings SmallSettings() {
  config::Settings s;
  s.Of<DeterministicMlpSettings>().hidden = 12;
  auto& ensemble = s.Of<BootstrapEnsembleSettings>();
  ensemble.members = 4;
  ensemble.hidden = 12;
  s.Of<BayesMlpSettings>().hidden = 12;
  s.Of<BayesMlpSettings>().rho = -2;
  return s;
}

class RolledMembers : public ::testing::TestWithParam<Case> {
 protected:
  RolledMembers() {
    Stream stream(3, "policy");
    policy = nets::Policy(S, A, 16, 2, 0.0, stream);
    policy.mean = {0.1f, -0.2f, 0.05f};
    policy.sd = {0.4f, 0.6f, 0.5f};
    if (GetParam().wrapped) {
      replay::Normaliser n = model->normaliser();
      n.x_sd[1] = 1.0f;  // so that half a turn lies well inside of what is clamped
      model->Refit(n, false);
      for (size_t i = 1; i < start.size(); i += 3) start[i] = i % 2 == 0 ? 3.1f : -3.1f;
    }
    if (GetParam().clamps) {
      for (Member& member : model->members())
        member.net.at(member.net.layout.Find("b_out"))[1] = 11.0f;  // a mean delta beyond the limit
      for (size_t i = 0; i < start.size(); i += 3) start[i] = 9.9f;
    }
    Stream beliefs(4, "changing");
    for (int64_t i = 0; i < kSteps * kRows; ++i)
      belief_of.push_back(static_cast<int32_t>(beliefs.Below(static_cast<uint32_t>(GetParam().beliefs.count))));
    inputs = {kRows, kSteps, start.data(), nullptr, &GetParam().beliefs, action_noise.data(), dynamics_noise.data()};
    if (GetParam().changing) inputs.belief_of = belief_of.data();
  }
  std::vector<std::vector<size_t>> BeliefOf() const {
    std::vector<std::vector<size_t>> of;
    for (int64_t t = 0; t < kSteps; ++t) {
      std::vector<size_t>& now = of.emplace_back();
      for (int64_t r = 0; r < kRows; ++r) {
        const int64_t belief =
            GetParam().changing ? belief_of[static_cast<size_t>(t * kRows + r)] : r % GetParam().beliefs.count;
        now.push_back(static_cast<size_t>(belief));
      }
    }
    return of;
  }
  ReferenceTrajectory Reference(const at::Tensor& flat) const {
    const ReferenceUnits units = test::UnitsOf(*model);
    const at::Tensor raw = Double(start.data(), {kRows, S}) * units.x_sd.narrow(0, 0, S) + units.x_mean.narrow(0, 0, S);
    return ReferenceImagine(units, test::RowByRow(test::ReferencesOf(*model, GetParam().beliefs), BeliefOf()),
                            test::ReferenceOf(policy, flat), raw, Double(action_noise.data(), {kSteps, kRows, A}),
                            Double(dynamics_noise.data(), {kSteps, kRows, S}), GetParam().detach);
  }
  at::Tensor Z(const ReferenceTrajectory& t) const {
    const ReferenceUnits u = test::UnitsOf(*model);
    return (t.state - u.x_mean.narrow(0, 0, S)) / u.x_sd.narrow(0, 0, S);
  }
  at::Tensor Reward(const ReferenceTrajectory& t) const {
    const ReferenceUnits u = test::UnitsOf(*model);
    return (t.reward - u.y_mean[S]) / u.y_sd[S];
  }
  // A loss that touches every state, reward and log-density, each with a weight of its own.
  at::Tensor Loss(const at::Tensor& flat) const {
    const ReferenceTrajectory t = Reference(flat);
    return (Z(t) * Double(dz.data(), {kSteps + 1, kRows, S})).sum() +
           (Reward(t) * Double(dreward.data(), {kSteps, kRows})).sum() +
           (t.log_prob * Double(dlog_prob.data(), {kSteps, kRows})).sum();
  }

  replay::EpisodeBuffer data = test::TinyBuffer(4, kSteps);
  std::unique_ptr<FeedForward> model = test::TinyMembers<FeedForward>(
      GetParam().info(), data, SmallSettings(), GetParam().wrapped ? std::vector<int>{1} : std::vector<int>{});
  nets::Policy policy;
  std::vector<float> start = Normals(kRows * S, "start", 0.3f), action_noise = Normals(kSteps * kRows * A, "act"),
                     dynamics_noise = Normals(kSteps * kRows * S, "dyn", 0.2f),
                     dz = Normals((kSteps + 1) * kRows * S, "dz"), dreward = Normals(kSteps * kRows, "dreward"),
                     dlog_prob = Normals(kSteps * kRows, "dlog_prob");
  std::vector<int32_t> belief_of;
  ImaginationInputs inputs;
};

TEST_P(RolledMembers, FollowTheReferenceStepByStep) {
  Imagination imagination(*model, policy);
  imagination.Run(inputs, Keep::kGradients);
  const ReferenceTrajectory want = Reference(Double(policy.net.values));
  EXPECT_LT(test::RelativeError(imagination.z(0), Z(want)), 2e-6);
  EXPECT_LT(test::RelativeError(imagination.log_prob(0), want.log_prob), 5e-6);
  const at::Tensor returns = want.reward.sum(0);
  for (int64_t r = 0; r < kRows; ++r)
    EXPECT_NEAR(imagination.Returns()[static_cast<size_t>(r)], returns[r].item<double>(), 1e-4);
  EXPECT_EQ(imagination.clamped_fraction() > 0, GetParam().clamps);
  EXPECT_NEAR(imagination.clamped_fraction(), want.clamped.item<double>() / (kSteps * kRows * S), 1e-12);
  // Nothing kept, and again, whatever the first run left behind.
  Imagination light(*model, policy);
  for (int k = 0; k < 2; ++k) {
    light.Run(inputs, Keep::kReturns);
    EXPECT_EQ(light.Returns(), imagination.Returns());
  }
}

TEST_P(RolledMembers, GradientOfThePolicyAgreesWithAutogradThroughTheReference) {
  Imagination imagination(*model, policy);
  imagination.Run(inputs, Keep::kGradients);
  std::vector<float> gradient(policy.net.values.size(), 0.0f);
  imagination.Backward(dz.data(), dreward.data(), dlog_prob.data(), GetParam().detach, gradient.data());
  const at::Tensor want = test::Gradient(Double(policy.net.values), [&](auto& p) { return Loss(p); });
  EXPECT_LT(test::WorstBlockError(policy.net.layout, gradient, want), 2e-5);
}

// What a planner climbs.
class GivenToMembers : public RolledMembers {};

TEST_P(GivenToMembers, GradientOfActionsAgreesWithFiniteDifferences) {
  std::vector<float> actions = Normals(kSteps * kRows * A, "given", 0.4f);
  const auto returns = [&](std::vector<float>* of) {
    Imagination rolled(*model, std::make_unique<GivenActions>(of->data(), kRows, A));
    ImaginationInputs in = inputs;
    in.action_noise = nullptr;
    rolled.Run(in, Keep::kReturns);
    return rolled.Returns();
  };
  const auto rollout = model->NewRollout();
  rollout->SetBeliefs(inputs.belief_of);
  rollout->Begin(kRows, kSteps, true, inputs.beliefs, nullptr);
  std::vector<std::vector<float>> z(kSteps + 1, start);
  std::vector<float> reward(kRows), one(kRows, model->normaliser().y_sd[S]), gradient(kRows * S, 0.0f),
      daction(kRows * A);
  for (int64_t t = 0; t < kSteps; ++t)
    rollout->Step(t, z[static_cast<size_t>(t)].data(), actions.data() + t * kRows * A,
                  dynamics_noise.data() + t * kRows * S, z[static_cast<size_t>(t) + 1].data(), reward.data());
  for (int64_t t = kSteps - 1; t >= 0; --t) {
    rollout->StepBackward(t, z[static_cast<size_t>(t) + 1].data(), dynamics_noise.data() + t * kRows * S, one.data(),
                          gradient.data(), daction.data());
    for (const int64_t r : {int64_t{0}, kRows - 1}) {
      float& a = actions[static_cast<size_t>((t * kRows + r) * A)];
      const float was = a, h = 0.01f;
      a = was + h;
      const double up = returns(&actions)[static_cast<size_t>(r)];
      a = was - h;
      const double down = returns(&actions)[static_cast<size_t>(r)];
      a = was;
      EXPECT_NEAR(daction[static_cast<size_t>(r * A)], (up - down) / (2 * h),
                  2e-2 * std::fabs(up - down) / (2 * h) + 2e-3)
          << t;
    }
  }
}

TEST_P(RolledMembers, RewardsAreDrawnAroundTheirMeansAndNothingElseChanges) {
  Imagination mean(*model, policy), drawn(*model, policy);
  mean.Run(inputs, Keep::kSteps);
  const std::vector<float> noise = Normals(kSteps * kRows, "reward");
  ImaginationInputs in = inputs;
  in.reward_noise = noise.data();
  drawn.Run(in, Keep::kSteps);
  const auto belief_of_row = BeliefOf();
  const std::vector<ReferenceMember> references = test::ReferencesOf(*model, GetParam().beliefs);
  for (int64_t t = 0; t < kSteps; ++t) {
    for (int64_t r = 0; r < kRows; ++r) {
      const auto i = static_cast<size_t>(t * kRows + r);
      // The reference's spread at the state that was imagined.
      at::Tensor x = at::cat({Double(mean.z(t) + r * S, {1, S}), (Double(mean.action(t) + r * A, {1, A}) -
                                                                  Double(model->normaliser().x_mean).narrow(0, S, A)) /
                                                                     Double(model->normaliser().x_sd).narrow(0, S, A)},
                             1);
      const double sd = ReferenceStep(references[belief_of_row[static_cast<size_t>(t)][static_cast<size_t>(r)]], x)
                            .sd[0][S]
                            .item<double>();
      EXPECT_NEAR(drawn.reward(t)[r], mean.reward(t)[r] + sd * noise[i], 1e-5);
      EXPECT_EQ(sd > 0, model->has_spread());
    }
  }
  EXPECT_EQ(std::vector<float>(drawn.z(0), drawn.z(0) + (kSteps + 1) * kRows * S),
            std::vector<float>(mean.z(0), mean.z(0) + (kSteps + 1) * kRows * S));
}

class HeldMembers : public RolledMembers {};

TEST_P(HeldMembers, AreTheSameOnEveryBackEnd) {
  Imagination own(*model, policy);
  own.Run(inputs, Keep::kGradients);
  const at::Tensor want = test::Gradient(Double(policy.net.values), [&](auto& p) { return Loss(p); });
  for (const std::string& device : test::BackEnds()) {
    const ModelParts& parts = test::PartsOf(device);
    const auto weights = parts.NewWeights(&policy.net, nullptr);
    const auto gradient = weights->NewGradient();
    const auto imagined = parts.NewTrajectories(*model, policy, *weights, GetParam().detach);
    imagined->Run(inputs);
    imagined->Backward(dz.data(), dreward.data(), dlog_prob.data(), gradient.get());
    EXPECT_LT(test::RelativeError(imagined->z(0), Double(own.z(0), {kSteps + 1, kRows, S})), 5e-6) << device;
    // Adam's first moment of one step is a tenth of the gradient.
    nets::Parameters copy = policy.net;
    nets::Adam adam(copy.layout.total());
    const auto stepped = parts.NewWeights(&copy, &adam);
    const auto sum = stepped->NewGradient();
    sum->Add(*gradient, 10.0f);
    stepped->Step(0, *sum, 0, 0);
    stepped->Store();
    EXPECT_LT(test::WorstBlockError(copy.layout, adam.m, want), 2e-5) << device;
    if (const auto returns = parts.NewReturns(*model, policy)) {
      returns->Run(inputs);
      for (size_t r = 0; r < kRows; ++r) EXPECT_NEAR(returns->Returns()[r], own.Returns()[r], 1e-4) << device;
    }
  }
}

std::vector<Case> Cases() {
  const Belief one{1, {0}}, same{3, {0, 0, 0}}, members{5, {2, 0, 3, 2, 0}};
  const Belief draw{1, {7, 16777215}}, draws{4, {7, 1, 0, 2, 7, 1, 9, 16777215}};  // one of them twice
  return {{"MlpOneBelief", DeterministicMlpInfo, one},
          {"MlpManyBeliefs", DeterministicMlpInfo, same},
          {"MlpAngle", DeterministicMlpInfo, one, false, true},
          {"MlpDetached", DeterministicMlpInfo, one, false, false, true},
          {"MlpClamps", DeterministicMlpInfo, one, false, false, false, true},
          {"MlpChanging", DeterministicMlpInfo, same, true},
          {"EnsembleOneMember", BootstrapEnsembleInfo, {1, {3}}},
          {"EnsembleMembers", BootstrapEnsembleInfo, members},
          {"EnsembleAngle", BootstrapEnsembleInfo, members, false, true},
          {"EnsembleDetached", BootstrapEnsembleInfo, members, false, false, true},
          {"EnsembleClamps", BootstrapEnsembleInfo, members, false, false, false, true},
          {"EnsembleChanging", BootstrapEnsembleInfo, members, true, true},
          {"BayesOneDraw", BayesMlpInfo, draw},
          {"BayesDraws", BayesMlpInfo, draws},
          {"BayesAngle", BayesMlpInfo, draws, false, true},
          {"BayesDetached", BayesMlpInfo, draws, false, false, true},
          {"BayesClamps", BayesMlpInfo, draw, false, false, false, true},
          {"BayesChanging", BayesMlpInfo, draws, true, true}};
}

// A clamp has no derivative that differences would show; training holds a belief along a trajectory.
std::vector<Case> Without(bool Case::*trait) {
  std::vector<Case> cases = Cases();
  cases.erase(std::remove_if(cases.begin(), cases.end(), [trait](const Case& c) { return c.*trait; }), cases.end());
  return cases;
}
std::string NameOf(const ::testing::TestParamInfo<Case>& named) { return named.param.name; }

INSTANTIATE_TEST_SUITE_P(FeedForward, RolledMembers, ::testing::ValuesIn(Cases()), NameOf);
INSTANTIATE_TEST_SUITE_P(FeedForward, GivenToMembers, ::testing::ValuesIn(Without(&Case::clamps)), NameOf);
INSTANTIATE_TEST_SUITE_P(FeedForward, HeldMembers, ::testing::ValuesIn(Without(&Case::changing)), NameOf);

}  // namespace
}  // namespace equipoise::model
