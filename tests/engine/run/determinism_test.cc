// The same seed gives the same run, to the byte, whatever else happens beside it; another seed does not.
#include "engine/eps/check_settings.h"
#include "engine/learn/model_based_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

using Determinism = RunTest;

TEST_F(Determinism, TheSameSeedWritesTheSameEpisodesAndAnotherSeedDoesNot) {
  config::Settings s = TinySettings();
  for (const char* dir : {"a", "b"}) Finish(MustCreate(s, Path(dir)).get());
  s.run.seed = 8;
  Finish(MustCreate(s, Path("c")).get());
  const auto a = Episodes(Path("a")), b = Episodes(Path("b")), c = Episodes(Path("c"));
  ASSERT_EQ(a.size(), 8u);
  EXPECT_EQ(a, b);
  ASSERT_EQ(c.size(), a.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NE(a[i], c[i]) << "episode " << i;
}

TEST_F(Determinism, AnyNumberOfThreadsGivesTheSameBits) {
  for (const char* mode : {"full", "dreamer"}) {
    config::Settings s = TinySettings();
    auto& mb = s.Of<learn::ModelBasedSettings>();
    mb.mode = mode;
    s.Of<model::DropoutLstmSettings>().batch = 9;  // cut into shards, unevenly
    mb.trajectories = 9;
    mb.starts = 9;
    mb.burn_in_episodes = 9;
    std::vector<std::string> first;
    for (const int threads : {1, 2, 3}) {
      s.run.threads = threads;
      const std::string name = mode + std::to_string(threads);
      Finish(MustCreate(s, Path(name)).get());
      if (threads == 1) first = Episodes(Path(name));
      EXPECT_EQ(Episodes(Path(name)), first) << name;
    }
  }
}

TEST_F(Determinism, EveryAgentAndModeRunsAndRepeats) {
  for (const char* agent : {"unified", "sac", "mbrl"}) {
    for (const char* mode : {"full", "dreamer"}) {
      config::Settings s = TinySettings();
      auto& mb = s.Of<learn::ModelBasedSettings>();
      s.run.agent = agent;
      s.run.episodes = 3;
      mb.mode = mode;
      mb.starts = 8;
      mb.imagination = 5;
      mb.burn_in_episodes = 3;
      mb.burn_in_every = 2;
      mb.entropy_auto = true;
      const std::string name = std::string(agent) + mode;
      for (const char* copy : {"1", "2"}) {
        const auto end = Finish(MustCreate(s, Path(name + copy)).get());
        EXPECT_EQ(end->state, RunState::kFinished) << end->stopped_reason;
      }
      EXPECT_EQ(Episodes(Path(name + "1")), Episodes(Path(name + "2"))) << name;
      EXPECT_EQ(Episodes(Path(name + "1")).size(), 5u);
    }
  }
}

TEST_F(Determinism, WatchingPausingAndSlowingARunDoNotChangeIt) {
  const config::Settings s = TinySettings();
  Finish(MustCreate(s, Path("alone")).get());
  auto engine = MustCreate(s, Path("watched"));
  uint64_t published = 0;
  engine->OnPublish([&published] { ++published; });
  engine->Start(true);
  engine->Post(SetSpeed{50});
  for (int i = 0; i < 5; ++i) {
    engine->Post(Step{Step::Unit::kGradientStep});
    engine->Post(Step{Step::Unit::kEnvironmentStep});
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  engine->Post(Resume{});
  while (engine->Latest()->state != RunState::kFinished) {
    engine->Post(Pause{});
    engine->Post(Resume{});
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  engine->Wait();
  EXPECT_GT(published, 10u);
  EXPECT_EQ(Episodes(Path("alone")), Episodes(Path("watched")));
}

TEST_F(Determinism, StoppingTheCheckEarlyDecidesTheSame) {
  config::Settings s = TinySettings();
  auto& eps = s.Of<eps::CheckSettings>();
  eps.masks = 12;
  const auto whole = Finish(MustCreate(s, "").get());
  eps.early_exit = true;
  const auto early = Finish(MustCreate(s, "").get());
  ASSERT_EQ(whole->episodes->size(), early->episodes->size());
  for (size_t i = 0; i < whole->episodes->size(); ++i) {
    const EpisodeRecord &a = *Whole(*(*whole->episodes)[i]), &b = *Whole(*(*early->episodes)[i]);
    EXPECT_EQ(a.decision.pick, b.decision.pick);
    EXPECT_EQ(a.episode_return, b.episode_return);
    ASSERT_LE(b.decision.delta().size(), a.decision.delta().size());
    for (size_t k = 0; k < b.decision.delta().size(); ++k) EXPECT_EQ(a.decision.delta()[k], b.decision.delta()[k]);
  }
}

}  // namespace
}  // namespace equipoise::run
