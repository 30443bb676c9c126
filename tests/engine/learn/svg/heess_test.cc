// Value gradients along recorded steps as a learner: weights by hand, and worlds that it has to master.
#include "engine/learn/svg/heess.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/agent/controllers/policy_controller.h"
#include "engine/learn/on_policy.h"
#include "engine/learn/svg/heess_settings.h"
#include "engine/learn/svg/svg_settings.h"
#include "engine/model/feedforward/deterministic_mlp.h"
#include "engine/model/feedforward/deterministic_mlp_settings.h"
#include "tests/engine/known_worlds.h"
#include "tests/engine/learn/said.h"
#include "tests/engine/model/scalar_model.h"

namespace equipoise::learn {
namespace {

config::Settings Small(const std::string& kind) {
  config::Settings s;
  s.run.seed = 3;
  s.Of<SvgSettings>().kind = kind;
  auto& own = s.Of<HeessSettings>();
  own.hidden = 64;
  own.batch = 64;
  own.updates_per_step = 2;
  own.actor_lr = own.value_lr = 0.001;
  own.tau = 0.01;
  own.entropy_bonus = 0.01;
  own.entropy_lr = 0.003;
  auto& mlp = s.Of<model::DeterministicMlpSettings>();
  mlp.hidden = 32;
  mlp.steps = 50;
  mlp.batch = 64;
  return s;
}

std::unique_ptr<model::WorldModel> ModelOf(const config::Settings& s, int64_t states) {
  if (s.Of<SvgSettings>().kind == "0") return nullptr;
  return model::DeterministicMlpInfo().new_model({states, 1, {}, &model::CpuParts()}, s);
}

struct Learning {
  Learning(const config::Settings& s, int64_t states)
      : model(ModelOf(s, states)), learner(Make(s, states, model.get())) {}
  static HeessLearner Make(const config::Settings& s, int64_t states, const model::WorldModel* model) {
    const bool own = s.Of<SvgSettings>().kind == "inf";
    return HeessLearner(states, 1, s, model::CpuParts(), model,
                        own ? std::make_unique<NewestEpisodes>("heess", 2) : nullptr);
  }
  std::unique_ptr<model::WorldModel> model;
  HeessLearner learner;
};

// Of kind 1 with one hidden layer: it acts by u = slope s + sigma eps from here on, to 1 % where |s| < 1, and its value is new.
void ActBy(double slope, double sigma, const config::Settings& s, HeessLearner* learner) {
  constexpr double kLinear = 0.1;  // of tanh
  nets::Policy policy = learner->policy();
  ASSERT_EQ(policy.spec.layers, 1);
  for (int block = 0; block < policy.net.layout.size(); ++block) policy.net.Fill(block, 0.0f);
  policy.net.at(policy.net.layout.Find("w0"))[0] = static_cast<float>(kLinear);
  policy.net.at(policy.net.layout.Find("w_out"))[0] = static_cast<float>(slope / kLinear);
  policy.net.at(policy.net.layout.Find("b_out"))[1] = static_cast<float>(std::log(sigma));
  const auto& own = s.Of<HeessSettings>();
  Stream init(1, "value");
  const TargetedNet value({policy.states(), own.hidden, own.layers, 1, nets::Activation::kTanh}, init);
  ArchiveWriter out;
  policy.Save(out, "heess.policy");
  nets::Adam(policy.net.layout.total()).Save(out, "heess.actor_adam");
  Save(value, {"heess.value", "heess.target", "heess.value_adam"}, out);
  Temperature(own.entropy_bonus).Save(out, "heess.temperature");
  learner->Load(ArchiveReader::Parse(out.Finish(), "memory").value());
}

// Of one step with a = 0: under m = 0 and sigma = 1 it has the density 1 / sqrt(2 pi), and had 1/2.
TEST(Heess, WeighsRandomActionsAgainstUniformOnes) {
  config::Settings s = Small("1");
  auto& own = s.Of<HeessSettings>();
  own.hidden = 4;
  own.layers = 1;
  own.actor_lr = 0;
  replay::EpisodeBuffer data(1, 1, 1, {}, 1);
  replay::Episode episode;
  episode.states = {0.3f, 0.4f};
  episode.actions = {0.0f};
  episode.rewards = {1.0f};
  data.Append(episode);
  const test::ScalarModel model(0.9);
  HeessLearner learner(1, 1, s, model::CpuParts(), &model);
  ActBy(0, 1, s, &learner);
  const auto trained = [&] { return learner.Train({data, s, 1, 1, [](int, int) {}}).scalars; };
  const double weight = 2 / std::sqrt(2 * M_PI);
  EXPECT_NEAR(trained().at("heess.weight"), weight, 1e-5);
  EXPECT_EQ(trained().at("heess.weight_capped"), 0);
  // What tanh makes of a unit normal is at .76 a 1.15 times as often as an action by chance.
  own.weight_cap = 1;
  episode.actions = {0.76f};
  replay::EpisodeBuffer far(1, 1, 1, {}, 1);
  far.Append(episode);
  const auto scalars = learner.Train({far, s, 1, 1, [](int, int) {}}).scalars;
  EXPECT_EQ(scalars.at("heess.weight_capped"), 1);
  EXPECT_NEAR(scalars.at("heess.weight"), 1, 1e-6);
}

TEST(Heess, WeighsThePolicysOwnActionsAsTheyAre) {
  config::Settings s = Small("1");
  s.Of<HeessSettings>().actor_lr = 0;
  s.run.random_episodes = 0;
  test::Life life(test::DoubleIntegrator(), s);
  const auto model = ModelOf(s, 2);
  HeessLearner learner(2, 1, s, model::CpuParts(), model.get());
  agent::PolicyController controller(learner);
  for (int i = 0; i < 3; ++i) life.Act(&controller, 2);
  EXPECT_FALSE(learner.ready()) << "its model knows nothing yet";
  life.Train(model.get());
  EXPECT_TRUE(learner.ready());
  const nets::TrainReport report = learner.Train({life.data(), s, 1, 3, [](int, int) {}});
  EXPECT_NEAR(report.scalars.at("heess.weight"), 1, 1e-5);
}

// Actions by chance have an entropy of log 2, and are of a density of e^-50 and less under this policy.
TEST(Heess, TellsItsOwnEntropyNotThatOfWhatWasDone) {
  config::Settings s = Small("1");
  s.Of<HeessSettings>().actor_lr = 0;
  s.Of<HeessSettings>().layers = 1;
  s.run.random_episodes = 5;
  test::Life life(test::ScalarLq(), s);
  life.ActRandomly();
  const test::ScalarModel model(0.9);
  HeessLearner learner(1, 1, s, model::CpuParts(), &model);
  constexpr double kSigma = 0.1;
  ActBy(0, kSigma, s, &learner);
  const nets::TrainReport report = learner.Train({life.data(), s, 1, 200, [](int, int) {}});
  // Of the Gaussian, and of tanh: E log(1 - tanh^2) = -sigma^2 to 1 %.
  const double entropy = 0.5 * std::log(2 * M_PI * M_E * kSigma * kSigma) - kSigma * kSigma;
  EXPECT_NEAR(report.scalars.at("heess.entropy"), entropy, 0.03);
}

// In the scalar world, of u = -.5 s + .2 eps: V = -1.653893 s^2 - c, c = (.1 + .9 1.653893 .25) .04 / .1 = .1889. Of
// actions by chance it would be -3.69 s^2 - 3.10.
TEST(Heess, ValuesThePolicyThatItHasByActionsThatAnotherDid) {
  config::Settings s = Small("1");
  s.run.random_episodes = 40;
  auto& own = s.Of<HeessSettings>();
  own.gamma = 0.9;
  own.tau = 0.05;
  own.layers = 1;
  own.actor_lr = 0;
  test::Life life(test::ScalarLq(), s);
  life.ActRandomly();
  const test::ScalarModel model(0.9);
  HeessLearner learner(1, 1, s, model::CpuParts(), &model);
  ActBy(-0.5, 0.2, s, &learner);
  learner.Train({life.data(), s, 1, 8000, [](int, int) {}});
  for (const float state : {-1.0f, 0.0f, 1.0f})
    EXPECT_NEAR(learner.V(&state, 1)[0], -1.653893 * state * state - 0.1889, 0.25) << state;
}

class Kinds : public testing::TestWithParam<std::string> {};

TEST_P(Kinds, MasterTheDoubleIntegrator) {
  const config::Settings s = Small(GetParam());
  test::Life life(test::DoubleIntegrator(), s);
  Learning made(s, 2);
  agent::PolicyController controller(made.learner);
  life.ActRandomly();
  std::vector<double> returns;
  for (int i = 0; i < 100; ++i) {
    if (made.model != nullptr) life.Train(made.model.get());
    returns.push_back(life.Learn(&made.learner, &controller, 1).front());
  }
  EXPECT_GT(test::MeanOfLast(returns, 20), -0.5);
}

INSTANTIATE_TEST_SUITE_P(Heess, Kinds, testing::Values("0", "1", "inf"),
                         [](const auto& param_info) { return "Kind" + param_info.param; });

// r = -(a - .3)^2, and all that is known are actions by chance. Where what was drawn is held against these as it is, the
// derivative is their mean, whatever the policy: it climbs to a = 1 and earns -.49.
class OffPolicy : public testing::TestWithParam<std::string> {};

TEST_P(OffPolicy, FindTheBestOfActionsThatOthersDid) {
  config::Settings s = Small(GetParam());
  s.run.random_episodes = 200;
  s.Of<HeessSettings>().updates_per_step = 10;
  test::Life life(test::Bandit(), s);
  life.ActRandomly();
  Learning made(s, 1);
  if (made.model != nullptr) life.Train(made.model.get());
  life.Train(&made.learner);
  agent::PolicyController controller(made.learner);
  double earned = 0;
  for (int i = 0; i < 50; ++i) earned += life.Act(&controller, 2) / 50;
  EXPECT_GT(earned, -0.03);
}

INSTANTIATE_TEST_SUITE_P(Heess, OffPolicy, testing::Values("0", "1"),
                         [](const auto& param_info) { return "Kind" + param_info.param; });

TEST(Heess, OfWholeEpisodesLearnsFromItsOwnEachOnce) {
  config::Settings s = Small("inf");
  s.Of<HeessSettings>().batch_episodes = 2;
  test::Life life(test::DoubleIntegrator(), s);
  Learning made(s, 2);
  agent::PolicyController controller(made.learner);
  life.ActRandomly();
  life.Train(made.model.get());
  int picked = 0;
  const auto due = [&] { return made.learner.NextWork({life.data(), s, picked}); };
  EXPECT_EQ(due(), 0) << "others acted";
  EXPECT_EQ(made.learner.Waiting({life.data(), s, 0}), "0 of 2 episodes");
  life.Act(&controller, 2);
  EXPECT_EQ(due(), 0);
  EXPECT_EQ(life.Train(&made.learner).scalars.at("heess.gathered"), 0.5);
  life.Act(&controller, 2);
  EXPECT_EQ(due(), 20);
  const nets::TrainReport report = life.Train(&made.learner);
  EXPECT_EQ(report.steps, 20);
  EXPECT_NEAR(report.scalars.at("heess.policy_noise"), 1, 0.2) << "it draws unit normals";
  EXPECT_EQ(due(), 0) << "these are behind it";
  s.Of<HeessSettings>().steps = 0;
  EXPECT_EQ(made.learner.Waiting({life.data(), s, 0}), "") << "frozen, it waits for nothing";
}

// A reward of 1 for ever is worth 1 / (1 - gamma), at the last step as well.
TEST(Heess, ValuesGoOnBehindTheTimeLimit) {
  config::Settings s = Small("1");
  s.run.random_episodes = 20;
  auto& own = s.Of<HeessSettings>();
  own.gamma = 0.9;
  own.tau = 0.05;
  own.actor_lr = 0;
  test::Life life(test::ConstantReward(), s);
  const auto model = ModelOf(s, 1);
  HeessLearner learner(1, 1, s, model::CpuParts(), model.get());
  agent::PolicyController controller(learner);
  life.ActRandomly();
  life.Train(model.get());
  life.Learn(&learner, &controller, 60);
  for (const float state : {-1.0f, -0.3f, 0.4f, 1.0f}) EXPECT_NEAR(learner.V(&state, 1)[0], 10, 0.3) << state;
}

TEST(Heess, SaysWhatIsWrongWithIt) {
  config::Settings s;
  s.Of<SvgSettings>().kind = "1";
  const auto found = [&](std::map<std::string, double> means, const char* name, double value) {
    means[name] = value;
    std::vector<std::string> ids;
    for (const nets::Finding& finding : HeessInfo().findings(test::Said(s, means))) {
      ids.push_back(finding.id);
      EXPECT_FALSE(finding.remedies.empty()) << finding.id;
    }
    return ids;
  };
  using Ids = std::vector<std::string>;
  const std::map<std::string, double> sound = {{"heess.weight", 1},
                                               {"heess.weight_capped", 0.1},
                                               {"heess.model_noise", 1},
                                               {"heess.value_gradient_first", 10},
                                               {"heess.value_gradient_last", 1}};
  EXPECT_EQ(found({}, "heess.value", NAN), Ids{}) << "nothing is known yet";
  EXPECT_EQ(found(sound, "heess.weight", 1), Ids{});
  EXPECT_EQ(found(sound, "heess.weight", 0.01), Ids{"heess.far-from-data"});
  EXPECT_EQ(found(sound, "heess.weight_capped", 0.95), Ids{"heess.far-from-data"});
  EXPECT_EQ(found(sound, "heess.model_noise", 5), Ids{"heess.model-spread"});
  EXPECT_EQ(found(sound, "heess.value_gradient_first", 1e6), Ids{}) << "of one step";
  s.Of<SvgSettings>().kind = "inf";
  EXPECT_EQ(found(sound, "heess.value_gradient_first", 1e6), Ids{"heess.exploding"});
  s.Of<HeessSettings>().steps = 0;
  EXPECT_EQ(found(sound, "heess.value_gradient_first", 1e6), Ids{}) << "frozen: nothing would follow from it";
}

}  // namespace
}  // namespace equipoise::learn
