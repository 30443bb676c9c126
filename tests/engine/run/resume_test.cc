// A run that stops and goes on writes the same bytes as one that never stopped.
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include "engine/base/archive.h"
#include "engine/base/archive_finite.h"
#include "engine/base/atomic_file.h"
#include "engine/base/checksum.h"
#include "engine/inspect/replayer.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "engine/run/saved_state.h"
#include "engine/store/kept_checkpoints.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

class Resuming : public RunTest {
 protected:
  static std::shared_ptr<const Snapshot> Continue(const std::string& dir, int episodes) {
    auto engine = Engine::Open(dir, episodes);
    if (!engine.ok()) {
      ADD_FAILURE() << engine.error().message;
      return nullptr;
    }
    return Finish(engine.value().get());
  }
  // Everything the last checkpoint holds, entry by entry, but for what the clock and the logs' lengths decide.
  static std::string State(const std::string& dir, const std::vector<const char*>& more = {}) {
    auto bytes = ReadFile(store::RunPaths(dir).state);
    EXPECT_TRUE(bytes.ok());
    auto in = ArchiveReader::Parse(bytes.ok() ? bytes.value() : "", dir);
    EXPECT_TRUE(in.ok());
    std::string all;
    std::vector<const char*> names{"model.net",   "model.adam.m", "model.adam.v",      "mb.policy.net",
                                   "mb.adam.v",   "mb.value",     "mb.target",         "sac.policy.net",
                                   "sac.critic0", "sac.target1",  "sac.critic_adam1.m"};
    names.insert(names.end(), more.begin(), more.end());
    for (const char* name : names) {
      const std::vector<float> v = in.value().Floats(name);
      all.append(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(float));
    }
    return all;
  }
};

TEST_F(Resuming, AfterEachEpisodeGivesTheSameBytes) {
  config::Settings s = TinySettings();
  Finish(MustCreate(s, Path("whole")).get());
  s.run.episodes = 1;
  Finish(MustCreate(s, Path("parts")).get());
  for (int n = 2; n <= 6; ++n) Continue(Path("parts"), n);
  EXPECT_EQ(Episodes(Path("whole")), Episodes(Path("parts")));
  EXPECT_EQ(State(Path("whole")), State(Path("parts")));
}

// Every file of a run folder; the lock's text (who holds it) is no part of the run.
std::map<std::string, std::string> FilesOf(const std::string& dir) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir))
    if (entry.is_regular_file() && entry.path().filename() != ".lock")
      files[entry.path().string()] = ReadFile(entry.path().string()).value();
  return files;
}

TEST_F(Resuming, IsRecordedOnlyWhenTheRunReallyGoesOn) {
  config::Settings s = TinySettings();
  s.run.episodes = 2;
  Finish(MustCreate(s, Path("run")).get());
  const auto before = FilesOf(Path("run"));
  Continue(Path("run"), 0);
  EXPECT_EQ(FilesOf(Path("run")), before) << "a finished run has nothing to go on with";
  {
    auto engine = Engine::Open(Path("run"), 5);
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    engine.value()->Start(true);
    ASSERT_TRUE(WaitFor(*engine.value(), [](const Snapshot& now) { return now.state == RunState::kPaused; }));
  }
  EXPECT_EQ(FilesOf(Path("run")), before) << "opened, looked at, closed";
  {
    auto engine = Engine::Open(Path("run"), 5);
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    engine.value()->Start(true);
    engine.value()->Post(Step{Step::Unit::kGradientStep});
    const auto worked = [&](const Snapshot&) {
      return store::ReadDescription(Path("run")).value().resumed.size() == 1;
    };
    EXPECT_TRUE(WaitFor(*engine.value(), worked)) << "a single step is work";
  }
  EXPECT_EQ(store::ReadDescription(Path("run")).value().condition, store::RunCondition::kStopped);
}

TEST_F(Resuming, ARunJsonThatIsBrokenOrAnotherRunsIsMadeAgainFromTheCheckpoint) {
  config::Settings s = TinySettings();
  s.run.episodes = 2;
  Finish(MustCreate(s, Path("run")).get());
  s.run.seed = 99;
  Finish(MustCreate(s, Path("other")).get());
  for (const bool broken : {true, false}) {
    if (broken)
      std::ofstream(Path("run") + "/run.json") << "{\"name\": ";
    else
      std::filesystem::copy_file(Path("other") + "/run.json", Path("run") + "/run.json",
                                 std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(store::ReadDescription(Path("run")).ok(), !broken) << "whoever only looks changes nothing";
    auto engine = Engine::Open(Path("run"), broken ? 3 : 4);
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    ASSERT_EQ(engine.value()->Notes().size(), 1u);
    EXPECT_NE(engine.value()->Notes()[0].find("run.json"), std::string::npos);
    const auto last = Finish(engine.value().get());
    EXPECT_EQ(last->settings->run.seed, 7) << "its own, from its checkpoint";
    EXPECT_EQ(store::ReadDescription(Path("run")).value().seed, 7);
    EXPECT_EQ(store::ReadDescription(Path("run")).value().lives.size(), broken ? 2u : 3u);
  }
  EXPECT_EQ(Episodes(Path("run")).size(), 6u);
}

TEST_F(Resuming, WithUntiedMasksAndAnEnsembleOfCriticsGivesTheSameBytes) {
  config::Settings s = TinySettings();
  auto& sac = s.Of<learn::SacSettings>();
  auto& lstm = s.Of<model::DropoutLstmSettings>();
  lstm.masks = "untied";
  lstm.batch = 9;
  sac.critics = 5;
  sac.target_critics = 2;
  sac.actor_value = "mean";
  s.run.episodes = 4;
  Finish(MustCreate(s, Path("whole")).get());
  s.run.episodes = 1;
  s.run.threads = 3;  // does not matter either
  Finish(MustCreate(s, Path("parts")).get());
  for (int n = 2; n <= 4; ++n) Continue(Path("parts"), n);
  const std::vector<const char*> ensemble{"sac.critic4", "sac.target4", "sac.critic_adam4.v"};
  EXPECT_EQ(Episodes(Path("whole")).size(), 6u);
  EXPECT_EQ(Episodes(Path("whole")), Episodes(Path("parts")));
  EXPECT_EQ(State(Path("whole"), ensemble), State(Path("parts"), ensemble));
  // Its decisions are made again to the bit, under masks of the same shape.
  auto replayer = Replayer::Open(Path("parts"));
  ASSERT_TRUE(replayer.ok()) << replayer.error().message;
  Reevaluate request;
  request.episode = 3;
  const Reevaluated again = replayer.value()->Do(request);
  EXPECT_TRUE(again.same) << again.problem << again.sentence;
  // Each option is felt.
  for (const char* key : {"model.masks", "sac.target_critics", "sac.actor_value"}) {
    config::Settings other = s;
    const config::Value value =
        config::FindSpec(key)->type == config::Spec::Type::kInt ? config::Value(5) : config::FindSpec(key)->fallback;
    ASSERT_TRUE(config::Set(other, key, value).ok());
    other.run.episodes = 1;
    Finish(MustCreate(other, Path(key)).get());
    EXPECT_NE(Episodes(Path(key)).back(), Episodes(Path("whole"))[2]) << key;
  }
}

TEST_F(Resuming, AfterAQuitInTheMiddleOfAnyPhaseGivesTheSameBytes) {
  config::Settings s = TinySettings();
  s.run.threads = 2;
  Finish(MustCreate(s, Path("whole")).get());
  auto engine = MustCreate(s, Path("parts"));
  int quits = 0;
  while (true) {
    // A different moment of the episode each time: after so many gradient or environment steps.
    engine->Start(true);
    for (int i = 0; i <= quits % 9; ++i) {
      const uint64_t before = engine->Latest()->sequence;
      engine->Post(Step{quits % 2 == 0 ? Step::Unit::kGradientStep : Step::Unit::kEnvironmentStep});
      WaitFor(
          *engine, [before](const Snapshot& p) { return p.sequence > before + 1; }, 0.2);
    }
    if (quits % 3 == 2) {
      engine->Post(Step{Step::Unit::kEpisode});
      WaitFor(
          *engine, [](const Snapshot& p) { return p.state != RunState::kRunning; }, 1.0);
    }
    engine->Post(Quit{});
    engine->Wait();
    if (engine->Latest()->state == RunState::kFinished || ++quits == 14) break;
    engine.reset();
    auto opened = Engine::Open(Path("parts"), 0);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    engine = std::move(opened).value();
  }
  engine.reset();
  EXPECT_GT(quits, 5);
  Continue(Path("parts"), 0);
  EXPECT_EQ(Episodes(Path("whole")), Episodes(Path("parts")));
  EXPECT_EQ(State(Path("whole")), State(Path("parts")));
}

TEST_F(Resuming, WithDistractorsInjectedAndAChangePendingGivesTheSameBytes) {
  auto steer = [](Engine* engine) {
    engine->Start(true);
    engine->Post(Step{Step::Unit::kEpisode});  // two random ones, then two picked ones
    for (size_t n = 1; n <= 4; ++n) {
      WaitFor(*engine, [n](const Snapshot& p) { return p.episodes->size() >= n && p.state == RunState::kPaused; });
      if (n < 4) engine->Post(Step{Step::Unit::kEpisode});
    }
    engine->Post(ChangeSetting{"distractors.active", true});
    engine->Post(ChangeSetting{"sac.entropy_bonus", 3.0});
  };
  config::Settings s = TinySettings();
  s.distractors.groups = 2;
  s.distractors.sinusoids = 3;
  auto whole = MustCreate(s, Path("whole"));
  steer(whole.get());
  whole->Post(Resume{});
  whole->Wait();
  auto parts = MustCreate(s, Path("parts"));
  steer(parts.get());
  parts->Post(Quit{});
  parts->Wait();
  parts.reset();
  for (int n : {4, 5, 6}) {
    const auto end = Continue(Path("parts"), n);
    ASSERT_NE(end, nullptr);
    EXPECT_TRUE(end->steered);
    EXPECT_EQ(end->settings->distractors.active, true);
    EXPECT_EQ(end->settings->Of<learn::SacSettings>().entropy_bonus, 3.0);
  }
  EXPECT_EQ(Episodes(Path("whole")), Episodes(Path("parts")));
  EXPECT_EQ(State(Path("whole")), State(Path("parts")));
}

TEST_F(Resuming, TheNewestEpisodesPosesAndNumbersAreThereAtOnce) {
  const auto before = Finish(MustCreate(TinySettings(), Path("run")).get());
  const auto opened = Engine::Open(Path("run"), 0);
  ASSERT_TRUE(opened.ok());
  const auto after = opened.value()->Latest();
  // What a tuned entropy bonus stood at, for instance: not where its tuning began.
  ASSERT_GT(after->episodes->back()->scalars.size(), 0u);
  EXPECT_EQ(after->scalars, after->episodes->back()->scalars.ToMap());
  ASSERT_NE(after->trace, nullptr);
  EXPECT_EQ(after->trace->episode, before->trace->episode);
  EXPECT_EQ(after->trace->qpos, before->trace->qpos);
  EXPECT_EQ(after->trace->reward, before->trace->reward);
  EXPECT_EQ(after->trace->terms, before->trace->terms);
}

TEST_F(Resuming, AFolderWhoseLastLinesHaveNoCheckpointCutsThemAndMakesThemAgain) {
  config::Settings s = TinySettings();
  Finish(MustCreate(s, Path("whole")).get());
  s.run.episodes = 3;
  Finish(MustCreate(s, Path("torn")).get());
  {
    std::ofstream more(store::RunPaths(Path("torn")).episodes, std::ios::app);
    more << "{\"episode\": 4, \"half a li";
    std::ofstream block(store::RunPaths(Path("torn")).replay, std::ios::app);
    block << "garbage of a write that was cut off";
  }
  Continue(Path("torn"), 6);
  EXPECT_EQ(Episodes(Path("whole")), Episodes(Path("torn")));
}

TEST_F(Resuming, ABrokenCheckpointGoesBackToTheOneBeforeItAndSaysSo) {
  config::Settings s = TinySettings();
  Finish(MustCreate(s, Path("whole")).get());
  s.run.episodes = 3;
  Finish(MustCreate(s, Path("run")).get());
  const store::RunPaths paths(Path("run"));
  std::string broken = ReadFile(paths.state).value();
  broken[broken.size() / 2] = static_cast<char>(broken[broken.size() / 2] ^ 1);
  ASSERT_TRUE(WriteFileAtomically(paths.state, broken).ok());
  {
    auto engine = Engine::Open(Path("run"), 6);
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    EXPECT_NE(engine.value()->Notes()[0].find(paths.state), std::string::npos) << engine.value()->Notes()[0];
    EXPECT_EQ(Finish(engine.value().get())->state, RunState::kFinished);
  }
  EXPECT_EQ(Episodes(Path("run")), Episodes(Path("whole")));
  EXPECT_EQ(ReadFile(Path("run") + "/cut-1.eqps").value(), broken) << "the damaged one is kept";
  for (const std::string& path : {paths.state, paths.previous}) ASSERT_TRUE(WriteFileAtomically(path, broken).ok());
  {
    auto engine = Engine::Open(Path("run"), 6);
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    const std::string note = engine.value()->Notes()[0];
    EXPECT_NE(note.find(paths.state), std::string::npos) << note;
    EXPECT_NE(note.find(paths.previous), std::string::npos) << note;
    EXPECT_NE(note.find("goes on from an older checkpoint, after episode 4."), std::string::npos) << note;
    EXPECT_EQ(Finish(engine.value().get())->state, RunState::kFinished);
  }
  EXPECT_EQ(Episodes(Path("run")), Episodes(Path("whole")));
  for (const std::string& path : {paths.state, paths.previous, paths.checkpoints + "/previous-2.eqps"})
    ASSERT_TRUE(WriteFileAtomically(path, broken).ok());
  const auto engine = Engine::Open(Path("run"), 0);
  ASSERT_FALSE(engine.ok());
  EXPECT_NE(engine.error().message.find(paths.state), std::string::npos) << engine.error().message;
}

TEST_F(Resuming, AsManyStatesAreKeptAsThereAreToBe) {
  for (const int states : {1, 2, 5}) {
    config::Settings s = TinySettings();
    s.run.episodes = 6;
    s.log.states = states;
    const std::string run = "run" + std::to_string(states);
    Finish(MustCreate(s, Path(run)).get());
    const store::RunPaths paths(Path(run));
    EXPECT_EQ(store::PreviousPaths(paths).size(), static_cast<size_t>(states - 1));
    // All but the oldest are damaged: the run goes on from that, to the same end.
    std::vector<std::string> newer = store::PreviousPaths(paths);
    newer.insert(newer.begin(), paths.state);
    newer.pop_back();
    for (const std::string& path : newer) ASSERT_TRUE(WriteFileAtomically(path, "no state").ok());
    const auto episodes = Episodes(Path(run));
    auto engine = Engine::Open(Path(run), 0);
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    EXPECT_EQ(Finish(engine.value().get())->state, RunState::kFinished);
    EXPECT_EQ(Episodes(Path(run)), episodes);
  }
}

// Each array of floats or doubles in turn, with a checksum that fits.
TEST_F(Resuming, ACheckpointWithANumberThatIsNotFiniteIsRefusedByTheArraysName) {
  config::Settings s = TinySettings();
  s.run.episodes = 2;
  Finish(MustCreate(s, Path("run")).get());
  const store::RunPaths paths(Path("run"));
  const std::string whole = ReadFile(paths.state).value();
  EXPECT_EQ(FirstNotFinite(whole), "");
  int arrays = 0;
  size_t at = 16;
  while (at + 4 < whole.size()) {
    uint32_t length = 0;
    uint64_t count = 0;
    std::memcpy(&length, whole.data() + at, sizeof length);
    const std::string name = whole.substr(at + 4, length);
    const char type = whole[at + 4 + length];
    std::memcpy(&count, whole.data() + at + 5 + length, sizeof count);
    const size_t data = at + 13 + length, width = type == 4 ? 1 : type == 1 ? 4 : 8;
    at = data + count * width;
    if (type > 2 || count == 0) continue;
    ++arrays;
    std::string bytes = whole;
    const float narrow = INFINITY;
    const double wide = NAN;
    const size_t last = data + (count - 1) * width;
    std::memcpy(bytes.data() + last, type == 1 ? static_cast<const void*>(&narrow) : &wide, width);
    const uint32_t sum = Crc32(bytes.data(), bytes.size() - sizeof sum);
    std::memcpy(bytes.data() + bytes.size() - sizeof sum, &sum, sizeof sum);
    ASSERT_TRUE(WriteFileAtomically(paths.state, bytes).ok());
    const auto state = ReadState(paths, paths.state);
    ASSERT_FALSE(state.ok()) << name;
    EXPECT_NE(state.error().message.find("\"" + name + "\" holds numbers that are not finite"), std::string::npos)
        << state.error().message;
  }
  EXPECT_GT(arrays, 20);
  auto engine = Engine::Open(Path("run"), 3);
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  EXPECT_NE(engine.value()->Notes()[0].find("not finite"), std::string::npos) << engine.value()->Notes()[0];
}

TEST_F(Resuming, ALogOfEventsThatIsGoneGivesUpNoMoreThanTheStatesThatKnowOfThem) {
  config::Settings s = TinySettings();
  Finish(MustCreate(s, Path("whole")).get());
  s.run.episodes = 4;
  Finish(MustCreate(s, Path("run")).get());
  const store::RunPaths paths(Path("run"));
  std::ofstream(paths.progress, std::ios::app) << "x";  // which is noted
  Finish(Engine::Open(Path("run"), 5).value().get());
  ASSERT_GT(std::filesystem::file_size(paths.events), 0u);
  std::filesystem::remove(paths.events);
  auto engine = Engine::Open(Path("run"), 6);
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  EXPECT_NE(engine.value()->Notes()[0].find(paths.events), std::string::npos) << engine.value()->Notes()[0];
  EXPECT_EQ(Finish(engine.value().get())->state, RunState::kFinished);
  EXPECT_EQ(Episodes(Path("run")), Episodes(Path("whole")));
}

TEST_F(Resuming, AFullDiskStopsTheRunWithAReasonAndLosesNoCompleteEpisode) {
  config::Settings s = TinySettings();
  s.run.episodes = 200;
  auto engine = MustCreate(s, Path("run"));
  // A file may grow to 160 kB and no further: what a full disk looks like to the program.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit small{160 * 1024, old.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto end = Finish(engine.get());
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
  EXPECT_EQ(end->state, RunState::kStopped);
  EXPECT_NE(end->stopped_reason.find(Path("run")), std::string::npos) << end->stopped_reason;
  engine.reset();
  const size_t before = Episodes(Path("run")).size();
  EXPECT_GT(before, 5u) << end->stopped_reason;
  auto again = Engine::Open(Path("run"), static_cast<int>(before) + 3);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(Finish(again.value().get())->state, RunState::kFinished);
}

}  // namespace
}  // namespace equipoise::run
