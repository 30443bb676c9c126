// Learners from recorded steps in worlds whose answers are known (known_worlds.h).
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <string>

#include "engine/agent/controllers/noisy_mean.h"
#include "engine/agent/controllers/policy_controller.h"
#include "engine/learn/naf/naf.h"
#include "engine/learn/ppo.h"
#include "engine/learn/sac.h"
#include "engine/learn/sac_settings.h"
#include "engine/learn/td3.h"
#include "tests/engine/known_worlds.h"

namespace equipoise::agent {
namespace {

using learn::NafSettings;
using learn::PpoSettings;
using learn::SacSettings;
using learn::Td3Settings;

// A learner and who acts for it.
struct Pupil {
  std::unique_ptr<learn::Learner> learner;
  std::unique_ptr<Controller> controller;
  std::function<double(const float* s, const float* a)> q;  // its first critic
};

struct Case {
  const char* name;
  std::function<void(config::Settings*)> set;
  std::function<Pupil(const test::KnownWorld&, const config::Settings&)> make;
  int episodes = 120;  // in which it masters the double integrator
};

Pupil NewSac(const test::KnownWorld& world, const config::Settings& s) {
  auto sac = std::make_unique<learn::SacLearner>(world.states, world.actions, s);
  Pupil pupil;
  pupil.q = [sac = sac.get()](const float* state, const float* a) {
    float q = 0;
    sac->Q(0, state, a, 1, &q);
    return q;
  };
  pupil.controller = std::make_unique<PolicyController>(*sac);
  pupil.learner = std::move(sac);
  return pupil;
}

template <const nets::PartInfo& (*kInfo)()>
Pupil NewTd3(const test::KnownWorld& world, const config::Settings& s) {
  auto td3 = std::make_unique<learn::Td3Learner>(kInfo(), world.states, world.actions, s);
  Pupil pupil;
  pupil.q = [td3 = td3.get()](const float* state, const float* a) { return td3->critics().Q(0, state, a, 1)[0]; };
  const double sd = s.Of<Td3Settings>(kInfo().id).noise_sd;
  pupil.controller = std::make_unique<NoisyMean>(*td3, [sd] { return ExplorationNoise{sd, 1.0}; });
  pupil.learner = std::move(td3);
  return pupil;
}

Pupil NewNaf(const test::KnownWorld& world, const config::Settings& s) {
  auto naf = std::make_unique<learn::NafLearner>(world.states, world.actions, s);
  Pupil pupil;
  pupil.q = [naf = naf.get()](const float* state, const float* a) {
    double q = 0;
    naf->Evaluate(state, a, 1, &q, nullptr, nullptr);
    return q;
  };
  const double sd = s.Of<NafSettings>().noise_sd;
  pupil.controller = std::make_unique<NoisyMean>(*naf, [sd] { return ExplorationNoise{sd, 1.0}; });
  pupil.learner = std::move(naf);
  return pupil;
}

void SmallSac(config::Settings* s, bool plain, double alpha) {
  auto& sac = s->Of<SacSettings>();
  sac.hidden = 64;
  sac.batch = 64;
  sac.updates_per_step = 2;
  sac.critic_lr = sac.actor_lr = 0.001;
  sac.tau = 0.01;
  sac.entropy_auto = false;
  sac.entropy_bonus = alpha;
  if (!plain) return;
  sac.layer_norm = false;
  sac.entropy_in_target = true;
  sac.actor_activation = "relu";
  sac.sd = "log-clamp";
}
void SmallTd3(config::Settings* s) {
  for (const char* id : {"td3", "ddpg"}) {
    auto& td3 = s->Of<Td3Settings>(id);
    td3.hidden = 64;
    td3.batch = 64;
    td3.updates_per_step = 2;
    td3.critic_lr = td3.actor_lr = 0.001;
    td3.tau = 0.01;
  }
}
void SmallNaf(config::Settings* s) {
  auto& naf = s->Of<NafSettings>();
  naf.hidden = 64;
  naf.batch = 64;
  naf.updates_per_step = 2;
  naf.tau = 0.01;
  naf.noise_sd = 0.1;
}
// A clipped value would need more batches: what is earned at first is a hundred times what is earned in the end.
void SmallPpo(config::Settings* s) {
  auto& ppo = s->Of<PpoSettings>("ppo");
  ppo.hidden = 32;
  ppo.batch_steps = 100;
  ppo.minibatches = 4;
  ppo.lr = 0.003;
  ppo.clip_value = 0;
  ppo.anneal = false;
}
// So that values settle within a test.
void SoonKnown(config::Settings* s) {
  s->Of<PpoSettings>("ppo").gamma = 0.9;
  s->Of<NafSettings>().gamma = 0.9;
  s->Of<NafSettings>().tau = 0.05;
  s->Of<SacSettings>().gamma = 0.9;
  s->Of<SacSettings>().tau = 0.05;
  for (const char* id : {"td3", "ddpg"}) {
    s->Of<Td3Settings>(id).gamma = 0.9;
    s->Of<Td3Settings>(id).tau = 0.05;
  }
}

Pupil NewPpo(const test::KnownWorld& world, const config::Settings& s) {
  auto ppo = std::make_unique<learn::PpoLearner>(learn::PpoInfo(), std::make_unique<learn::NewestEpisodes>("ppo", 2),
                                                 world.states, world.actions, s);
  Pupil pupil;
  pupil.q = [ppo = ppo.get()](const float* state, const float*) { return ppo->V(state, 1)[0]; };
  pupil.controller = std::make_unique<PolicyController>(*ppo);
  pupil.learner = std::move(ppo);
  return pupil;
}

std::vector<Case> Cases() {
  return {{"Sac", [](config::Settings* s) { SmallSac(s, false, 0.001); }, NewSac},
          {"PlainSac", [](config::Settings* s) { SmallSac(s, true, 0.001); }, NewSac},
          {"Td3", SmallTd3, NewTd3<learn::Td3Info>},
          {"Ddpg", SmallTd3, NewTd3<learn::DdpgInfo>},
          {"Naf", SmallNaf, NewNaf},
          {"Ppo", SmallPpo, NewPpo, 200}};
}

class KnownWorlds : public ::testing::TestWithParam<Case> {
 protected:
  KnownWorlds() {
    settings.run.seed = 3;
    GetParam().set(&settings);
  }
  config::Settings settings;
};

// Episodes end by time alone: a value that stopped there would be 1 at the last step.
TEST_P(KnownWorlds, AConstantRewardIsWorthOneOverOneMinusGammaEverywhere) {
  SoonKnown(&settings);
  settings.run.random_episodes = 20;
  test::Life life(test::ConstantReward(), settings);
  Pupil pupil = GetParam().make(life.world(), settings);
  life.ActRandomly();
  life.Learn(pupil.learner.get(), pupil.controller.get(), 100);
  for (const float s : {-1.0f, -0.3f, 0.4f, 1.0f})
    for (const float a : {-0.8f, 0.0f, 0.8f}) EXPECT_NEAR(pupil.q(&s, &a), 10, 0.3) << s << " " << a;
}

TEST_P(KnownWorlds, TheDoubleIntegratorIsMastered) {
  test::Life life(test::DoubleIntegrator(), settings);
  Pupil pupil = GetParam().make(life.world(), settings);
  life.ActRandomly();
  const std::vector<double> returns = life.Learn(pupil.learner.get(), pupil.controller.get(), GetParam().episodes);
  EXPECT_GT(test::MeanOfLast(returns, 20), -0.5);
}

INSTANTIATE_TEST_SUITE_P(Learners, KnownWorlds, ::testing::ValuesIn(Cases()),
                         [](const auto& param_info) { return param_info.param.name; });

// With the entropy h of each next step in the value: Q = r + gamma (Q + alpha h), so Q = 10 + .9 alpha h / .1.
TEST(PlainSac, CountsTheEntropyOfEveryStepButThePresentOne) {
  config::Settings s;
  s.run.seed = 3;
  s.run.random_episodes = 20;
  SmallSac(&s, true, 0.5);
  SoonKnown(&s);
  test::Life life(test::ConstantReward(), s);
  Pupil pupil = NewSac(life.world(), s);
  life.ActRandomly();
  life.Learn(pupil.learner.get(), pupil.controller.get(), 100);
  const double h = life.Train(pupil.learner.get()).scalars.at("sac.entropy");
  EXPECT_GT(h, 0.5) << "nothing but entropy can be earned, at most log 2 a step";
  for (const float state : {-0.5f, 0.5f}) {
    const float a = 0.2f;
    EXPECT_NEAR(pupil.q(&state, &a), 10 + 0.9 * 0.5 * h / 0.1, 0.3);
  }
}

// The value of a fixed actor is what following it earns: s' = .9 s + .5 a, r = -(s^2 + .1 a^2), gamma .9.
TEST(Ddpg, ValuesAFixedActorAtWhatFollowingItEarns) {
  config::Settings s;
  s.run.seed = 3;
  s.run.random_episodes = 60;
  SmallTd3(&s);
  SoonKnown(&s);
  auto& ddpg = s.Of<Td3Settings>("ddpg");
  ddpg.hidden = 64;
  ddpg.layers = 1;
  ddpg.actor_lr = 0;
  ddpg.updates_per_step = 5;
  test::Life life(test::ScalarLq(), s);
  Pupil pupil = NewTd3<learn::DdpgInfo>(life.world(), s);
  // m = -.5 s, of two units relu(s) and relu(-s). Blocks w0 [1, 64], b0, w_out [64, 2], b_out.
  ArchiveWriter given;
  pupil.learner->Save(given);
  ArchiveReader saved = ArchiveReader::Parse(given.Finish(), "memory").value();
  std::vector<float> actor(saved.Count("ddpg.policy.net"), 0.0f);
  actor[0] = 1;
  actor[1] = -1;
  actor[128] = -0.5f;
  actor[130] = 0.5f;
  ArchiveWriter set;
  for (const std::string policy : {"ddpg.policy", "ddpg.target_policy"}) {
    set.Put(policy + ".net", actor);
    for (const char* affine : {".mean", ".sd"}) set.Put(policy + affine, saved.Floats(policy + affine));
  }
  for (const char* critic : {"ddpg.critic0", "ddpg.target0"}) set.Put(critic, saved.Floats(critic));
  for (const char* adam : {"ddpg.actor_adam", "ddpg.critic_adam0"})
    nets::Adam(static_cast<int64_t>(saved.Count(std::string(adam) + ".m"))).Save(set, adam);
  set.Put("ddpg.updates", int64_t{0});
  pupil.learner->Load(ArchiveReader::Parse(set.Finish(), "memory").value());
  life.ActRandomly();
  life.Train(pupil.learner.get());
  ddpg.critic_lr = 0.0003;  // and once more, slowly
  life.Train(pupil.learner.get());
  nets::Policy policy = pupil.learner->policy();
  const auto earned = [&](double state, double a) {
    double sum = 0, discount = 1;
    std::vector<double> now{state}, next;
    auto action = static_cast<float>(a);
    for (int t = 0; t < 200; ++t) {
      sum += discount * life.world().step(now, &action, &next);
      discount *= 0.9;
      now = next;
      const auto seen = static_cast<float>(now[0]);
      policy.Act(&seen, nullptr, &action);
    }
    return sum;
  };
  for (const float state : {-0.8f, -0.2f, 0.5f, 0.9f}) {
    for (const float a : {-0.7f, 0.1f, 0.6f})
      EXPECT_NEAR(pupil.q(&state, &a), earned(state, a), 0.06 + 0.06 * std::fabs(earned(state, a)));
    // And so is its slope by the action, which is what an actor climbs.
    const float low = -0.4f, high = 0.4f;
    EXPECT_NEAR((pupil.q(&state, &high) - pupil.q(&state, &low)) / 0.8,
                (earned(state, high) - earned(state, low)) / 0.8, 0.15);
  }
}

}  // namespace
}  // namespace equipoise::agent
