// What was accepted outlives the process that accepted it, however and whenever that ends.
#include "engine/run/accepted.h"

#include <atomic>
#include <fstream>
#include <set>

#include "engine/base/atomic_file.h"
#include "engine/base/checksum.h"
#include "engine/store/accepted_log.h"
#include "engine/store/kept_checkpoints.h"
#include "tests/engine/disk_moments.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;

class Accepting : public RunTest {
 protected:
  static config::Settings Small() {
    config::Settings s = TinySettings();
    s.run.episodes = 4;
    return s;
  }
  static std::vector<std::string> Events(const std::string& dir) {
    std::vector<std::string> out;
    for (const std::string& line : store::ReadLines(store::RunPaths(dir).events).value())
      out.push_back(WithoutClock(line).value());
    return out;
  }
  static bool Paused(const Snapshot& p) { return p.state == RunState::kPaused; }

  static void StartPaused(Engine& engine) {
    engine.Start(true);
    ASSERT_TRUE(WaitFor(engine, Paused));
  }
  static void StepEpisodes(Engine& engine, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const size_t had = engine.Latest()->episodes->size();
      engine.Post(Step{Step::Unit::kEpisode});
      ASSERT_TRUE(WaitFor(engine, [had](const Snapshot& p) { return p.episodes->size() > had && Paused(p); }));
    }
  }
  static void StepOnce(Engine& engine) {
    const int64_t before = engine.Latest()->environment_steps;
    engine.Post(Step{Step::Unit::kEnvironmentStep});
    ASSERT_TRUE(WaitFor(engine, [&](const Snapshot& p) { return Paused(p) && p.environment_steps == before + 1; }));
  }
  // Into the next episode's learning.
  static void StepIntoEpisode(Engine& engine) {
    engine.Post(Step{Step::Unit::kGradientStep});
    ASSERT_TRUE(WaitFor(engine, [](const Snapshot& p) {
      const bool learning =
          std::any_of(p.phases.begin(), p.phases.end(), [](const PhaseProgress& x) { return x.active; });
      return Paused(p) && p.random_done == 2 && learning;
    }));
  }
  static void Change(Engine& engine, const std::string& key, const config::Value& value) {
    engine.Post(ChangeSetting{key, value});
    ASSERT_TRUE(WaitFor(engine, [&](const Snapshot& p) {
      return std::any_of(p.pending.begin(), p.pending.end(),
                         [&](const PendingChange& c) { return c.key == key && c.to == value; });
    })) << key;
  }
  static void Cancel(Engine& engine, const std::string& key) {
    engine.Post(CancelChange{key});
    ASSERT_TRUE(WaitFor(engine, [&](const Snapshot& p) {
      return std::none_of(p.pending.begin(), p.pending.end(), [&](const PendingChange& c) { return c.key == key; });
    })) << key;
  }
  static std::unique_ptr<Engine> MustOpen(const std::string& dir, int episodes = 0) {
    auto engine = Engine::Open(dir, episodes);
    if (!engine.ok()) ADD_FAILURE() << engine.error().message;
    return engine.ok() ? std::move(engine).value() : nullptr;
  }
  static void RunOn(Engine& engine) {
    engine.Post(Resume{});
    engine.Wait();
    EXPECT_EQ(engine.Latest()->state, RunState::kFinished) << engine.Latest()->stopped_reason;
  }
  void ExpectSameRun(const std::string& a, const std::string& b) const {
    EXPECT_EQ(Episodes(Path(a)), Episodes(Path(b)));
    EXPECT_EQ(Events(Path(a)), Events(Path(b)));
    EXPECT_EQ(store::ReadDescription(Path(a)).value().steered, store::ReadDescription(Path(b)).value().steered);
    EXPECT_EQ(store::ListKept(store::RunPaths(Path(a))), store::ListKept(store::RunPaths(Path(b))));
  }
  // The nets of a kept checkpoint, and what it says of the run's course.
  std::string KeptState(const std::string& dir, const std::string& name) const {
    auto bytes = store::ReadKept(store::RunPaths(Path(dir)), name);
    if (!bytes.ok()) return bytes.error().message;
    auto in = ArchiveReader::Parse(bytes.value(), name);
    std::string all = std::to_string(in.value().Int("engine.interventions")) + " " +
                      std::to_string(in.value().Int("engine.steered")) + " " +
                      std::to_string(in.value().Int("trainer.picked")) + " " + in.value().Text("settings");
    for (const char* net : {"model.net", "mb.policy.net", "sac.policy.net"}) {
      const std::vector<float> v = in.value().Floats(net);
      all.append(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(float));
    }
    return all;
  }
};

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
  EXPECT_EQ(Finish(MustOpen(Path("shorter"), 3).get())->settings->eps.masks, 9);
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

// Things done one after the other. A run that is killed goes on as one in which only the first so many were done: at
// least all that had been acknowledged.
class KilledAtEveryMoment : public Accepting {
 protected:
  static constexpr int kDeeds = 10;

  // Does the first `deeds` of them and leaves the run paused; says of each when it is acknowledged.
  static void Do(Engine& engine, int deeds, std::atomic<int>* acknowledged) {
    int done = 0;
    const auto told = [&] { acknowledged->store(++done); };
    StartPaused(engine);
    StepOnce(engine);
    if (deeds > 0) engine.Post(PushBody{1, {30.0, 0, 0, 0, 0, 0}});
    for (int i = 0; i < 3; ++i) {
      if (done == deeds) engine.Post(PushBody{});
      StepOnce(engine);
      if (done < deeds) told();
    }
    engine.Post(PushBody{});
    StepOnce(engine);
    if (done < deeds) Change(engine, "eps.masks", 5), told();  // in the middle of a random episode
    StepEpisodes(engine, 3);
    if (done < deeds) Change(engine, "sac.entropy_bonus", 3.0), told();  // between two episodes
    if (done < deeds) Change(engine, "model.eta", 2.0), told();
    StepIntoEpisode(engine);
    if (done < deeds) Change(engine, "eps.rollouts", 2), told();  // in the middle of one that learns
    if (done < deeds) Cancel(engine, "eps.rollouts"), told();
    if (done < deeds) Change(engine, "eps.masks", 7), told();
    if (done < deeds) {
      engine.Post(RollBack{"before-3"});
      ASSERT_TRUE(WaitFor(engine, [](const Snapshot& p) {
        return !p.events->empty() && p.events->back()->text.find("rolled back") != std::string::npos;
      }));
      told();
    }
  }
};

TEST_F(KilledAtEveryMoment, GoesOnWithEverythingThatWasAccepted) {
  config::Settings s = Small();
  s.run.episodes = 3;
  s.log.moments = 0;
  std::vector<std::vector<std::string>> episodes, events;
  std::atomic<int> acknowledged{0};
  for (int deeds = 0; deeds <= kDeeds; ++deeds) {
    const std::string dir = Path("first-" + std::to_string(deeds));
    auto engine = MustCreate(s, dir);
    Do(*engine, deeds, &acknowledged);
    ASSERT_FALSE(HasFatalFailure());
    RunOn(*engine);
    engine.reset();
    episodes.push_back(Episodes(dir));
    events.push_back(Events(dir));
  }
  std::vector<int> told;  // at each kill
  acknowledged = 0;
  {
    auto engine = MustCreate(s, Path("killed"));
    const testing_support::DiskMoments moments([&] {
      fs::copy(Path("killed"), Path("killed-" + std::to_string(told.size())), fs::copy_options::recursive);
      told.push_back(acknowledged);
    });
    Do(*engine, kDeeds, &acknowledged);
    ASSERT_FALSE(HasFatalFailure());
  }
  EXPECT_GT(told.size(), 60u);
  int deeds = 0;
  std::set<int> seen;
  for (size_t k = 0; k < told.size(); ++k) {
    const std::string dir = Path("killed-" + std::to_string(k));
    for (size_t i = 0; i < 2 && k % 5 == 0; ++i) MustOpen(dir);  // a look at it loses nothing
    const auto end = Finish(MustOpen(dir).get());
    ASSERT_EQ(end->state, RunState::kFinished) << end->stopped_reason;
    const auto now_episodes = Episodes(dir), now_events = Events(dir);
    deeds = std::max(deeds, told[k]);
    while (deeds <= kDeeds && (now_episodes != episodes[deeds] || now_events != events[deeds])) ++deeds;
    ASSERT_LE(deeds, kDeeds) << "killed at moment " << k << ", when " << told[k] << " were acknowledged";
    EXPECT_EQ(end->steered, deeds > 0) << k;
    seen.insert(deeds);
    fs::remove_all(dir);
  }
  EXPECT_EQ(seen.size(), kDeeds + 1u);
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

}  // namespace
}  // namespace equipoise::run
