// Frozen is frozen, to the bit: weights, and the normaliser that a function depends on as much.
#include "engine/base/atomic_file.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm.h"
#include "engine/model/dropout_lstm_settings.h"
#include "tests/engine/agent/bare_trainer.h"

namespace equipoise::run {
namespace {

class Freezing : public ::testing::Test {
 protected:
  static ArchiveReader StateOf(const Trainer& trainer) {
    ArchiveWriter out;
    trainer.Save(out);
    return ArchiveReader::Parse(out.Finish(), "memory").value();
  }
  // What the model predicts from one raw state under one raw action and mask: next state and reward, raw.
  static std::vector<float> Prediction(const ArchiveReader& in, const config::Settings& s) {
    constexpr int64_t kStates = 5, kActions = 1;
    Stream init(1, "any"), masks(2, "mask");
    model::DropoutLstm lstm(model::LstmSpecOf(s, kStates, kActions, {}), s.Of<model::DropoutLstmSettings>().dropout,
                            init);
    lstm.Load(in);
    const replay::Normaliser& n = lstm.normaliser();
    const model::Belief belief = lstm.Draw(1, masks);
    std::vector<float> z, next(kStates), reward(1), noise(kStates, 0.3f), action(kActions, 0.4f), raw;
    for (size_t j = 0; j < kStates; ++j) z.push_back((0.2f * static_cast<float>(j) - n.x_mean[j]) / n.x_sd[j]);
    const auto rollout = lstm.NewRollout();
    rollout->Begin(1, 1, false, &belief, nullptr);
    rollout->Step(0, z.data(), action.data(), noise.data(), next.data(), reward.data());
    for (size_t j = 0; j < kStates; ++j) raw.push_back(next[j] * n.x_sd[j] + n.x_mean[j]);
    raw.push_back(reward[0] * n.y_sd[kStates] + n.y_mean[kStates]);
    return raw;
  }
  static std::vector<float> Action(const ArchiveReader& in, const std::string& name, const config::Settings& s) {
    const learn::SacSettings& sac = s.Of<learn::SacSettings>();
    const learn::ModelBasedSettings& mb = s.Of<learn::ModelBasedSettings>();
    Stream init(1, "any");
    const bool own = name == "mb.policy";
    nets::Policy policy(5, 1, own ? mb.hidden : sac.hidden, own ? 2 : sac.layers, own ? mb.sigma_max : sac.sigma_max,
                        init);
    policy.Load(in, name);
    const std::vector<float> observation = {0.1f, -0.3f, 0.5f, 0.7f, -0.9f}, eps = {0.2f};
    std::vector<float> action(1);
    policy.Act(observation.data(), eps.data(), action.data());
    return action;
  }
  static void Run(Trainer* trainer, int episodes) {
    for (int i = 0; i < episodes; ++i) trainer->NextEpisode();
  }
};

TEST_F(Freezing, AModelThatIsFrozenPredictsTheSameAfterMoreEpisodes) {
  for (const char* mode : {"full", "dreamer"}) {
    for (const bool compensate : {false, true}) {
      config::Settings s = TinySettings();
      auto& lstm = s.Of<model::DropoutLstmSettings>();
      s.Of<learn::ModelBasedSettings>().mode = mode;
      lstm.compensate_normaliser = compensate;
      auto trainer = MakeTrainer(s);
      Run(trainer.get(), 5);
      trainer->Apply("model.steps", 0);
      const ArchiveReader before = StateOf(*trainer);
      Run(trainer.get(), 4);
      const ArchiveReader after = StateOf(*trainer);
      for (const char* part : {"model.net", "model.x_mean", "model.x_sd", "model.y_mean", "model.y_sd"})
        EXPECT_EQ(before.Floats(part), after.Floats(part)) << mode << " " << part;
      EXPECT_EQ(Prediction(before, s), Prediction(after, s)) << mode;
      // Its policy goes on learning in it, and sees what it saw.
      EXPECT_NE(before.Floats("mb.policy.net"), after.Floats("mb.policy.net")) << mode;
      EXPECT_EQ(before.Floats("mb.policy.mean"), after.Floats("mb.policy.mean")) << mode;
      EXPECT_EQ(before.Floats("mb.policy.sd"), after.Floats("mb.policy.sd")) << mode;
      // Fitted again, it takes the statistics of all data there is by then.
      trainer->Apply("model.steps", lstm.steps);
      Run(trainer.get(), 1);
      const ArchiveReader thawed = StateOf(*trainer);
      EXPECT_NE(thawed.Floats("model.x_mean"), after.Floats("model.x_mean")) << mode;
      EXPECT_NE(thawed.Floats("mb.policy.mean"), after.Floats("mb.policy.mean")) << mode;
    }
  }
}

TEST_F(Freezing, AFrozenModelReportsNoFit) {
  auto trainer = MakeTrainer(TinySettings());
  Run(trainer.get(), 4);
  trainer->Apply("model.steps", 0);
  const EpisodeRecord record = trainer->NextEpisode();
  EXPECT_EQ(record.scalars.count("model.train_nll"), 0u);
  EXPECT_EQ(record.scalars.count("model.eta_over_n"), 1u);
  EXPECT_FALSE(record.open_loop_error.empty()) << "what it predicts is measured all the same";
}

TEST_F(Freezing, AFrozenPolicyActsTheSameWhileTheOthersLearn) {
  const config::Settings s = TinySettings();
  auto trainer = MakeTrainer(s);
  Run(trainer.get(), 5);
  trainer->Apply("mb.steps", 0);
  trainer->Apply("sac.updates_per_step", 0.0);
  const ArchiveReader before = StateOf(*trainer);
  Run(trainer.get(), 3);
  const ArchiveReader after = StateOf(*trainer);
  EXPECT_NE(before.Floats("model.net"), after.Floats("model.net"));
  EXPECT_NE(before.Floats("model.x_mean"), after.Floats("model.x_mean"));
  for (const char* policy : {"mb.policy", "sac.policy"})
    EXPECT_EQ(Action(before, policy, s), Action(after, policy, s)) << policy;
  trainer->Apply("mb.steps", 4);  // negative control
  trainer->Apply("sac.updates_per_step", 0.5);
  Run(trainer.get(), 1);
  const ArchiveReader thawed = StateOf(*trainer);
  for (const char* policy : {"mb.policy", "sac.policy"})
    EXPECT_NE(Action(thawed, policy, s), Action(after, policy, s)) << policy;
}

}  // namespace
}  // namespace equipoise::run
