// A disk that is full, on a small file system of its own: training waits, says so, loses nothing and goes on by itself.
#include <fcntl.h>
#include <sys/mount.h>

#include <fstream>

#include "engine/store/decision_files.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;

class RunOnAFullDisk : public RunTest {
 protected:
  void SetUp() override {
    RunTest::SetUp();
    disk_ = Path("disk");
    fs::create_directory(disk_);
    mounted_ = ::mount("tmpfs", disk_.c_str(), "tmpfs", 0, "size=2m") == 0;
    if (!mounted_)
      GTEST_SKIP() << "this process may not mount a small file system; full_disk_test.cc of base still ran";
  }
  void TearDown() override {
    if (mounted_) ::umount2(disk_.c_str(), MNT_DETACH);
    RunTest::TearDown();
  }

  static config::Settings Settings(int episodes) {
    config::Settings s = TinySettings();
    s.run.episodes = episodes;
    return s;
  }
  std::string Run() const { return disk_ + "/run"; }
  // Takes all the room there is; Free gives it back.
  void Fill() const {
    const int fd = ::open((disk_ + "/filler").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
    ASSERT_GE(fd, 0);
    const std::string block(4096, 'x');
    while (::write(fd, block.data(), block.size()) > 0) {
    }
    ::close(fd);
  }
  void Free() const { fs::remove(disk_ + "/filler"); }

  static bool Says(const Snapshot& now) {
    return !now.health.empty() && now.health.front().id == "disk.full" && now.state == RunState::kPaused;
  }
  // A run that stands still after some episodes on a disk that is full then.
  std::unique_ptr<Engine> Stopped(int episodes, size_t done) {
    auto engine = MustCreate(Settings(episodes), Run());
    engine->Start(true);
    while (engine->Latest()->episodes->size() < done) {
      const size_t before = engine->Latest()->episodes->size();
      engine->Post(Step{Step::Unit::kEpisode});
      EXPECT_TRUE(WaitFor(*engine, [before](const Snapshot& now) {
        return now.episodes->size() > before && now.state == RunState::kPaused;
      }));
    }
    Fill();
    return engine;
  }
  std::vector<std::string> Uninterrupted(int episodes) {
    Finish(MustCreate(Settings(episodes), Path("whole")).get());
    return Episodes(Path("whole"));
  }
  static std::string Told(const std::string& dir) {
    std::string text;
    for (const Event& event : ReadHistory(dir).value().events) text += event.text + "\n";
    return text;
  }

  std::string disk_;
  bool mounted_ = false;
};

TEST_F(RunOnAFullDisk, TrainingWaitsAndGoesOnByItselfToTheSameBytes) {
  auto engine = Stopped(6, 4);
  engine->Post(Resume{});
  ASSERT_TRUE(WaitFor(*engine, Says));
  const std::string sentence = nets::Sentence(engine->Latest()->health.front());
  EXPECT_NE(sentence.find("The disk is full"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("No space left on device"), std::string::npos) << sentence;
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // it tries again meanwhile
  EXPECT_TRUE(Says(*engine->Latest()));
  Free();
  engine->Wait();
  const auto last = engine->Latest();
  EXPECT_EQ(last->state, RunState::kFinished) << last->stopped_reason;
  EXPECT_TRUE(last->health.empty() || last->health.front().id != "disk.full");
  engine.reset();
  EXPECT_EQ(Episodes(Run()), Uninterrupted(6));
  EXPECT_NE(Told(Run()).find("s for room and went on by itself."), std::string::npos) << Told(Run());
}

TEST_F(RunOnAFullDisk, WhatIsOptionalGoesFirstAndThatIsSaid) {
  auto engine = Stopped(6, 6);
  ASSERT_EQ(store::KeptDecisions(Run()).size(), 4u);
  engine->Post(Resume{});
  // A decision takes more room than what the last two episodes have to write: they are made without waiting.
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& now) { return Says(now) || now.state == RunState::kFinished; }));
  EXPECT_EQ(engine->Latest()->state, RunState::kFinished);
  EXPECT_EQ(store::KeptDecisions(Run()), std::vector<int>({2, 3, 4}));
  Free();
  engine->Wait();
  engine.reset();
  const std::string told = Told(Run());
  EXPECT_NE(told.find("The disk was full: 1 kept decision was removed, the oldest first."), std::string::npos) << told;
  EXPECT_NE(told.find("the decision of episode 5 was not kept."), std::string::npos) << told;
  EXPECT_EQ(Episodes(Run()), Uninterrupted(6));
}

TEST_F(RunOnAFullDisk, ARollBackWaitsAndIsMadeByItselfWhenThereIsRoom) {
  const auto steered = [](Engine* engine) {
    const auto go_on = [engine](size_t episodes) {
      while (engine->Latest()->episodes->size() < episodes) {
        const size_t before = engine->Latest()->episodes->size();
        engine->Post(Step{Step::Unit::kEpisode});
        ASSERT_TRUE(WaitFor(*engine, [before](const Snapshot& now) {
          return now.episodes->size() > before && now.state == RunState::kPaused;
        }));
      }
    };
    engine->Start(true);
    go_on(4);
    engine->Post(ChangeSetting{"mb.entropy_bonus", 0.5});
    go_on(6);
  };
  auto engine = MustCreate(Settings(6), Run());
  steered(engine.get());
  ASSERT_FALSE(HasFatalFailure());
  const std::vector<std::string> before = Episodes(Run());
  Fill();
  engine->Post(RollBack{"before-1"});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& now) { return Says(now) || !now.refused.empty(); }));
  EXPECT_TRUE(Says(*engine->Latest())) << engine->Latest()->refused.front();
  EXPECT_NE(nets::Sentence(engine->Latest()->health.front()).find("rolled-back-1"), std::string::npos);
  EXPECT_EQ(Episodes(Run()), before) << "nothing has happened yet";
  EXPECT_FALSE(fs::exists(Run() + "/rolled-back-1"));
  Free();
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& now) { return now.episodes->size() == 4; }));
  EXPECT_TRUE(engine->Latest()->refused.empty());
  EXPECT_EQ(Episodes(Run() + "/rolled-back-1"), before);
  engine->Post(Resume{});
  engine->Wait();
  EXPECT_EQ(engine->Latest()->state, RunState::kFinished) << engine->Latest()->stopped_reason;
  engine.reset();
  EXPECT_EQ(Episodes(Run()), Uninterrupted(6));
  EXPECT_NE(Told(Run()).find("s for room and went on by itself."), std::string::npos) << Told(Run());
}

TEST_F(RunOnAFullDisk, QuittingWhileARollBackWaitsLeavesTheRunAsItWas) {
  auto engine = MustCreate(Settings(6), Run());
  engine->Start(true);
  engine->Post(ChangeSetting{"mb.entropy_bonus", 0.5});
  engine->Post(Step{Step::Unit::kEpisode});
  for (size_t done = 1; done < 5; ++done) {
    ASSERT_TRUE(WaitFor(*engine, [done](const Snapshot& now) {
      return now.episodes->size() == done && now.state == RunState::kPaused;
    }));
    engine->Post(Step{Step::Unit::kEpisode});
  }
  ASSERT_TRUE(WaitFor(*engine,
                      [](const Snapshot& now) { return now.episodes->size() == 5 && now.state == RunState::kPaused; }));
  const std::vector<std::string> before = Episodes(Run());
  ASSERT_TRUE(fs::exists(Run() + "/checkpoints/before-1.eqps"));
  Fill();
  engine->Post(RollBack{"before-1"});
  ASSERT_TRUE(WaitFor(*engine, Says));
  engine->Post(Quit{});
  engine->Wait();
  engine.reset();
  Free();
  EXPECT_FALSE(fs::exists(Run() + "/rolled-back-1"));
  EXPECT_FALSE(fs::exists(Run() + "/.rolled-back-1.tmp"));
  EXPECT_EQ(Episodes(Run()), before);
  auto again = Engine::Open(Run(), 0);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again.value()->Latest()->episodes->size(), 5u);
  EXPECT_EQ(Finish(again.value().get())->state, RunState::kFinished);
}

TEST_F(RunOnAFullDisk, QuittingWhileItWaitsLosesNothing) {
  auto engine = Stopped(6, 4);
  engine->Post(Resume{});
  ASSERT_TRUE(WaitFor(*engine, Says));
  const auto asked = std::chrono::steady_clock::now();
  engine->Post(Quit{});
  engine->Wait();
  EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - asked).count(), 60);
  EXPECT_EQ(engine->Latest()->state, RunState::kStopped);
  EXPECT_NE(engine->Latest()->stopped_reason.find("No space left on device"), std::string::npos)
      << "run.json could not be written";
  engine.reset();
  Free();
  auto again = Engine::Open(Run(), 0);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(Finish(again.value().get())->state, RunState::kFinished);
  EXPECT_EQ(Episodes(Run()), Uninterrupted(6));
}

}  // namespace
}  // namespace equipoise::run
