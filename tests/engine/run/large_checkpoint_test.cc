// A stop that meets a large checkpoint waits for it no longer than a person would: what lies on the disk is the state before
// it, and the run goes on from there to the same bytes.
#include <atomic>

#include "engine/base/atomic_file.h"
#include "tests/engine/disk_moments.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;

class LargeCheckpoint : public RunTest {
 protected:
  // A state of some 30 MB.
  static config::Settings Large() {
    config::Settings s = TinySettings();
    s.run.episodes = 3;
    test::Put(&s, "model.hidden", 512);
    test::Put(&s, "model.steps", 1);
    return s;
  }
  // Ends when `at` is being written for the `number`th time and has been for longer than a stop waits.
  static void StopWithin(Engine* engine, const std::string& at, int number) {
    std::atomic<bool> asked{false}, there{false};
    int begun = 0;
    const testing_support::DiskMoments moments([&] {
      std::error_code absent;
      const bool now = fs::exists(at, absent);
      if (now && !there) ++begun;
      there = now;
      if (!now || begun < number || asked.exchange(true)) return;
      engine->Post(Quit{});
      std::this_thread::sleep_for(std::chrono::milliseconds(1000));
    });
    engine->Start(false);
    engine->Wait();
    EXPECT_TRUE(asked);
  }
};

TEST_F(LargeCheckpoint, IsGivenUpByAStopAndItsEpisodeIsMadeAgain) {
  Finish(MustCreate(Large(), Path("whole")).get());
  const std::string dir = Path("run"), state = store::RunPaths(dir).state;
  auto engine = MustCreate(Large(), dir);
  ASSERT_GT(fs::file_size(state), 10'000'000u) << "in one piece it cannot be given up";
  StopWithin(engine.get(), state + ".tmp-" + std::to_string(::getpid()), 3);
  const auto last = engine->Latest();
  EXPECT_EQ(last->state, RunState::kStopped);
  EXPECT_EQ(last->stopped_reason, "");
  EXPECT_EQ(last->episodes->size(), 2u) << "the third is not told of";
  engine.reset();
  EXPECT_FALSE(fs::exists(state + ".tmp-" + std::to_string(::getpid())));
  EXPECT_EQ(store::ReadDescription(dir).value().condition, store::RunCondition::kStopped);
  auto opened = Engine::Open(dir, 0);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  std::unique_ptr<Engine> again = std::move(opened).value();
  EXPECT_TRUE(again->Notes().empty()) << again->Notes().front();
  EXPECT_EQ(again->Latest()->episodes->size(), 2u);
  EXPECT_EQ(Finish(again.get())->state, RunState::kFinished);
  again.reset();
  EXPECT_EQ(Episodes(dir), Episodes(Path("whole")));
}

TEST_F(LargeCheckpoint, ThatIsKeptForAnInterventionIsGivenUpTooAndTheChangeIsNotLost) {
  const auto change = [](Engine* engine) { return engine->Change({{"mb.entropy_bonus", config::Value(0.5)}}); };
  auto steered = MustCreate(Large(), Path("whole"));
  ASSERT_TRUE(change(steered.get()).ok());
  Finish(steered.get());
  const std::string dir = Path("run"), kept = dir + "/checkpoints/before-1.eqps";
  auto engine = MustCreate(Large(), dir);
  ASSERT_TRUE(change(engine.get()).ok());
  StopWithin(engine.get(), kept + ".tmp-" + std::to_string(::getpid()), 1);
  EXPECT_EQ(engine->Latest()->state, RunState::kStopped);
  engine.reset();
  EXPECT_FALSE(fs::exists(kept));
  auto opened = Engine::Open(dir, 0);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  std::unique_ptr<Engine> again = std::move(opened).value();
  EXPECT_EQ(Finish(again.get())->state, RunState::kFinished);
  again.reset();
  EXPECT_EQ(Episodes(dir), Episodes(Path("whole")));
  EXPECT_TRUE(fs::exists(kept));
}

}  // namespace
}  // namespace equipoise::run
