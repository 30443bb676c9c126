// What is measured of SAC's critics on real episodes (learn/q_error.h).
#include "engine/learn/sac_settings.h"
#include "tests/engine/agent/bare_trainer.h"
#include "tests/engine/eps/two_policies.h"

namespace equipoise::run {
namespace {

TEST(CriticsOnEpisodes, AreComparedWithTheReturnOfThosePolicyEpisodesAlone) {
  for (const char* agent : {"unified", "sac", "mbrl"}) {
    config::Settings s = TinySettings();
    s.run.agent = agent;
    auto trainer = MakeTrainer(s);
    for (int i = 0; i < 7; ++i) {
      const EpisodeRecord r = trainer->NextEpisode();
      const bool by_sac = r.decision.pick == test::Free();
      ASSERT_EQ(r.scalars.count("sac.q_minus_return"), by_sac ? 1u : 0u) << agent << " " << r.episode;
      if (!by_sac) continue;
      const double q = r.scalars.at("sac.q_acted"), earned = r.scalars.at("sac.monte_carlo");
      EXPECT_DOUBLE_EQ(r.scalars.at("sac.q_minus_return"), q - earned);
      // Cart-pole pays from 0 to 1 a step, of which at most 19 count.
      EXPECT_GE(earned - r.scalars.at("sac.monte_carlo_tail"), 0);
      EXPECT_LE(earned - r.scalars.at("sac.monte_carlo_tail"), 19);
    }
  }
}

TEST(CriticsOnEpisodes, AreNotComparedWhereTheirValueHoldsEntropyThatTheReturnDoesNot) {
  config::Settings s = TinySettings();
  s.run.agent = "sac";
  s.Of<learn::SacSettings>().entropy_in_target = true;
  auto trainer = MakeTrainer(s);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(trainer->NextEpisode().scalars.count("sac.q_minus_return"), 0u);
}

// A critic that knows nothing but its output bias.
TEST(CriticsOnEpisodes, FindTheExcessThatWasPutIn) {
  config::Settings s = TinySettings();
  auto& sac = s.Of<learn::SacSettings>();
  s.run.agent = "sac";
  sac.updates_per_step = 0;
  sac.gamma = 0.9;
  auto trainer = MakeTrainer(s);
  EpisodeRecord r;
  for (int i = 0; i < 3; ++i) r = trainer->NextEpisode();
  const replay::Episode& episode = trainer->data()[trainer->data().size() - 1];
  const auto steps = static_cast<int>(trainer->data().horizon());
  double earned = 0, mean = 0;
  for (int t = steps - 2; t >= 0; --t) {
    earned = episode.rewards[static_cast<size_t>(t)] + sac.gamma * earned;
    if (t < steps / 2) mean += earned / (steps / 2);
  }
  EXPECT_NEAR(r.scalars.at("sac.monte_carlo") - r.scalars.at("sac.monte_carlo_tail"), mean, 1e-9);
}

}  // namespace
}  // namespace equipoise::run
