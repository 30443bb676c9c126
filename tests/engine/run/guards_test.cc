// Guards in whole runs: the step that one halved stays halved, through checkpoints, and the log says until when.
#include "engine/learn/sac_settings.h"
#include "tests/engine/agent/bare_trainer.h"

namespace equipoise::run {
namespace {

// Critics of eight plain layers at a step size of 1: after the first update the gradient is beyond all bounds.
config::Settings Overflowing() {
  config::Settings s = TinySettings();
  auto& sac = s.Of<learn::SacSettings>();
  s.run.agent = "sac";
  sac.hidden = 64;
  sac.layers = 8;
  sac.layer_norm = false;
  sac.critic_lr = 1;
  sac.updates_per_step = 1;
  return s;
}

TEST(GuardsInRuns, TheHalvedStepLastsUntilItIsSetByHandAndTheLogSaysSo) {
  std::vector<std::string> said;
  auto trainer = MakeTrainer(Overflowing(), [&said](const std::string& sentence) { said.push_back(sentence); });
  const char* key = "guard.sac.critic_lr";
  EpisodeRecord r;
  for (int i = 0; i < 6 && r.scalars.count(key) == 0; ++i) r = trainer->NextEpisode();
  ASSERT_EQ(r.scalars.count(key), 1u) << "nothing overflowed";
  const double share = r.scalars.at(key);
  EXPECT_LE(share, 0.5);
  EXPECT_TRUE(r.guard_tripped);
  EXPECT_GE(r.scalars.at("guard.sac_skipped"), 10);
  ASSERT_FALSE(said.empty());
  EXPECT_NE(said.back().find(" went back to the weights from before this training. From now on it takes " +
                             config::ToText(share) + " of sac.critic_lr, until that is set by hand."),
            std::string::npos)
      << said.back();
  EXPECT_LE(trainer->NextEpisode().scalars.at(key), share) << "and not a whole step again";
  trainer->Apply("sac.critic_lr", 1e-6);
  EXPECT_EQ(trainer->NextEpisode().scalars.count(key), 0u);
}

class GuardedRun : public RunTest {};

TEST_F(GuardedRun, GoesOnToTheSameBytesAfterAGuardHalvedAStep) {
  config::Settings s = Overflowing();
  s.run.episodes = 4;
  Finish(MustCreate(s, Path("whole")).get());
  s.run.episodes = 2;
  const auto half = Finish(MustCreate(s, Path("parts")).get());
  ASSERT_NE(half->episodes->back()->scalars.Find("guard.sac.critic_lr"), nullptr);
  auto engine = Engine::Open(Path("parts"), 4);
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  Finish(engine.value().get());
  EXPECT_EQ(Episodes(Path("whole")), Episodes(Path("parts")));
}

}  // namespace
}  // namespace equipoise::run
