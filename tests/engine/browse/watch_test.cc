#include "engine/browse/watch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "engine/config/config_file.h"
#include "engine/learn/sac_settings.h"
#include "engine/record/records.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise::run {
namespace {

using testing_support::TemporaryFolder;

store::RunFolder MakeRun(const std::string& path) {
  config::Settings settings;
  settings.run.task = "hopper";
  settings.Of<learn::SacSettings>().entropy_bonus = 0.5;
  store::RunDescription description;
  description.version = "0.1.0";
  description.task = "hopper";
  description.settings_json = config::ToJson(settings);
  description.device = "CPU, 2 threads";
  return store::RunFolder::Create(path, description, {ProgressColumns({}, {}), false, {}, {}}).value();
}

EpisodeRecord Episode(int number) {
  EpisodeRecord record;
  record.episode = record.decision.episode = number;
  record.decision.reason = number > 0 ? eps::Reason::kProved : eps::Reason::kRandom;
  record.decision.pick = number > 0 ? test::Based() : eps::Pick();
  record.episode_return = 10.0 * number;
  record.environment_steps = 200 * (number + 5);
  record.wall_seconds = number + 5;
  return record;
}

TEST(Watch, ARunFolderIsReadAsASnapshot) {
  TemporaryFolder folder;
  store::RunFolder run = MakeRun(folder / "r");
  for (const int number : {-1, 0, 1, 2}) ASSERT_TRUE(Log(&run, Episode(number)).ok());
  Event change;
  change.kind = Event::Kind::kIntervention;
  change.number = 1;
  change.key = "sac.entropy_bonus";
  change.from = "0.5";
  change.to = "5";
  ASSERT_TRUE(Log(&run, change).ok());

  const std::shared_ptr<const Snapshot> snapshot = ReadSnapshot(folder / "r").value();
  EXPECT_EQ(snapshot->state, RunState::kRunning);
  EXPECT_EQ(snapshot->info->name, "r");
  EXPECT_EQ(snapshot->info->task.title, "Hopper");
  EXPECT_EQ(snapshot->info->horizon, 200);
  EXPECT_EQ(snapshot->settings->Of<learn::SacSettings>().entropy_bonus, 5.0) << "as in force now, not as at the start";
  EXPECT_EQ(snapshot->random_done, 2);
  EXPECT_EQ(snapshot->episode, 2);
  EXPECT_EQ(snapshot->environment_steps, 1400);
  ASSERT_EQ(snapshot->episodes->size(), 4u);
  EXPECT_EQ((*snapshot->episodes)[3]->episode_return, 20.0);
  EXPECT_EQ(snapshot->decision->reason, eps::Reason::kProved);
  EXPECT_EQ(snapshot->events->size(), 1u);
  EXPECT_EQ(snapshot->trace, nullptr);
}

TEST(Watch, TheStateSaysHowTheRunEnded) {
  TemporaryFolder folder;
  {
    store::RunFolder run = MakeRun(folder / "died");  // still "running" when the lock goes
  }
  const std::shared_ptr<const Snapshot> died = ReadSnapshot(folder / "died").value();
  EXPECT_EQ(died->state, RunState::kStopped);
  EXPECT_NE(died->stopped_reason.find("without a word"), std::string::npos);
  {
    store::RunFolder run = MakeRun(folder / "crashed");
    ASSERT_TRUE(run.SetCondition(store::RunCondition::kCrashed, true, "the disk is full").ok());
  }
  const std::shared_ptr<const Snapshot> crashed = ReadSnapshot(folder / "crashed").value();
  EXPECT_EQ(crashed->state, RunState::kStopped);
  EXPECT_EQ(crashed->stopped_reason, "the disk is full");
  EXPECT_TRUE(crashed->steered);
  {
    store::RunFolder run = MakeRun(folder / "done");
    ASSERT_TRUE(run.SetCondition(store::RunCondition::kFinished, false).ok());
  }
  EXPECT_EQ(ReadSnapshot(folder / "done").value()->state, RunState::kFinished);
}

TEST(Watch, ShowsEpisodesAsAnotherProcessWritesThem) {
  TemporaryFolder folder;
  store::RunFolder run = MakeRun(folder / "r");
  std::unique_ptr<Engine> watch = Watch(folder / "r").value();
  EXPECT_TRUE(watch->Latest()->episodes->empty());
  watch->Start(false);
  ASSERT_TRUE(Log(&run, Episode(1)).ok());
  for (int i = 0; i < 600 && watch->Latest()->episodes->empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(watch->Latest()->episodes->size(), 1u);
  EXPECT_GT(watch->Latest()->sequence, 0u);

  watch->Post(Pause{});
  ASSERT_EQ(watch->Latest()->refused.size(), 1u);
  EXPECT_NE(watch->Latest()->refused[0].find("only watches"), std::string::npos);
  watch->Post(Quit{});
  watch->Wait();
}

TEST(Watch, RefusesWhatIsNoRun) {
  TemporaryFolder folder;
  EXPECT_FALSE(Watch(folder.path()).ok());
  EXPECT_FALSE(ReadSnapshot("/nonexistent").ok());
  { store::RunFolder run = MakeRun(folder / "r"); }
  std::ofstream(folder / "r/episodes.jsonl") << "{}\n";
  EXPECT_NE(ReadSnapshot(folder / "r").error().message.find("episodes.jsonl:1"), std::string::npos);
}

TEST(Watch, ACopyOfARunElsewhereIsAtWorkAsLongAsItSaysSoAndTroubleIsTold) {
  TemporaryFolder folder;
  {
    store::RunFolder run = MakeRun(folder / "r");
    ASSERT_TRUE(Log(&run, Episode(1)).ok());
  }
  EXPECT_EQ(ReadSnapshot(folder / "r").value()->state, RunState::kStopped) << "here nobody writes it";
  std::atomic<bool> away{false};
  Afar afar;
  afar.address = "ssh://lab3/r";
  afar.instead = "steer it there";
  afar.trouble = [&away] { return std::string(away ? "lab3 does not answer" : ""); };
  auto watched = Watch(folder / "r", afar);
  ASSERT_TRUE(watched.ok());
  Engine& engine = *watched.value();
  engine.Start(false);
  EXPECT_EQ(engine.Latest()->state, RunState::kRunning);
  engine.Post(Pause{});
  ASSERT_EQ(engine.Latest()->refused.size(), 1u);
  EXPECT_EQ(engine.Latest()->refused.back(), "this window only watches ssh://lab3/r: steer it there");
  away = true;
  for (int i = 0; i < 600 && engine.Latest()->refused.size() < 2; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ASSERT_EQ(engine.Latest()->refused.size(), 2u);
  EXPECT_EQ(engine.Latest()->refused.back(), "lab3 does not answer");
}

}  // namespace
}  // namespace equipoise::run
