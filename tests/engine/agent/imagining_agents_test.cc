// Agents that learn from imagined steps as well: without any they are the learner that they are made of, to the bit.
#include <gtest/gtest.h>

#include "engine/base/archive.h"
#include "engine/learn/expanded/value_expansion_settings.h"
#include "engine/learn/imagined/imagined_pool_settings.h"
#include "engine/learn/naf/naf_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/learn/svg/svg_settings.h"
#include "engine/learn/td3_settings.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "engine/model/feedforward/deterministic_mlp_settings.h"
#include "tests/engine/agent/bare_trainer.h"

namespace equipoise::run {
namespace {

config::Settings Tiny(const std::string& agent) {
  config::Settings s = config::DefaultsOf(agent);
  s.run.seed = 3;
  s.run.random_episodes = 2;
  s.run.threads = 1;
  s.env.horizon = 15;
  s.log.holdout_masks = 2;
  s.Of<learn::SacSettings>() = {};
  auto& sac = s.Of<learn::SacSettings>();
  sac.hidden = 12;
  sac.batch = 16;
  auto& ensemble = s.Of<model::BootstrapEnsembleSettings>();
  ensemble.hidden = 8;
  ensemble.layers = 1;
  ensemble.steps = 6;
  ensemble.patience = 0;
  s.Of<learn::ImaginedPoolSettings>().branches_per_step = 2;
  return s;
}

// What SAC, or another of its kind, is after some episodes, and how many updates it made.
struct Learned {
  std::vector<float> policy, critic;
  int64_t updates = 0;
  std::map<std::string, double> scalars;
};
Learned After(const config::Settings& s, int episodes, const std::string& id = "sac") {
  auto trainer = MakeTrainer(s);
  while (trainer->episodes_picked() < episodes) trainer->NextEpisode();
  ArchiveWriter out;
  trainer->Save(out);
  const ArchiveReader in = ArchiveReader::Parse(out.Finish(), "state").value();
  return {in.Floats(id + ".policy.net"), in.Floats(id + ".critic0"), in.Int(id + ".actor_adam.steps"),
          trainer->scalars()};
}

TEST(ImaginingAgents, OfRecordedStepsAloneTheyAreSacToTheBit) {
  const Learned sac = After(Tiny("sac"), 3);
  for (const std::string agent : {"mbpo", "dyna"}) {
    config::Settings s = Tiny(agent);
    auto& mixture = s.Of<learn::MixtureSettings>();
    mixture.real_share = 1;
    mixture.imagined_updates = 0;
    const Learned alone = After(s, 3);
    EXPECT_EQ(alone.policy, sac.policy) << agent;
    EXPECT_EQ(alone.critic, sac.critic) << agent;
    mixture.real_share = 0.5;
    mixture.imagined_updates = 1;
    const Learned mixed = After(s, 3);
    EXPECT_NE(mixed.policy, sac.policy) << agent;  // negative control
  }
}

TEST(ImaginingAgents, WithNoStepAheadMveIsTd3ToTheBit) {
  const auto tiny = [](const char* agent) {
    config::Settings s = Tiny(agent);
    auto& td3 = s.Of<learn::Td3Settings>("td3");
    td3.hidden = 12;
    td3.batch = 16;
    return s;
  };
  const Learned td3 = After(tiny("td3"), 3, "td3");
  for (const char* model : {"mlp", "ensemble"}) {
    config::Settings s = tiny("mve");
    auto& looking = s.Of<learn::ValueExpansionSettings>();
    looking.model = model;
    looking.horizon = 0;
    const Learned mve = After(s, 3, "td3");
    EXPECT_EQ(mve.policy, td3.policy) << model;
    EXPECT_EQ(mve.critic, td3.critic) << model;
    looking.horizon = 2;
    EXPECT_NE(After(s, 3, "td3").critic, td3.critic) << model;  // negative control
  }
}

TEST(ImaginingAgents, OverAnotherLearnerMveIsThatOneToTheBit) {
  for (const char* base : {"ddpg", "sac"}) {
    const auto tiny = [](const char* agent) {
      config::Settings s = Tiny(agent);
      auto& ddpg = s.Of<learn::Td3Settings>("ddpg");
      ddpg.hidden = 12;
      ddpg.batch = 16;
      return s;
    };
    const Learned alone = After(tiny(base), 3, base);
    config::Settings s = tiny("mve");
    auto& looking = s.Of<learn::ValueExpansionSettings>();
    looking.base = base;
    looking.horizon = 0;
    const Learned mve = After(s, 3, base);
    EXPECT_EQ(mve.policy, alone.policy) << base;
    EXPECT_EQ(mve.critic, alone.critic) << base;
    looking.horizon = 2;
    EXPECT_NE(After(s, 3, base).critic, alone.critic) << base;  // negative control
  }
}

TEST(ImaginingAgents, OfOneActionAtATimeSvgIsSacToTheBit) {
  const Learned sac = After(Tiny("sac"), 3);
  for (const char* model : {"mlp", "ensemble"}) {
    config::Settings s = Tiny("svg");
    s.Of<model::DeterministicMlpSettings>().hidden = 8;
    s.Of<model::DeterministicMlpSettings>().steps = 6;
    auto& svg = s.Of<learn::SvgSettings>();
    svg.model = model;
    svg.warm_up = 0;
    svg.horizon = 1;
    const Learned one = After(s, 3);
    EXPECT_EQ(one.policy, sac.policy) << model;
    EXPECT_EQ(one.critic, sac.critic) << model;
    EXPECT_EQ(one.scalars.count("sac.value_gradient_1"), 0u);
    svg.horizon = 2;
    const Learned two = After(s, 3);
    EXPECT_NE(two.policy, sac.policy) << model;  // negative control
    EXPECT_GT(two.scalars.at("sac.value_gradient_1"), 0);
    svg.warm_up = 5;  // 2 random episodes, and 2 picked ones before the third
    EXPECT_EQ(After(s, 3).policy, sac.policy) << model;
    svg.warm_up = 4;
    EXPECT_NE(After(s, 3).policy, sac.policy) << model;
  }
}

TEST(ImaginingAgents, DynaMakesSoManyImaginedUpdatesForEachRecordedOne) {
  const Learned sac = After(Tiny("sac"), 3);
  config::Settings s = Tiny("dyna");
  s.Of<learn::MixtureSettings>().imagined_updates = 3;
  const Learned dyna = After(s, 3);
  EXPECT_EQ(dyna.updates, 4 * sac.updates);
  EXPECT_EQ(sac.scalars.count("sac.imagined_critic_loss"), 0u);
  EXPECT_GT(dyna.scalars.at("sac.imagined_critic_loss"), 0);
}

TEST(ImaginingAgents, MbposPoolIsAsOldAsItMayBe) {
  config::Settings s = Tiny("mbpo");
  s.Of<learn::ImaginedPoolSettings>().retain = 2;
  const Learned mbpo = After(s, 4);
  EXPECT_EQ(mbpo.scalars.at("pool.rows"), 2 * 2 * 15);
  EXPECT_EQ(mbpo.scalars.at("pool.age"), 1);
}

config::Settings TinyMba() {
  config::Settings s = Tiny("mba");
  auto& naf = s.Of<learn::NafSettings>();
  naf.hidden = 12;
  naf.batch = 16;
  auto& mlp = s.Of<model::DeterministicMlpSettings>();
  mlp.hidden = 8;
  mlp.layers = 1;
  mlp.steps = 6;
  return s;
}
struct Naf {
  std::vector<float> net;
  std::map<std::string, double> scalars;
};
Naf NafAfter(const config::Settings& s, int episodes) {
  auto trainer = MakeTrainer(s);
  while (trainer->episodes_picked() < episodes) trainer->NextEpisode();
  ArchiveWriter out;
  trainer->Save(out);
  return {ArchiveReader::Parse(out.Finish(), "state").value().Floats("naf.net"), trainer->scalars()};
}

TEST(ImaginingAgents, OfRecordedStepsAloneMbaIsNafToTheBit) {
  config::Settings s = TinyMba();
  s.Of<learn::ImaginedPoolSettings>().branches_per_step = 0;
  const Naf nothing = NafAfter(s, 3);
  s = TinyMba();
  s.Of<learn::MixtureSettings>().real_share = 1;
  EXPECT_EQ(NafAfter(s, 3).net, nothing.net);
  s.Of<learn::MixtureSettings>().real_share = 0.5;
  const Naf mixed = NafAfter(s, 3);
  EXPECT_NE(mixed.net, nothing.net);  // negative control
  EXPECT_EQ(mixed.scalars.at("naf.imagined_share"), 0.5);
  EXPECT_EQ(mixed.scalars.at("pool.disagreement"), 0) << "one network is of one mind";
}

TEST(ImaginingAgents, MbaGoesOnFromRecordedStepsWhenItsImaginationStops) {
  config::Settings s = TinyMba();
  s.Of<learn::ImaginedPoolSettings>().stop_after = 2;
  EXPECT_EQ(NafAfter(s, 2).scalars.at("naf.imagined_share"), 0.5);
  const Naf after = NafAfter(s, 3);
  EXPECT_EQ(after.scalars.at("naf.imagined_share"), 0);
  EXPECT_EQ(after.scalars.at("pool.rows"), 0);
}

}  // namespace
}  // namespace equipoise::run
