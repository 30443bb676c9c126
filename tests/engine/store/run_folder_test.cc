#include "engine/store/run_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "engine/base/atomic_file.h"
#include "engine/store/kept_checkpoints.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise::store {
namespace {

namespace fs = std::filesystem;
using testing_support::TemporaryFolder;

RunDescription Description() {
  RunDescription d;
  d.version = "0.1.0";
  d.task = "cartpole";
  d.agent = "unified";
  d.preset = "cpu";
  d.seed = 7;
  d.settings_json = R"({"model":{"dropout":0.02}})";
  d.versions = {{"LibTorch", "1.13.1"}, {"MuJoCo", "2.2.2"}};
  d.device = "CPU, 2 threads";
  return d;
}

RunFolder Make(const std::string& path) {
  return RunFolder::Create(path, Description(), {{"episode", "pick", "episode_return"}, true}).value();
}

std::string MessageOf(const Status& status) { return status.ok() ? "" : status.error().message; }

TEST(RunFolder, DescribesItselfInRunJson) {
  TemporaryFolder folder;
  RunFolder run = Make(folder / "deep/er/run-1/");
  const RunDescription d = ReadDescription(folder / "deep/er/run-1").value();
  EXPECT_EQ(d.name, "run-1");
  EXPECT_EQ(d.task, "cartpole");
  EXPECT_EQ(d.seed, 7);
  EXPECT_EQ(d.settings_json, R"({"model":{"dropout":0.02}})");
  EXPECT_EQ(d.versions.at("MuJoCo"), "2.2.2");
  EXPECT_EQ(d.host, HostName());
  EXPECT_EQ(d.started.size(), 20u);
  EXPECT_EQ(d.condition, RunCondition::kRunning);
  EXPECT_FALSE(d.steered);
  ASSERT_EQ(MessageOf(run.SetCondition(RunCondition::kCrashed, true, "the simulation diverged")), "");
  const RunDescription after = ReadDescription(folder / "deep/er/run-1").value();
  EXPECT_EQ(after.condition, RunCondition::kCrashed);
  EXPECT_TRUE(after.steered);
  EXPECT_EQ(after.reason, "the simulation diverged");
}

TEST(RunFolder, RefusesAFolderThatIsNotEmpty) {
  TemporaryFolder folder;
  folder.Write("thesis.txt", "x");
  const Result<RunFolder> run = RunFolder::Create(folder.path(), Description(), {});
  ASSERT_FALSE(run.ok());
  EXPECT_NE(run.error().message.find("is not empty"), std::string::npos);
  EXPECT_EQ(ReadFile(folder / "thesis.txt").value(), "x");
  EXPECT_FALSE(fs::exists(folder / "run.json"));
}

TEST(RunFolder, RefusesAPathThatIsAFile) {
  TemporaryFolder folder;
  folder.Write("file", "x");
  EXPECT_FALSE(RunFolder::Create(folder / "file", Description(), {}).ok());
  EXPECT_FALSE(RunFolder::Create(folder / "file/inside", Description(), {}).ok());
}

TEST(RunFolder, RefusesAPlaceWhereItMayNotWrite) {
  const Result<RunFolder> run = RunFolder::Create("/proc/equipoise-run", Description(), {});
  ASSERT_FALSE(run.ok());
  EXPECT_NE(run.error().message.find("/proc/equipoise-run"), std::string::npos);
}

TEST(RunFolder, HasOneWriterAtATime) {
  TemporaryFolder folder;
  {
    RunFolder run = Make(folder / "r");
    EXPECT_NE(FolderLock::Holder(folder / "r").find("process " + std::to_string(::getpid())), std::string::npos);
    const Result<RunFolder> second = RunFolder::Open(folder / "r");
    ASSERT_FALSE(second.ok());
    EXPECT_NE(second.error().message.find("is being written by process " + std::to_string(::getpid())),
              std::string::npos);
  }
  EXPECT_EQ(FolderLock::Holder(folder / "r"), "");
  EXPECT_TRUE(RunFolder::Open(folder / "r").ok());
}

// The lock belongs to the process: it goes when the process dies without a word.
TEST(RunFolder, CanBeTakenOverFromAProcessThatDied) {
  TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    const Result<RunFolder> run = RunFolder::Create(folder / "r", Description(), {});
    ::_exit(run.ok() ? 0 : 1);  // no destructors, as after a crash
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  EXPECT_EQ(ReadDescription(folder / "r").value().condition, RunCondition::kRunning);
  EXPECT_EQ(FolderLock::Holder(folder / "r"), "");
  EXPECT_TRUE(RunFolder::Open(folder / "r").ok());
}

TEST(RunFolder, WritesProgressAsCsvWithHeader) {
  TemporaryFolder folder;
  RunFolder run = Make(folder / "r");
  ASSERT_TRUE(run.AppendProgress({{"episode", "1"}, {"pick", "a \"b\", c"}, {"unlisted", "9"}}).ok());
  ASSERT_TRUE(run.AppendProgress({{"episode_return", "0.5"}}).ok());
  EXPECT_EQ(ReadFile(run.paths().progress).value(), "episode,pick,episode_return\n1,\"a \"\"b\"\", c\",\n,,0.5\n");
}

// What was written after the checkpoint is made again by the continued run, so it must not be there twice.
TEST(RunFolder, ContinuesFromTheCheckpointAndCutsWhatCameAfter) {
  TemporaryFolder folder;
  std::vector<int64_t> packed;
  std::string tensorboard_at_checkpoint;
  const auto tensorboard = [&] {
    for (const auto& entry : fs::directory_iterator(folder / "r"))
      if (entry.path().filename().string().rfind("events.out.tfevents.", 0) == 0)
        return ReadFile(entry.path().string()).value();
    return std::string("none");
  };
  {
    RunFolder run = Make(folder / "r");
    ASSERT_TRUE(run.AppendEpisode(R"({"episode":1})").ok());
    ASSERT_TRUE(run.AppendEvent(R"({"text":"one"})").ok());
    ASSERT_TRUE(run.AppendProgress({{"episode", "1"}}).ok());
    ASSERT_TRUE(run.AppendScalars(200, 1.0, {{"episode.return", 1}}).ok());
    packed = run.sizes().Pack();
    ASSERT_TRUE(run.WriteCheckpoint("state after 1").ok());
    tensorboard_at_checkpoint = tensorboard();
    ASSERT_TRUE(run.AppendEpisode(R"({"episode":2})").ok());
    ASSERT_TRUE(run.AppendEvent(R"({"text":"two"})").ok());
    ASSERT_TRUE(run.AppendProgress({{"episode", "2"}}).ok());
    ASSERT_TRUE(run.AppendScalars(400, 2.0, {{"episode.return", 2}}).ok());
  }
  std::ofstream(folder / "r/episodes.jsonl", std::ios::app) << R"({"episode":3, "ret)";  // a process cut off

  RunFolder run = RunFolder::Open(folder / "r").value();
  EXPECT_EQ(ReadLines(run.paths().episodes).value().size(), 2u) << "half a line is not a line";
  EXPECT_EQ(run.ReadCheckpoint().value(), "state after 1");
  ASSERT_EQ(MessageOf(run.CutTo(LogSizes::Unpack(packed).value())), "");
  EXPECT_EQ(ReadDescription(folder / "r").value().resumed.size(), 0u) << "until it really goes on";
  ASSERT_EQ(MessageOf(run.RecordResumption({})), "");
  EXPECT_EQ(run.sizes().Pack(), packed);
  EXPECT_EQ(tensorboard(), tensorboard_at_checkpoint);
  ASSERT_TRUE(run.AppendEpisode(R"({"episode":2,"again":true})").ok());
  ASSERT_TRUE(run.AppendProgress({{"episode", "2"}, {"pick", "x"}}).ok());
  // The checks by Python: check = zlib.crc32(("%08x" % check + line).encode())
  EXPECT_EQ(ReadFile(run.paths().episodes).value(),
            "{\"episode\":1,\"check\":\"562fb735\"}\n{\"episode\":2,\"again\":true,\"check\":\"4990079d\"}\n");
  EXPECT_EQ(ReadFile(run.paths().events).value(), "{\"text\":\"one\",\"check\":\"2ff7fb65\"}\n");
  EXPECT_EQ(ReadFile(run.paths().progress).value(), "episode,pick,episode_return\n1,,\n2,x,\n");
  EXPECT_EQ(ReadDescription(folder / "r").value().resumed.size(), 1u);
}

TEST(RunFolder, SaysWhatIsWrongWithAFolderThatIsNoRun) {
  TemporaryFolder folder;
  EXPECT_EQ(RunFolder::Open("/nonexistent").error().message, "there is no folder /nonexistent");
  EXPECT_EQ(RunFolder::Open(folder.path()).error().message, folder.path() + " is not a run: it holds no run.json");
  folder.Write("run.json", "{");
  EXPECT_NE(RunFolder::Open(folder.path()).error().message.find("the folder holds no run"), std::string::npos);
  fs::create_directory(folder / "checkpoints");
  folder.Write("checkpoints/state.eqps", "no state either");
  folder.Write("run.json", "{\"name\": 3}");
  const std::string broken = RunFolder::Open(folder.path()).error().message;
  EXPECT_EQ(broken.find(folder / "run.json" + ": \"name\" should be a text."), 0u) << broken;
  EXPECT_NE(broken.find("equipoise repair"), std::string::npos) << "what to do: " << broken;
  folder.Write("run.json", "[1,");
  EXPECT_NE(RunFolder::Open(folder.path()).error().message.find("not valid JSON"), std::string::npos);
}

// Whoever is ended before the new state has its name, again and again, loses no older one by that.
TEST(RunFolder, KeepsTheStatesBeforeTheLastOneOnce) {
  TemporaryFolder folder;
  const RunFolder run = Make(folder / "r");
  const RunPaths& paths = run.paths();
  const auto write = [&](const std::string& state) { ASSERT_TRUE(WriteFileAtomically(paths.state, state).ok()); };
  write("1");
  KeepPrevious(paths, 3);
  write("2");
  for (int ended = 0; ended < 3; ++ended) KeepPrevious(paths, 3);
  const std::vector<std::string> kept = PreviousPaths(paths);
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(ReadFile(kept[0]).value(), "2");
  EXPECT_EQ(ReadFile(kept[1]).value(), "1");
  write("3");
  KeepPrevious(paths, 3);
  EXPECT_EQ(ReadFile(kept[0]).value(), "3");
  EXPECT_EQ(ReadFile(kept[1]).value(), "2");
}

TEST(RunFolder, IsBlankBeforeItsFirstCheckpointAndStartsAgain) {
  TemporaryFolder folder;
  { RunFolder run = Make(folder / "r"); }
  fs::remove(folder / "r/progress.csv");  // killed in the middle of it
  {
    RunFolder run = RunFolder::Open(folder / "r").value();
    ASSERT_TRUE(run.IsBlank());
    run.SetOptions({{"episode", "pick"}, true});
    ASSERT_EQ(MessageOf(run.StartAgain({})), "");
    EXPECT_EQ(ReadFile(run.paths().progress).value(), "episode,pick\n");
    ASSERT_EQ(MessageOf(run.WriteCheckpoint("state")), "");
    EXPECT_FALSE(run.IsBlank());
  }
  fs::remove(folder / "r/checkpoints/state.eqps");
  EXPECT_TRUE(RunFolder::Open(folder / "r").value().IsBlank());
  {
    RunFolder run = RunFolder::Open(folder / "r").value();
    ASSERT_EQ(MessageOf(run.StartAgain({})), "");
    ASSERT_TRUE(run.AppendEpisode(R"({"episode":1})").ok());
  }
  EXPECT_FALSE(RunFolder::Open(folder / "r").value().IsBlank()) << "there is something to lose";
  EXPECT_FALSE(LogSizes::Unpack({1, 2, 3}).ok());
}

}  // namespace
}  // namespace equipoise::store
