// What a repair does to checkpoints that were kept for interventions, and what it would do.
#include "engine/run/repair.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "engine/base/atomic_file.h"
#include "engine/store/folder_lock.h"
#include "engine/store/kept_checkpoints.h"
#include "tests/engine/disk_moments.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;

// The folder for temporary files, for as long as this lives.
class TemporariesIn {
 public:
  explicit TemporariesIn(const std::string& folder) {
    if (const char* before = ::getenv("TMPDIR")) before_ = before;
    fs::create_directories(folder);
    ::setenv("TMPDIR", folder.c_str(), 1);
  }
  ~TemporariesIn() {
    if (before_)
      ::setenv("TMPDIR", before_->c_str(), 1);
    else
      ::unsetenv("TMPDIR");
  }
  TemporariesIn(const TemporariesIn&) = delete;
  TemporariesIn& operator=(const TemporariesIn&) = delete;

 private:
  std::optional<std::string> before_;
};

class Repairing : public RunTest {
 protected:
  // Two random episodes and four picked ones; touched before the first and before the third.
  void SetUp() override {
    RunTest::SetUp();
    config::Settings s = TinySettings();
    s.run.episodes = 4;
    s.log.tensorboard = true;
    auto engine = MustCreate(s, Path("run"));
    engine->Start(true);
    RunEpisodes(engine.get(), 2);
    engine->Post(ChangeSetting{"sac.entropy_bonus", 3.0});
    RunEpisodes(engine.get(), 2);
    engine->Post(ChangeSetting{"model.eta", 2.0});
    engine->Post(Resume{});
    engine->Wait();
    ASSERT_EQ(store::ListKept(store::RunPaths(Path("run"))), (std::vector<std::string>{"before-1", "before-2"}));
  }
  static void RunEpisodes(Engine* engine, int count) {
    for (int i = 0; i < count; ++i) {
      const size_t had = engine->Latest()->episodes->size();
      engine->Post(Step{Step::Unit::kEpisode});
      ASSERT_TRUE(WaitFor(
          *engine, [had](const Snapshot& p) { return p.episodes->size() > had && p.state != RunState::kRunning; }));
    }
  }
  static void DamageLine(const std::string& path, int line, const std::string& from, const std::string& to) {
    std::string text = ReadFile(path).value();
    size_t at = 0;
    for (int i = 1; i < line; ++i) at = text.find('\n', at) + 1;
    at = text.find(from, at);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
    std::ofstream(path, std::ios::binary) << text;
  }
  // Goes back to a kept checkpoint and on to the end; "" or why not.
  static std::string RollBackAndGoOn(const std::string& dir, const std::string& name) {
    auto opened = Engine::Open(dir, 0);
    if (!opened.ok()) return opened.error().message;
    auto engine = std::move(opened).value();
    engine->Post(RollBack{name});
    engine->Start(false);
    engine->Wait();
    const auto end = engine->Latest();
    if (!end->refused.empty()) return end->refused.back();
    if (end->state != RunState::kFinished) return "stopped: " + end->stopped_reason;
    return end->events->back()->checkpoint == name ? "" : "not rolled back";
  }
  static std::vector<double> Returns(const std::string& dir) {
    std::vector<double> out;
    for (const EpisodeRecord& r : ReadHistory(dir).value().episodes) out.push_back(r.episode_return);
    return out;
  }
  static std::string All(const std::vector<std::string>& sentences) {
    std::string text;
    for (const std::string& sentence : sentences) text += sentence + "\n";
    return text;
  }
  // Every file and folder in it, with bytes and time.
  static std::map<std::string, std::pair<std::string, fs::file_time_type>> Everything(const std::string& dir) {
    std::map<std::string, std::pair<std::string, fs::file_time_type>> out;
    for (const auto& entry : fs::recursive_directory_iterator(dir))
      out[entry.path().string()] = {entry.is_regular_file() ? ReadFile(entry.path().string()).value() : "folder",
                                    entry.last_write_time()};
    out["."] = {"", fs::last_write_time(dir)};
    return out;
  }
  // As on a full disk: in the place of the file that is written first and then gets this name lies something else.
  static std::string KeepFromBeingWritten(const std::string& path) {
    const std::string folder = path + ".tmp-" + std::to_string(::getpid());
    fs::create_directories(folder + "/in the way");
    return folder;
  }
  void Copy(const std::string& to) { fs::copy(Path("run"), Path(to), fs::copy_options::recursive); }
};

TEST_F(Repairing, KeptCheckpointsAreToldHowLongTheMendedLogsAre) {
  Copy("control");
  ASSERT_EQ(RollBackAndGoOn(Path("control"), "before-2"), "");
  // A line that stands before both, one between them, and the first event: each mended in its way.
  const std::vector<std::tuple<const char*, int, const char*, const char*>> damages = {
      {"episodes.jsonl", 1, "{", "#"},
      {"episodes.jsonl", 3, "\"episode\"", "\"epi"},
      {"episodes.jsonl", 4, "{", "   {"},
      {"events.jsonl", 1, "{\"kind\"", "kind"}};
  for (const auto& [file, line, from, to] : damages) {
    const std::string what = std::string(file) + ":" + std::to_string(line);
    for (const char* name : {"before-1", "before-2"}) {
      fs::remove_all(Path("damaged"));
      Copy("damaged");
      DamageLine(Path("damaged") + "/" + file, line, from, to);
      const auto report = Repair(Path("damaged"));
      ASSERT_TRUE(report.ok() && report.value().goes_on) << what << ": " << report.error().message;
      EXPECT_EQ(store::ListKept(store::RunPaths(Path("damaged"))).size(), 2u) << All(report.value().mended);
      EXPECT_EQ(RollBackAndGoOn(Path("damaged"), name), "") << what;
      EXPECT_EQ(Returns(Path("damaged")).size(), 6u);
      const bool later = name == std::string("before-2");
      EXPECT_EQ(Returns(Path("damaged")) == Returns(Path("control")), later) << what << ", " << name;
      const auto again = Repair(Path("damaged"));
      ASSERT_TRUE(again.ok());
      EXPECT_EQ(All(again.value().mended) + All(again.value().lost), "") << what;
    }
  }
}

// What a repair that was cut off left, or one of a version that did not do it.
TEST_F(Repairing, AKeptCheckpointThatDoesNotStandIsToldLater) {
  const std::string kept = ReadFile(Path("run/checkpoints/before-2.eqps")).value();
  DamageLine(Path("run/episodes.jsonl"), 3, "\"episode\"", "\"epi");
  ASSERT_TRUE(Repair(Path("run")).ok());
  std::ofstream(Path("run/checkpoints/before-2.eqps"), std::ios::binary) << kept;
  Copy("untold");
  EXPECT_NE(RollBackAndGoOn(Path("untold"), "before-2").find("Not rolled back"), std::string::npos)
      << "refused, and the run goes on as it is";
  EXPECT_EQ(Returns(Path("untold")), Returns(Path("run")));
  ASSERT_TRUE(Repair(Path("run")).ok());
  EXPECT_EQ(RollBackAndGoOn(Path("run"), "before-2"), "");
}

TEST_F(Repairing, KeptCheckpointsBehindWhatIsLeftGoAsideAndAreNamed) {
  const std::string kept = ReadFile(Path("run/checkpoints/before-2.eqps")).value();
  // The third of six episodes: the states after it cannot be had, before-1 can.
  std::string replay = ReadFile(Path("run/checkpoints/replay.bin")).value();
  replay.resize(replay.size() / 2 - 1);
  std::ofstream(Path("run/checkpoints/replay.bin"), std::ios::binary) << replay;
  const auto report = Repair(Path("run"));
  ASSERT_TRUE(report.ok()) << report.error().message;
  const std::string said = All(report.value().mended);
  EXPECT_TRUE(report.value().goes_on) << said;
  const size_t at = said.find("before-2 was kept later than what is left of the run");
  ASSERT_NE(at, std::string::npos) << said;
  const size_t cut = said.find("cut-", at);
  EXPECT_EQ(ReadFile(Path("run/") + said.substr(cut, said.find('.', said.find('.', cut) + 1) - cut)).value(), kept)
      << said;
  EXPECT_EQ(store::ListKept(store::RunPaths(Path("run"))), (std::vector<std::string>{"before-1"}));
  Finish(Engine::Open(Path("run"), 0).value().get());
  EXPECT_EQ(Returns(Path("run")).size(), 6u);
}

TEST_F(Repairing, AKeptCheckpointThatCannotBeReadIsNamedAndKeepsNothingFromBeingMended) {
  const std::string kept = Path("run/checkpoints/before-1.eqps");
  fs::remove(kept);
  fs::create_directory(kept);
  DamageLine(Path("run/episodes.jsonl"), 3, "\"episode\"", "\"epi");
  const auto report = Repair(Path("run"));
  ASSERT_TRUE(report.ok()) << report.error().message;
  const std::string mended = All(report.value().mended), lost = All(report.value().lost);
  EXPECT_NE(lost.find("The kept checkpoint before-1 was left as it is: cannot read " + kept), std::string::npos)
      << lost;
  EXPECT_TRUE(fs::is_directory(kept));
  EXPECT_EQ(mended.find("The state that was given up"), std::string::npos) << mended;
  EXPECT_EQ(mended.find("The run goes back"), std::string::npos) << mended;
  EXPECT_TRUE(report.value().goes_on) << lost;
  EXPECT_EQ(report.value().episodes, 4);
  EXPECT_EQ(RollBackAndGoOn(Path("run"), "before-2"), "");
  EXPECT_EQ(Returns(Path("run")).size(), 6u);
}

// The newest state is not given up for an older one, and a repair with room does what is left to do.
TEST_F(Repairing, ADiskThatTakesNoMoreGivesUpNoState) {
  DamageLine(Path("run/episodes.jsonl"), 3, "\"episode\"", "\"epi");
  const std::string state = ReadFile(Path("run/checkpoints/state.eqps")).value();
  for (const char* file : {"state.eqps", "before-2.eqps"}) {
    fs::remove_all(Path("full"));
    Copy("full");
    const std::string path = Path("full/checkpoints/") + file;
    const std::string obstacle = KeepFromBeingWritten(path);
    const auto report = Repair(Path("full"));
    ASSERT_TRUE(report.ok()) << report.error().message;
    const std::string mended = All(report.value().mended), lost = All(report.value().lost);
    EXPECT_NE(lost.find("cannot write " + path), std::string::npos) << lost;
    EXPECT_EQ(mended.find("The state that was given up"), std::string::npos) << mended;
    EXPECT_EQ(mended.find("The run goes back"), std::string::npos) << mended;
    const bool is_state = file == std::string("state.eqps");
    EXPECT_EQ(report.value().goes_on, !is_state) << lost;
    if (is_state) {
      EXPECT_EQ(ReadFile(path).value(), state);
    }
    fs::remove_all(obstacle);
    const auto again = Repair(Path("full"));
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_TRUE(again.value().goes_on) << All(again.value().lost);
    EXPECT_EQ(again.value().episodes, 4);
    EXPECT_EQ(RollBackAndGoOn(Path("full"), "before-2"), "") << file;
    EXPECT_EQ(Returns(Path("full")).size(), 6u);
  }
}

TEST_F(Repairing, WithoutTheEventsAKeptCheckpointCanStillBeGoneBackTo) {
  Copy("control");
  ASSERT_EQ(RollBackAndGoOn(Path("control"), "before-2"), "");
  for (const char* name : {"before-1", "before-2"}) {
    fs::remove_all(Path("damaged"));
    Copy("damaged");
    fs::remove(Path("damaged/events.jsonl"));
    const auto report = Repair(Path("damaged"));
    ASSERT_TRUE(report.ok()) << report.error().message;
    const std::string mended = All(report.value().mended);
    EXPECT_TRUE(report.value().goes_on) << All(report.value().lost);
    EXPECT_EQ(mended.find("was kept later"), std::string::npos) << mended;
    EXPECT_EQ(store::ListKept(store::RunPaths(Path("damaged"))), (std::vector<std::string>{"before-1", "before-2"}));
    EXPECT_EQ(RollBackAndGoOn(Path("damaged"), name), "");
    EXPECT_EQ(Returns(Path("damaged")).size(), 6u);
    EXPECT_EQ(Returns(Path("damaged")) == Returns(Path("control")), name == std::string("before-2"));
  }
}

TEST_F(Repairing, ADryRunLeavesOutLinksThatLeadNowhere) {
  const TemporariesIn temporaries(Path("scratch"));
  for (const char* link : {"export", "dashboard.png", "cut-1.jsonl", "notes.txt"})
    fs::create_symlink("nowhere", Path("run/") + link);
  const auto would = RehearseRepair(Path("run"));
  ASSERT_TRUE(would.ok()) << would.error().message;
  EXPECT_TRUE(would.value().goes_on);
  EXPECT_EQ(All(would.value().mended) + All(would.value().lost), "");
}

TEST_F(Repairing, TheNextDryRunRemovesTheCopyOfOneThatWasKilled) {
  const TemporariesIn temporaries(Path("scratch"));
  const auto left = [&] {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(Path("scratch"))) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  };
  // Of a dry run that is still at work, and of somebody else.
  fs::create_directories(Path("scratch/equipoise-dry-run-living"));
  const auto living = store::FolderLock::Take(Path("scratch/equipoise-dry-run-living"));
  ASSERT_TRUE(living.ok());
  fs::create_directories(Path("scratch/equipoise-dry-run-notes"));
  std::ofstream(Path("scratch/equipoise-dry-run-notes/text")) << "somebody's";
  const std::vector<std::string> stay = left();
  for (const int moment : {1, 2, 4}) {
    const pid_t child = ::fork();
    if (child == 0) {
      int moments = 0;
      const testing_support::DiskMoments hook([&] {
        if (++moments == moment) ::_exit(0);
      });
      (void)RehearseRepair(Path("run")).ok();
      ::_exit(1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    ASSERT_EQ(status, 0) << "it was not killed at moment " << moment;
    EXPECT_EQ(left().size(), stay.size() + 1) << "the control: it left its copy";
    EXPECT_TRUE(RehearseRepair(Path("run")).ok());
    EXPECT_EQ(left(), stay) << moment;
  }
}

TEST_F(Repairing, ADryRunSaysTheSameAndChangesNothing) {
  const TemporariesIn temporaries(Path("scratch"));
  const std::string event_file = store::ReadDescription(Path("run")).value().tensorboard;
  fs::create_directories(Path("run/export"));
  std::ofstream(Path("run/cut-1.jsonl")) << "of an earlier time";
  fs::create_directory(Path("run/rolled-back-1"));
  const std::vector<std::pair<std::string, std::string>> damages = {{"", ""},
                                                                    {"episodes.jsonl", "line"},
                                                                    {"episodes.jsonl", "half"},
                                                                    {"events.jsonl", "line"},
                                                                    {"progress.csv", "gone"},
                                                                    {event_file, "half"},
                                                                    {"run.json", "half"},
                                                                    {"run.json", "gone"},
                                                                    {"checkpoints/state.eqps", "half"},
                                                                    {"checkpoints/replay.bin", "half"},
                                                                    {"checkpoints/replay.bin", "gone"}};
  fs::remove(Path("run/.lock"));
  for (const auto& [file, damage] : damages) {
    fs::remove_all(Path("damaged"));
    Copy("damaged");
    const std::string path = Path("damaged/" + file);
    if (damage == "line") DamageLine(path, 1, "\"episode\"", "\"epi");
    if (damage == "half") fs::resize_file(path, fs::file_size(path) / 2);
    if (damage == "gone") fs::remove(path);
    const auto before = Everything(Path("damaged"));
    const auto would = RehearseRepair(Path("damaged"));
    EXPECT_EQ(Everything(Path("damaged")), before) << file << " " << damage;
    const auto does = Repair(Path("damaged"));
    ASSERT_EQ(would.ok(), does.ok()) << file << " " << damage;
    if (!does.ok()) {
      EXPECT_EQ(would.error().message, does.error().message);
      continue;
    }
    EXPECT_EQ(All(would.value().mended), All(does.value().mended)) << file << " " << damage;
    EXPECT_EQ(All(would.value().lost), All(does.value().lost)) << file << " " << damage;
    EXPECT_EQ(would.value().goes_on, does.value().goes_on);
    EXPECT_EQ(would.value().episodes, does.value().episodes);
    EXPECT_EQ(All(does.value().mended).empty() && All(does.value().lost).empty(), damage.empty());
    EXPECT_TRUE(damage.empty() || Everything(Path("damaged")) != before) << "the control: a repair does change it";
  }
  for (const auto& entry : fs::directory_iterator(Path("scratch"))) ADD_FAILURE() << "a dry run left " << entry.path();
  const auto held = store::FolderLock::Take(Path("run"));
  EXPECT_NE(RehearseRepair(Path("run")).error().message.find("is being written by process"), std::string::npos);
  EXPECT_FALSE(RehearseRepair(Path("nothing")).ok());
}

}  // namespace
}  // namespace equipoise::run
