// An actor that climbs a model: its gradient against automatic gradients in double precision, in learned networks and in
// an exact linear world, on every back end; and where there is no step to climb.
#include "engine/learn/expanded/expanded_actor.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/agent/controllers/policy_controller.h"
#include "engine/learn/sac.h"
#include "engine/learn/sac_settings.h"
#include "engine/learn/svg/svg_settings.h"
#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "engine/model/feedforward/deterministic_mlp.h"
#include "engine/model/feedforward/deterministic_mlp_settings.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/known_worlds.h"
#include "tests/engine/learn/reference_losses.h"
#include "tests/engine/learn/said.h"
#include "tests/engine/model/feedforward/tiny_members.h"
#include "tests/engine/model/scalar_model.h"

namespace equipoise::learn {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kRows = 12, S = test::kTinyStates, A = test::kTinyActions;
constexpr double kGamma = 0.9, kAlpha = 0.3;

// Actor and critics of no training, each away from special values.
struct Pair {
  Pair(int64_t states, int64_t actions, nets::Activation activation, float scale = 1.0f) {
    Stream init(5, "pair");
    policy = nets::Policy({states, actions, 16, 2, activation, nets::Spread{nets::Spread::Kind::kLogClamp, 0}}, init);
    for (size_t j = 0; j < policy.mean.size(); ++j) {
      policy.mean[j] = 0.1f * static_cast<float>(j);
      policy.sd[j] = scale * (1.0f + 0.25f * static_cast<float>(j));
    }
    for (int j = 0; j < 2; ++j)
      critics.emplace_back(nets::MlpSpec{states + actions, 12, 2, 1, nets::Activation::kTanh}, init);
    adam = nets::Adam(policy.net.layout.total());
  }
  ReferenceCritics Reference() const {
    ReferenceCritics all{critics.front().spec, {}};
    for (const TargetedNet& critic : critics)
      all.blocks.push_back(nets::ReferenceBlocks(critic.net.layout, Double(critic.net.values)));
    return all;
  }
  // One update on a back end; afterwards the gradient is what the first moments say.
  ExpandedActor::Climbed Climb(const model::ModelParts& parts, const model::WorldModel& model, const float* s,
                               const float* noise, int64_t rows, int horizon, CriticValue value) {
    before = policy;
    GaussianActor actor(parts, &policy, &adam, rows);
    Critics learned(parts, &critics, policy.states(), policy.actions(), rows, nullptr);
    ExpandedActor climbing(parts, model, policy, &actor, &learned, rows, horizon);
    const ExpandedActor::Climbed climbed = climbing.Update(s, noise, {value, kGamma, kAlpha}, 1e-3);
    actor.Store();
    for (const float m : adam.m) gradient.push_back(10 * m);
    return climbed;
  }
  nets::Policy policy, before;
  std::vector<TargetedNet> critics;
  nets::Adam adam;
  std::vector<float> gradient;
};

struct Case {
  std::string device;
  bool many;
  int horizon;
  CriticValue value;
};
std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const std::string& device : test::BackEnds())
    for (const bool many : {false, true})
      for (const int horizon : {2, 3, 5})
        cases.push_back({device, many, horizon, horizon == 5 ? CriticValue::kMean : CriticValue::kLeast});
  return cases;
}
std::string NameOf(const testing::TestParamInfo<Case>& info) {
  return info.param.device + (info.param.many ? "Ensemble" : "Mlp") + std::to_string(info.param.horizon);
}

class Climbing : public testing::TestWithParam<Case> {
 protected:
  Climbing() {
    config::Settings s;
    auto& mlp = s.Of<model::DeterministicMlpSettings>();
    auto& ensemble = s.Of<model::BootstrapEnsembleSettings>();
    mlp.hidden = ensemble.hidden = 12;
    mlp.layers = ensemble.layers = 2;
    ensemble.members = 3;
    const auto& parts = test::PartsOf(GetParam().device);
    if (GetParam().many) {
      model = test::TinyMembers<model::FeedForward>(model::BootstrapEnsembleInfo(), data, s, {}, parts);
    } else {
      model = test::TinyMembers<model::FeedForward>(model::DeterministicMlpInfo(), data, s, {}, parts);
    }
  }
  replay::EpisodeBuffer data = test::TinyBuffer(6, 8);
  std::unique_ptr<model::FeedForward> model;
};

TEST_P(Climbing, FollowsRewardsValueAndEntropyThroughTheModel) {
  const int H = GetParam().horizon;
  const auto s = Normals(kRows * S, "s", 0.4f), noise = Normals(H * kRows * A, "noise");
  Pair pair(S, A, nets::Activation::kTanh);
  const ExpandedActor::Climbed climbed =
      pair.Climb(test::PartsOf(GetParam().device), *model, s.data(), noise.data(), kRows, H, GetParam().value);

  std::vector<size_t> member;
  for (int64_t r = 0; r < kRows; ++r) member.push_back(static_cast<size_t>(r % model->beliefs_limit()));
  const at::Tensor eps = Double(noise.data(), {H, kRows, A}), flat = Double(pair.before.net.values);
  struct Seen {
    model::ReferenceTrajectory trajectory;
    nets::ReferenceSample last;
    at::Tensor value, loss;
  };
  auto see = [&](const at::Tensor& weights) {
    const nets::ReferencePolicy policy = test::ReferenceOf(pair.before, weights);
    Seen seen{model::ReferenceImagine(test::UnitsOf(*model), test::RowByRow(*model, {member}), policy,
                                      Double(s.data(), {kRows, S}), eps.narrow(0, 0, H - 1),
                                      at::zeros({H - 1, kRows, S}, at::kDouble), false),
              {},
              {},
              {}};
    const at::Tensor& x = seen.trajectory.states.back();
    seen.last = nets::ReferenceAct(policy, x, eps[H - 1]);
    seen.value = ReferenceActorValue(ReferenceAllQ(pair.Reference(), x, seen.last.action),
                                     GetParam().value == CriticValue::kMean);
    at::Tensor sum = std::pow(kGamma, H - 1) * (seen.value - kAlpha * seen.last.log_prob);
    for (int t = 0; t + 1 < H; ++t)
      sum = sum + std::pow(kGamma, t) * (seen.trajectory.reward[t] - kAlpha * seen.trajectory.log_prob[t]);
    seen.loss = -sum.mean() / H;
    return seen;
  };
  const at::Tensor want = test::Gradient(flat, [&](const at::Tensor& p) { return see(p).loss; });
  EXPECT_LT(test::WorstBlockError(pair.policy.net.layout, pair.gradient, want), 3e-5);
  EXPECT_NEAR(climbed.norm, want.norm().item<double>(), 1e-5 * climbed.norm);

  const Seen seen = see(flat.detach().clone().requires_grad_(true));
  EXPECT_NEAR(climbed.end.mean, seen.value.mean().item<double>(), 1e-5);
  EXPECT_NEAR(climbed.entropy, -seen.trajectory.log_prob[0].mean().item<double>(), 1e-5);
  EXPECT_EQ(climbed.clamped_fraction, 0);
  ASSERT_EQ(climbed.value_gradient.size(), static_cast<size_t>(H - 1));
  for (int t = 1; t < H; ++t) seen.trajectory.states[static_cast<size_t>(t)].retain_grad();
  seen.loss.backward();
  const at::Tensor sd = Double(model->normaliser().x_sd).narrow(0, 0, S);
  for (int t = 1; t < H; ++t) {
    const double owed =
        (seen.trajectory.states[static_cast<size_t>(t)].grad() * sd).norm(2, 1).sum().item<double>() * H;
    EXPECT_NEAR(climbed.value_gradient[static_cast<size_t>(t - 1)], owed, 1e-4 * owed) << t;
  }
}

INSTANTIATE_TEST_SUITE_P(BackEnds, Climbing, testing::ValuesIn(Cases()), NameOf);

// s' = .9 s + .5 a, r = -(s^2 + .1 a^2), written out in double: against differences of the loss itself.
TEST(ExpandedActor, ClimbsTheExactLinearWorldAsItsLossDiffers) {
  const test::ScalarModel model(0.9);
  for (const int H : {2, 3}) {
    const auto s = Normals(kRows, "s", 0.6f), noise = Normals(H * kRows, "noise");
    Pair pair(1, 1, nets::Activation::kTanh, 0.5f);
    pair.Climb(model::CpuParts(), model, s.data(), noise.data(), kRows, H, CriticValue::kLeast);
    const auto loss = [&](const at::Tensor& weights) {
      const nets::ReferencePolicy policy = test::ReferenceOf(pair.before, weights);
      at::Tensor x = Double(s.data(), {kRows, 1}), sum = at::zeros({kRows}, at::kDouble);
      double pay = 1;
      for (int t = 0; t < H; ++t, pay *= kGamma) {
        const nets::ReferenceSample did = nets::ReferenceAct(policy, x, Double(noise.data() + t * kRows, {kRows, 1}));
        sum = sum - pay * kAlpha * did.log_prob;
        if (t + 1 == H) {
          sum = sum + pay * ReferenceAllQ(pair.Reference(), x, did.action).amin(0);
        } else {
          sum = sum - pay * (x.square() + 0.1 * did.action.square()).squeeze(1);
          x = 0.9 * x + 0.5 * did.action;
        }
      }
      return -sum.mean() / H;
    };
    const at::Tensor flat = Double(pair.before.net.values), v = Double(Normals(flat.numel(), "v"));
    EXPECT_LT(test::WorstBlockError(pair.policy.net.layout, pair.gradient, test::Gradient(flat, loss)), 2e-5) << H;
    const double want = test::DirectionalDifference(flat, v, 1e-6, loss);
    EXPECT_NEAR((Double(pair.gradient) * v).sum().item<double>(), want, 1e-4 * std::fabs(want)) << H;
  }
}

// A model that must not be asked.
class Silent : public test::ScalarModel {
 public:
  explicit Silent(bool trained) : ScalarModel(0.9), trained_(trained) {
    for (auto* x : {&units_.x_mean, &units_.y_mean}) x->assign(S + A, 0.0f);
    for (auto* x : {&units_.x_sd, &units_.y_sd}) x->assign(S + A, 1.0f);
  }
  int64_t states() const override { return S; }
  int64_t actions() const override { return A; }
  const replay::Normaliser& normaliser() const override { return units_; }
  bool trained() const override { return trained_; }
  std::unique_ptr<model::Rollout> NewRollout() const override { EQ_CHECK(false, "nobody asks this model"); }

 private:
  bool trained_;
  replay::Normaliser units_;
};

TEST(ExpandedActor, WithNothingToClimbTheModelIsNotAskedAndTheLearnerIsSacToTheBit) {
  config::Settings s;
  s.run.seed = 4;
  auto& sac = s.Of<SacSettings>();
  sac.hidden = 8;
  sac.batch = 16;
  auto& svg = s.Of<SvgSettings>();
  const replay::EpisodeBuffer data = test::TinyBuffer(5, 8);
  const auto trained = [&](const model::WorldModel* ahead) {
    SacLearner learner(S, A, s, model::CpuParts(), nullptr, {ahead, nullptr});
    learner.Train({data, s, 7, 6, [](int, int) {}});
    ArchiveWriter out;
    learner.Save(out);
    return out.Finish();
  };
  const std::string alone = trained(nullptr);
  svg.horizon = 3;
  EXPECT_EQ(trained(nullptr), alone) << "without a model no setting of it counts";
  const Silent untrained(false), silent(true);
  EXPECT_EQ(trained(&untrained), alone);
  svg.warm_up = 6;
  EXPECT_EQ(trained(&silent), alone) << "5 episodes are not 6";
  svg.warm_up = 5;
  EXPECT_THROW(trained(&silent), InternalError);
  svg.horizon = 1;
  EXPECT_EQ(trained(&silent), alone);
}

TEST(ExpandedActor, SaysWhereItsModelLeadsItAstray) {
  config::Settings s;
  s.Of<SvgSettings>().horizon = 4;
  const auto found = [&](std::map<std::string, double> means) {
    means["sac.alpha"] = 0.1;
    std::vector<std::string> ids;
    for (const nets::Finding& finding : ClimbingSacInfo().findings(test::Said(s, means))) ids.push_back(finding.id);
    return ids;
  };
  using Ids = std::vector<std::string>;
  const std::map<std::string, double> sound = {
      {"sac.clamped_fraction", 0}, {"sac.value_gradient_1", 3}, {"sac.value_gradient_3", 1}};
  EXPECT_EQ(found({}), Ids{}) << "nothing is known yet";
  EXPECT_EQ(found(sound), Ids{});
  std::map<std::string, double> wrong = sound;
  wrong["sac.clamped_fraction"] = 0.02;
  EXPECT_EQ(found(wrong), Ids{"sac.climbs-beyond-data"});
  wrong = sound;
  wrong["sac.value_gradient_1"] = 30;
  EXPECT_EQ(found(wrong), Ids{"sac.value-gradient-grows"});
  s.Of<SvgSettings>().horizon = 1;
  EXPECT_EQ(found(wrong), Ids{}) << "no model, no blame";
}

// Through a network that learns the world beside it.
TEST(ExpandedActor, MastersTheDoubleIntegrator) {
  config::Settings s;
  s.run.seed = 3;
  s.Of<SvgSettings>().horizon = 3;
  auto& sac = s.Of<SacSettings>();
  sac.hidden = 64;
  sac.batch = 64;
  sac.updates_per_step = 2;
  sac.critic_lr = sac.actor_lr = 0.001;
  sac.tau = 0.01;
  sac.entropy_auto = false;
  sac.entropy_bonus = 0.001;
  sac.layer_norm = false;
  sac.entropy_in_target = true;
  sac.actor_activation = "relu";
  sac.sd = "log-clamp";
  auto& mlp = s.Of<model::DeterministicMlpSettings>();
  mlp.hidden = 32;
  mlp.steps = 50;
  mlp.batch = 64;
  test::Life life(test::DoubleIntegrator(), s);
  const auto model = model::DeterministicMlpInfo().new_model({2, 1, {}, &model::CpuParts()}, s);
  SacLearner learner(2, 1, s, model::CpuParts(), nullptr, {model.get(), nullptr});
  agent::PolicyController controller(learner);
  life.ActRandomly();
  std::vector<double> returns;
  for (int i = 0; i < 60; ++i) {
    life.Train(model.get());
    returns.push_back(life.Learn(&learner, &controller, 1).front());
  }
  EXPECT_GT(test::MeanOfLast(returns, 20), -0.5);
  EXPECT_EQ(learner.info().id, "sac");
}

}  // namespace
}  // namespace equipoise::learn
