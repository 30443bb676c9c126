// Back to the state before an intervention: as if it had never been, with everything that came after it kept aside.
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "engine/base/archive.h"
#include "engine/base/atomic_file.h"
#include "engine/store/kept_checkpoints.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

class RollingBack : public RunTest {
 protected:
  static config::Settings Small() {
    config::Settings s = TinySettings();
    s.distractors.groups = 2;
    s.distractors.sinusoids = 3;
    return s;
  }

  // Runs `episodes` more whole episodes and pauses.
  static void RunEpisodes(Engine* engine, size_t episodes) {
    for (size_t i = 0; i < episodes; ++i) {
      const size_t had = engine->Latest()->episodes->size();
      engine->Post(Step{Step::Unit::kEpisode});
      ASSERT_TRUE(WaitFor(
          *engine, [had](const Snapshot& p) { return p.episodes->size() > had && p.state != RunState::kRunning; }));
    }
  }
  static void RollBackTo(Engine* engine, const std::string& name) {
    const size_t refused = engine->Latest()->refused.size();
    engine->Post(RollBack{name});
    ASSERT_TRUE(WaitFor(*engine, [&](const Snapshot& p) {
      return p.refused.size() > refused || (!p.events->empty() && p.events->back()->checkpoint == name &&
                                            p.events->back()->text.find("rolled back") != std::string::npos);
    }));
  }
  // The nets and their optimisers as in the last checkpoint.
  static std::string State(const std::string& dir) {
    auto in = ArchiveReader::Parse(ReadFile(store::RunPaths(dir).state).value(), dir);
    EXPECT_TRUE(in.ok());
    std::string all;
    for (const char* name : {"model.net", "model.adam.m", "mb.policy.net", "sac.policy.net", "sac.critic0",
                             "sac.critic_adam1.m", "sac.target1"}) {
      const std::vector<float> v = in.value().Floats(name);
      all.append(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(float));
    }
    return all;
  }
  // Two random episodes, two picked ones, then distractors and a broken SAC for two more.
  std::unique_ptr<Engine> Steered(const config::Settings& s, const std::string& name) {
    auto engine = MustCreate(s, Path(name));
    engine->Start(true);
    RunEpisodes(engine.get(), 4);
    engine->Post(ChangeSetting{"distractors.active", true});
    engine->Post(ChangeSetting{"sac.entropy_bonus", 50.0});
    RunEpisodes(engine.get(), 2);
    return engine;
  }
};

TEST_F(RollingBack, AndGoingOnGivesTheBytesOfARunThatNeverHadTheIntervention) {
  for (const int threads : {1, 2}) {
    config::Settings s = Small();
    s.run.threads = threads;
    const std::string never = "never" + std::to_string(threads), back = "back" + std::to_string(threads);
    Finish(MustCreate(s, Path(never)).get());
    auto engine = Steered(s, back);
    ASSERT_FALSE(HasFatalFailure());
    EXPECT_TRUE(engine->Latest()->settings->distractors.active);
    RollBackTo(engine.get(), "before-1");
    EXPECT_FALSE(engine->Latest()->settings->distractors.active);
    engine->Post(Resume{});
    engine->Wait();
    EXPECT_EQ(engine->Latest()->state, RunState::kFinished) << engine->Latest()->stopped_reason;
    EXPECT_TRUE(engine->Latest()->steered) << "it stays touched";
    engine.reset();
    EXPECT_EQ(Episodes(Path(never)), Episodes(Path(back)));
    EXPECT_EQ(State(Path(never)), State(Path(back)));
    // The control: with the intervention the bytes are others.
    EXPECT_NE(Episodes(Path(never)), Episodes(Path(back) + "/rolled-back-1"));
  }
}

TEST_F(RollingBack, InTheMiddleOfAnyPhaseGivesTheSameBytes) {
  config::Settings s = Small();
  s.run.threads = 2;
  Finish(MustCreate(s, Path("never")).get());
  auto engine = Steered(s, "back");
  for (int i = 0; i < 6; ++i) {
    engine->Post(ChangeSetting{"distractors.active", true});
    for (int k = 0; k <= 2 * i; ++k) {
      const uint64_t before = engine->Latest()->sequence;
      engine->Post(Step{i % 2 == 0 ? Step::Unit::kGradientStep : Step::Unit::kEnvironmentStep});
      WaitFor(
          *engine, [before](const Snapshot& p) { return p.sequence > before + 1; }, 0.2);
    }
    RollBackTo(engine.get(), "before-1");
  }
  engine->Post(Resume{});
  engine->Wait();
  engine.reset();
  EXPECT_EQ(Episodes(Path("never")), Episodes(Path("back")));
  EXPECT_EQ(State(Path("never")), State(Path("back")));
}

TEST_F(RollingBack, LosesNothingAndSaysWhereItLies) {
  auto engine = Steered(Small(), "run");
  const auto before = Episodes(Path("run"));
  RollBackTo(engine.get(), "before-1");
  const auto now = engine->Latest();
  EXPECT_EQ(now->state, RunState::kPaused);
  EXPECT_EQ(now->episodes->size(), 4u);
  ASSERT_EQ(now->events->size(), 1u);
  const Event& mark = *now->events->back();
  EXPECT_EQ(mark.kind, Event::Kind::kIntervention);
  EXPECT_EQ(mark.number, 3) << "after the two that it takes back";
  EXPECT_EQ(mark.episode, 3);
  EXPECT_EQ(mark.text, "You rolled back to before episode 3. Episodes 3 to 4 lie in rolled-back-1.");
  engine.reset();
  const std::string aside = Path("run") + "/rolled-back-1";
  EXPECT_EQ(Episodes(aside), before);
  // What lies aside is a run like any other, and goes on as it would have.
  auto other = Engine::Open(aside, 5);
  ASSERT_TRUE(other.ok()) << other.error().message;
  EXPECT_TRUE(other.value()->Latest()->settings->distractors.active);
  EXPECT_EQ(Finish(other.value().get())->state, RunState::kFinished);
}

TEST_F(RollingBack, SurvivesAQuitAndIsInTheFolder) {
  const config::Settings s = Small();
  Finish(MustCreate(s, Path("never")).get());
  auto engine = Steered(s, "run");
  RollBackTo(engine.get(), "before-1");
  engine.reset();
  auto again = Engine::Open(Path("run"), 0);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_TRUE(again.value()->Latest()->steered);
  EXPECT_EQ(again.value()->Latest()->events->size(), 1u);
  ASSERT_EQ(again.value()->Latest()->kept.size(), 1u);
  Finish(again.value().get());
  EXPECT_EQ(Episodes(Path("never")), Episodes(Path("run")));
}

TEST_F(RollingBack, WorksOnARunThatHasFinished) {
  const config::Settings s = Small();
  Finish(MustCreate(s, Path("never")).get());
  auto engine = Steered(s, "run");
  engine->Post(Resume{});
  engine->Wait();
  engine.reset();
  auto opened = Engine::Open(Path("run"), 0);
  ASSERT_TRUE(opened.ok());
  opened.value()->Post(RollBack{"before-1"});
  EXPECT_EQ(Finish(opened.value().get())->state, RunState::kFinished);
  EXPECT_EQ(Episodes(Path("never")), Episodes(Path("run")));
}

TEST_F(RollingBack, IsRefusedWithTheNamesThatThereAre) {
  auto engine = Steered(Small(), "run");
  engine->Post(RollBack{"before-9"});
  engine->Post(RollBack{"../state"});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.refused.size() == 2; }));
  EXPECT_NE(engine->Latest()->refused[0].find("before-9"), std::string::npos);
  EXPECT_NE(engine->Latest()->refused[0].find("kept are before-1"), std::string::npos) << engine->Latest()->refused[0];
  EXPECT_EQ(engine->Latest()->episodes->size(), 6u);
  auto unsaved = MustCreate(Small(), "");
  unsaved->Start(true);
  unsaved->Post(RollBack{"before-1"});
  EXPECT_TRUE(WaitFor(*unsaved, [](const Snapshot& p) { return p.refused.size() == 1; }));
}

TEST_F(RollingBack, LeavesTheRunAsItIsWhenTheDiskIsFull) {
  auto engine = Steered(Small(), "run");
  const auto before = Episodes(Path("run"));
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit small{2048, old.rlim_max};  // what a full disk looks like to the program
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  engine->Post(RollBack{"before-1"});
  const bool refused = WaitFor(*engine, [](const Snapshot& p) { return p.refused.size() == 1; });
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
  ASSERT_TRUE(refused);
  EXPECT_NE(engine->Latest()->refused[0].find("cannot copy"), std::string::npos) << engine->Latest()->refused[0];
  EXPECT_FALSE(std::filesystem::exists(Path("run") + "/rolled-back-1"));
  RunEpisodes(engine.get(), 1);
  EXPECT_EQ(Episodes(Path("run")).size(), before.size() + 1);
}

TEST_F(RollingBack, KeepsAsManyCheckpointsAsItIsTo) {
  config::Settings s = Small();
  s.run.episodes = 40;
  s.log.kept = 4;
  auto engine = MustCreate(s, Path("run"));
  engine->Start(true);
  RunEpisodes(engine.get(), 2);
  for (int i = 0; i < 7; ++i) {
    engine->Post(ChangeSetting{"eps.rollouts", 2 + i % 2});
    RunEpisodes(engine.get(), 1);
  }
  const auto kept = engine->Latest()->kept;
  EXPECT_EQ(kept.size(), 4u);
  EXPECT_EQ(store::ListKept(store::RunPaths(Path("run"))).size(), 4u);
  EXPECT_EQ(kept.back().name, store::KeptName(engine->Latest()->events->back()->number));
}

TEST_F(RollingBack, HasNothingToGoBackToWhereNothingIsKept) {
  config::Settings s = Small();
  s.log.kept = 0;
  auto engine = MustCreate(s, Path("run"));
  engine->Start(true);
  RunEpisodes(engine.get(), 2);
  engine->Post(ChangeSetting{"eps.rollouts", 5});
  RunEpisodes(engine.get(), 1);
  EXPECT_TRUE(engine->Latest()->kept.empty());
  EXPECT_EQ(engine->Latest()->events->back()->checkpoint, "");
}

TEST_F(RollingBack, OtherDistractorsAreInjectedAtTheDoseThatWasChosen) {
  auto engine = MustCreate(Small(), Path("run"));
  engine->Start(true);
  RunEpisodes(engine.get(), 3);
  engine->Post(ChangeSetting{"distractors.active", true});
  engine->Post(ChangeSetting{"distractors.groups", 3});
  engine->Post(ChangeSetting{"distractors.amplitude", 2.0});
  RunEpisodes(engine.get(), 2);
  EXPECT_EQ(engine->Latest()->settings->distractors.groups, 3);
  engine->Post(ChangeSetting{"distractors.sinusoids", 5});  // while they are in force
  RunEpisodes(engine.get(), 1);
  const auto here = engine->Latest();
  EXPECT_EQ(here->state, RunState::kPaused) << here->stopped_reason;
  engine.reset();
  auto again = Engine::Open(Path("run"), 6);
  ASSERT_TRUE(again.ok()) << again.error().message;
  const auto end = Finish(again.value().get());
  EXPECT_EQ(end->state, RunState::kFinished) << end->stopped_reason;
  EXPECT_EQ(end->settings->distractors.sinusoids, 5);
}

}  // namespace
}  // namespace equipoise::run
