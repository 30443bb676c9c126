// What was accepted outlives the process that accepted it, however and whenever that ends.
#include "engine/run/accepted.h"

#include <fstream>

#include "engine/base/atomic_file.h"
#include "engine/base/checksum.h"
#include "engine/eps/check_settings.h"
#include "engine/store/accepted_log.h"
#include "tests/engine/run/accepting_fixture.h"

namespace equipoise::run {
namespace {

TEST_F(Accepting, AChangeIsShownPendingForTheEpisodeBeforeWhichItTakesEffect) {
  auto engine = MustCreate(Small(), Path("run"));
  StartPaused(*engine);
  Change(*engine, "eps.masks", 5);  // before and during the random episodes: for the first one that learns
  EXPECT_EQ(engine->Latest()->pending.back().episode, 1);
  StepOnce(*engine);
  Change(*engine, "eps.rollouts", 4);
  EXPECT_EQ(engine->Latest()->pending.back().episode, 1);
  StepEpisodes(*engine, 3);  // two random ones and episode 1: the next is 2
  Change(*engine, "sac.entropy_bonus", 3.0);
  EXPECT_EQ(engine->Latest()->pending.back().episode, 2);
  StepIntoEpisode(*engine);
  Change(*engine, "model.eta", 2.0);
  EXPECT_EQ(engine->Latest()->pending.back().episode, 3);
  RunOn(*engine);
  std::map<std::string, int> in_force;
  for (const auto& event : *engine->Latest()->events) in_force[event->key] = event->episode;
  EXPECT_EQ(in_force, (std::map<std::string, int>{
                          {"eps.masks", 1}, {"eps.rollouts", 1}, {"sac.entropy_bonus", 2}, {"model.eta", 3}}));
}

// Two changes before episode 2 and one in its middle, for episode 3; the run is left in the middle of episode 2.
class AcceptingInTheMiddle : public Accepting {
 protected:
  void Steer(Engine& engine) {
    StartPaused(engine);
    StepEpisodes(engine, 3);
    Change(engine, "distractors.active", true);
    Change(engine, "sac.entropy_bonus", 3.0);
    StepIntoEpisode(engine);
    Change(engine, "eps.masks", 9);
  }
  config::Settings Distractable() const {
    config::Settings s = Small();
    s.distractors.groups = 2;
    s.distractors.sinusoids = 3;
    return s;
  }
  void MakeWhole() {
    auto whole = MustCreate(Distractable(), Path("whole"));
    Steer(*whole);
    RunOn(*whole);
  }
};

TEST_F(AcceptingInTheMiddle, SurvivesACleanQuit) {
  MakeWhole();
  {
    auto parts = MustCreate(Distractable(), Path("parts"));
    Steer(*parts);
  }
  auto again = MustOpen(Path("parts"));
  const auto now = again->Latest();
  EXPECT_TRUE(now->steered);
  ASSERT_EQ(now->pending.size(), 3u);
  EXPECT_EQ(now->pending[0].key, "distractors.active");
  EXPECT_EQ(now->pending[0].episode, 2);
  EXPECT_EQ(now->pending[2].key, "eps.masks");
  EXPECT_EQ(now->pending[2].episode, 3);
  Finish(again.get());
  again.reset();
  ExpectSameRun("whole", "parts");
  EXPECT_EQ(Events(Path("parts")).size(), 3u);
  for (const char* kept : {"before-1", "before-3"}) EXPECT_EQ(KeptState("whole", kept), KeptState("parts", kept));
}

TEST_F(AcceptingInTheMiddle, IsTheSameHoweverOftenTheEpisodeIsGivenUp) {
  MakeWhole();
  {
    auto parts = MustCreate(Distractable(), Path("parts"));
    Steer(*parts);
  }
  for (int i = 0; i < 3; ++i) {
    auto again = MustOpen(Path("parts"));
    StartPaused(*again);
    if (i > 0) StepIntoEpisode(*again);
  }
  Finish(MustOpen(Path("parts")).get());
  ExpectSameRun("whole", "parts");
}

TEST_F(AcceptingInTheMiddle, CanBeTakenBackAfterwardsAndRolledBack) {
  {
    auto parts = MustCreate(Distractable(), Path("parts"));
    Steer(*parts);
  }
  {
    auto again = MustOpen(Path("parts"));
    StartPaused(*again);
    Cancel(*again, "eps.masks");
  }
  {
    auto again = MustOpen(Path("parts"));
    EXPECT_EQ(again->Latest()->pending.size(), 2u) << "a cancellation lasts too";
    StartPaused(*again);
    StepEpisodes(*again, 1);
    again->Post(RollBack{"before-1"});
    ASSERT_TRUE(WaitFor(*again, [](const Snapshot& p) {
      return !p.events->empty() && p.events->back()->text.find("rolled back") != std::string::npos;
    }));
    EXPECT_TRUE(again->Latest()->pending.empty());
  }
  Finish(MustOpen(Path("parts")).get());
  Finish(MustCreate(Distractable(), Path("never")).get());
  EXPECT_EQ(Episodes(Path("never")), Episodes(Path("parts")));
  EXPECT_TRUE(store::ReadDescription(Path("parts")).value().steered);
}

// What an older version left: no word of what was accepted but in the events.
TEST_F(AcceptingInTheMiddle, IsTakenFromTheEventsOfAFolderThatHasNothingElse) {
  auto whole = MustCreate(Distractable(), Path("whole"));
  StartPaused(*whole);
  StepEpisodes(*whole, 3);
  Change(*whole, "sac.entropy_bonus", 3.0);
  StepIntoEpisode(*whole);
  fs::copy(Path("whole"), Path("old"), fs::copy_options::recursive);
  RunOn(*whole);
  ASSERT_TRUE(fs::remove(store::AcceptedPath(store::RunPaths(Path("old")))));
  const std::string state = store::RunPaths(Path("old")).state;
  std::string bytes = ReadFile(state).value();
  const size_t at = bytes.find(kHasAcceptedLog);
  ASSERT_NE(at, std::string::npos);
  bytes[at] = 'E';  // an entry that nobody asks for
  bytes.resize(bytes.size() - 4);
  const uint32_t checksum = Crc32(bytes.data(), bytes.size());
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(checksum >> 8 * i);
  ASSERT_TRUE(WriteFileAtomically(state, bytes).ok());
  for (int i = 0; i < 2; ++i) {
    auto again = MustOpen(Path("old"));  // and that cuts the events
    ASSERT_EQ(again->Latest()->pending.size(), 1u) << i;
    EXPECT_TRUE(again->Latest()->steered);
  }
  Finish(MustOpen(Path("old")).get());
  ExpectSameRun("whole", "old");
}

TEST_F(Accepting, TheLengthOfTheRunMayChangeInItsLastEpisode) {
  const config::Settings s = Small();
  auto longer = MustCreate(s, Path("longer"));
  StartPaused(*longer);
  StepEpisodes(*longer, 5);
  StepIntoEpisode(*longer);  // episode 4 of 4
  Change(*longer, "run.episodes", 6);
  RunOn(*longer);
  EXPECT_EQ(Episodes(Path("longer")).size(), 8u);
  EXPECT_FALSE(longer->Latest()->steered);

  auto shorter = MustCreate(s, Path("shorter"));
  StartPaused(*shorter);
  StepEpisodes(*shorter, 3);
  StepIntoEpisode(*shorter);  // episode 2
  Change(*shorter, "eps.masks", 9);
  Change(*shorter, "run.episodes", 2);
  RunOn(*shorter);
  shorter.reset();
  EXPECT_EQ(Episodes(Path("shorter")).size(), 4u) << "it ends with the episode that it was in";
  EXPECT_EQ(Events(Path("shorter")).size(), 1u);
  auto again = MustOpen(Path("shorter"));
  EXPECT_EQ(again->Latest()->settings->run.episodes, 2);
  ASSERT_EQ(again->Latest()->pending.size(), 1u) << "what had no episode to take effect in waits for one";
  again.reset();
  EXPECT_EQ(Finish(MustOpen(Path("shorter"), 3).get())->settings->Of<eps::CheckSettings>().masks, 9);
}

TEST_F(Accepting, WhatCannotBeWrittenIsRefusedWithTheReason) {
  auto engine = MustCreate(Small(), Path("run"));
  StartPaused(*engine);
  fs::create_directory(store::AcceptedPath(store::RunPaths(Path("run"))));  // in the way
  engine->Post(ChangeSetting{"eps.masks", 9});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.refused.size() == 1; }));
  EXPECT_NE(engine->Latest()->refused[0].find(store::AcceptedPath(store::RunPaths(Path("run")))), std::string::npos);
  EXPECT_TRUE(engine->Latest()->pending.empty());
  fs::remove(store::AcceptedPath(store::RunPaths(Path("run"))));
  Change(*engine, "eps.masks", 9);
}

TEST_F(Accepting, ChangesThatNeedEachOtherAreNotTakenBackOneByOne) {
  auto engine = MustCreate(Small(), Path("run"));
  StartPaused(*engine);
  Change(*engine, "distractors.longest_period", 300.0);
  Change(*engine, "distractors.shortest_period", 250.0);
  engine->Post(CancelChange{"distractors.longest_period"});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.refused.size() == 1; }));
  EXPECT_EQ(engine->Latest()->pending.size(), 2u);
}

TEST_F(Accepting, WhatStoppedARunStaysInItsLog) {
  const std::string run = Path("run");
  {
    auto engine = MustCreate(Small(), run);
    StartPaused(*engine);
    StepEpisodes(*engine, 2);
    fs::rename(run + "/decisions", run + "/away");
    std::ofstream(run + "/decisions") << "in the way";
    engine->Post(Resume{});
    engine->Wait();
    EXPECT_EQ(engine->Latest()->state, RunState::kStopped);
    EXPECT_FALSE(engine->Latest()->stopped_reason.empty());
  }
  fs::remove(run + "/decisions");
  fs::rename(run + "/away", run + "/decisions");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(MustOpen(run)->Latest()->events->size(), 1u) << i;
  Finish(MustOpen(run).get());
  ASSERT_EQ(Events(run).size(), 1u);
  EXPECT_NE(Events(run)[0].find("The run stopped: "), std::string::npos);
  Finish(MustCreate(Small(), Path("whole")).get());
  EXPECT_EQ(Episodes(run), Episodes(Path("whole")));
}

TEST(AcceptedLines, StrokesComeBackWithTheReleaseThatAKillTookAway) {
  const config::Settings s;
  std::vector<std::string> lines;
  const PushBody push{1, {30, 0, 0, 0, 0, 0}};
  for (int step : {3, 4, 5}) lines.push_back(PushLine({0, step, push}));
  auto accepted = AcceptedFrom(lines, s, "file");
  ASSERT_TRUE(accepted.ok()) << accepted.error().message;
  EXPECT_EQ(ToText(accepted.value().strokes), "0 3 1 30 0 0 0 0 0; 0 6 0 0 0 0 0 0 0");
  EXPECT_TRUE(accepted.value().steered);
  EXPECT_EQ(LinesOf(accepted.value(), 20).size(), 4u);
  EXPECT_EQ(ToText(AcceptedFrom(LinesOf(accepted.value(), 20), s, "file").value().strokes),
            ToText(accepted.value().strokes));
  lines.push_back("{\"push\": \"0 1\"}");
  accepted = AcceptedFrom(lines, s, "file");
  ASSERT_FALSE(accepted.ok());
  EXPECT_NE(accepted.error().message.find("file:5"), std::string::npos) << accepted.error().message;
}

TEST(AcceptedLog, BelongsToOneCheckpointAndForgetsATornLine) {
  const std::string path = (fs::temp_directory_path() / ("equipoise-accepted-" + std::to_string(::getpid()))).string();
  fs::remove(path);
  {
    store::AcceptedLog log(path, "one");
    ASSERT_TRUE(log.Append("{\"a\": 1}").ok());
  }
  std::ofstream(path, std::ios::app) << "{\"torn";
  EXPECT_EQ(store::AcceptedLog::Read(path, "one").value(), std::vector<std::string>{"{\"a\": 1}"});
  EXPECT_TRUE(store::AcceptedLog::Read(path, "two").value().empty());
  {
    store::AcceptedLog log(path, "one");
    ASSERT_TRUE(log.Append("{\"b\": 2}").ok());
  }
  EXPECT_EQ(store::AcceptedLog::Read(path, "one").value(), (std::vector<std::string>{"{\"a\": 1}", "{\"b\": 2}"}));
  {
    store::AcceptedLog log(path, "two");
    ASSERT_TRUE(log.Append("{\"c\": 3}").ok());
  }
  EXPECT_TRUE(store::AcceptedLog::Read(path, "one").value().empty());
  EXPECT_EQ(store::AcceptedLog::Read(path, "two").value(), std::vector<std::string>{"{\"c\": 3}"});
  fs::remove(path);
}

// What is trained is in memory, so a folder that somebody emptied costs nothing while the run stops cleanly.
TEST_F(Accepting, AStopWritesACheckpointAgainThatSomebodyRemoved) {
  for (const char* name : {"whole", "parts"}) {
    auto engine = MustCreate(Small(), Path(name));
    StartPaused(*engine);
    StepEpisodes(*engine, 3);
    Change(*engine, "mb.entropy_bonus", 0.9);
    StepIntoEpisode(*engine);  // the change is in force, and in no checkpoint yet
    if (name == std::string("whole")) {
      RunOn(*engine);
      continue;
    }
    fs::remove_all(store::RunPaths(Path(name)).checkpoints);
    engine.reset();
    engine = MustOpen(Path(name));
    ASSERT_NE(engine, nullptr);
    Finish(engine.get());
  }
  EXPECT_EQ(Episodes(Path("whole")), Episodes(Path("parts")));
  EXPECT_TRUE(store::ReadDescription(Path("parts")).value().steered);
}

}  // namespace
}  // namespace equipoise::run
