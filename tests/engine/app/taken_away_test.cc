// What becomes of a run in the terminal whose files somebody else removes, replaces or moves away while it goes on.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>

#include "engine/base/atomic_file.h"
#include "engine/run/derived.h"
#include "engine/store/checked_log.h"
#include "engine/store/folder_lock.h"
#include "engine/store/tensorboard.h"
#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;

class TakenAway : public ProgramTest {
 protected:
  // Waits until it has noticed: so many more episodes are in its log.
  bool GoOn(Program* program) { return WaitForEpisodes(program, Run(), Episodes(Run()) + 3); }
  std::string Told() const {
    std::string text;
    const auto history = run::ReadHistory(Run());
    EXPECT_TRUE(history.ok()) << history.error().message;
    for (const run::Event& event : history.value().events) text += event.text + "\n";
    return text;
  }
  // Every file holds what it should, and the run goes on from it.
  void ExpectWhole() {
    const store::RunPaths paths(Run());
    const auto episodes = store::VerifyLog(paths.episodes), events = store::VerifyLog(paths.events);
    EXPECT_FALSE(episodes.value().damage);
    EXPECT_FALSE(events.value().damage);
    const std::string table = ReadFile(paths.progress).value();
    const std::string header = table.substr(0, table.find('\n'));
    std::vector<std::string> columns;
    std::istringstream names(header);
    for (std::string name; std::getline(names, name, ',');) columns.push_back(name);
    EXPECT_EQ(table, run::ProgressText(Run(), columns).value()) << "a row for every episode";
    const std::string event_file = store::ReadDescription(Run()).value().tensorboard;
    EXPECT_TRUE(
        store::SameButForTheClock(ReadFile(Run() + "/" + event_file).value(), run::EventBytes(Run(), {}).value()));
    const size_t had = Episodes(Run());
    Start resume;
    resume.arguments = {"resume", "run", "--episodes", std::to_string(had)};  // two more: two were random
    Program program(folder_.path(), resume);
    EXPECT_EQ(program.Wait().code, 0) << program.Err();
    EXPECT_EQ(program.Out().find("note: "), std::string::npos) << program.Out();
    EXPECT_EQ(Episodes(Run()), had + 2);
  }
};

class TakenAwayFile : public TakenAway, public testing::WithParamInterface<const char*> {};

TEST_P(TakenAwayFile, IsMadeAgainWithTheNextEpisode) {
  Program program(folder_.path(), Endless());
  ASSERT_TRUE(WaitForEpisodes(&program, Run(), 5)) << program.Err();
  std::string file = GetParam();
  if (file == "the TensorBoard file") file = store::ReadDescription(Run()).value().tensorboard;
  // Renamed, which is one moment: what was its file goes with it.
  fs::rename(Run() + "/" + file, folder_ / "away");
  ASSERT_TRUE(WaitUntil([&] { return fs::exists(Run() + "/" + file) || !program.Running(); }));
  ASSERT_TRUE(GoOn(&program)) << program.Err();
  if (file != "checkpoints/state.eqps" && file != "decisions") {
    EXPECT_NE(Told().find(file.substr(file.find('/') + 1) + " "), std::string::npos) << Told();
  }
  EXPECT_NE(store::FolderLock::Holder(Run()), "");
  program.Signal(SIGTERM);
  ASSERT_EQ(program.Wait().code, 75) << program.Err();
  ExpectWhole();
}

INSTANTIATE_TEST_SUITE_P(All, TakenAwayFile,
                         testing::Values("progress.csv", "the TensorBoard file", "episodes.jsonl", "events.jsonl",
                                         "run.json", "checkpoints/replay.bin", "checkpoints/state.eqps", "checkpoints",
                                         "decisions", ".lock"));

TEST_F(TakenAway, WhatTakesAFilesPlaceIsKeptBesideIt) {
  for (const char* name : {"progress.csv", "the TensorBoard file", "episodes.jsonl", "checkpoints/replay.bin"}) {
    fs::remove_all(Run());
    Program program(folder_.path(), Endless());
    ASSERT_TRUE(WaitForEpisodes(&program, Run(), 5)) << program.Err();
    std::string file = name;
    if (file == "the TensorBoard file") file = store::ReadDescription(Run()).value().tensorboard;
    fs::rename(folder_.Write("mine", "somebody's\n"), Run() + "/" + file);
    const auto kept = [&] {
      const fs::path folder = fs::path(Run() + "/" + file).parent_path();
      for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().filename().string().rfind("cut-", 0) == 0) return ReadFile(entry.path().string()).value();
      return std::string();
    };
    ASSERT_TRUE(WaitUntil([&] { return !kept().empty() || !program.Running(); })) << name;
    EXPECT_EQ(kept(), "somebody's\n") << name;
    ASSERT_TRUE(GoOn(&program)) << name << ": " << program.Err();
    program.Signal(SIGTERM);
    ASSERT_EQ(program.Wait().code, 75) << name << ": " << program.Err();
    ExpectWhole();
  }
}

TEST_F(TakenAway, ATruthThatIsChangedUnderItsNameEndsTheRunWithASentence) {
  Program program(folder_.path(), Endless());
  ASSERT_TRUE(WaitForEpisodes(&program, Run(), 5)) << program.Err();
  std::ofstream(Run() + "/episodes.jsonl", std::ios::app) << "{\"episode\":1}\n";
  EXPECT_EQ(program.Wait().code, 2);
  EXPECT_NE(program.Err().find("episodes.jsonl was changed by something else"), std::string::npos) << program.Err();
  EXPECT_NE(program.Err().find("equipoise repair run"), std::string::npos) << program.Err();
}

// The whole folder: nothing is made under its old name, whatever stands there now, and it goes on at its new place.
TEST_F(TakenAway, AFolderThatIsMovedEndsTheRunAndGoesOnWhereItIs) {
  for (const char* instead : {"", "empty", "another run"}) {
    for (const char* name : {"run", "moved", "other"}) fs::remove_all(folder_ / name);
    Start other;
    other.arguments = TinyTrain({"--episodes", "1", "--seed", "8", "--out", "other"});
    ASSERT_EQ(RunToEnd(other).code, 0);
    Program program(folder_.path(), Endless());
    ASSERT_TRUE(WaitForEpisodes(&program, Run(), 5)) << program.Err();
    fs::rename(Run(), folder_ / "moved");
    if (instead == std::string("empty")) fs::create_directory(Run());
    if (instead == std::string("another run")) fs::rename(folder_ / "other", Run());
    const auto files = [&] {
      std::vector<std::pair<std::string, std::string>> all;
      if (fs::exists(Run()))
        for (const auto& entry : fs::recursive_directory_iterator(Run()))
          all.emplace_back(entry.path().string(),
                           entry.is_regular_file() ? ReadFile(entry.path().string()).value() : "");
      return all;
    };
    const auto before = files();
    EXPECT_EQ(program.Wait().code, 2) << instead;
    EXPECT_NE(program.Err().find("moved or removed"), std::string::npos) << program.Err();
    EXPECT_NE(program.Err().find("equipoise resume"), std::string::npos) << program.Err();
    EXPECT_EQ(program.Out().find("go on with: equipoise resume run\n"), std::string::npos) << program.Out();
    EXPECT_EQ(fs::exists(Run()), instead != std::string()) << instead;
    EXPECT_EQ(files(), before) << instead;

    const size_t had = Episodes(folder_ / "moved");
    Start resume;
    resume.arguments = {"resume", "moved", "--episodes", std::to_string(had)};
    EXPECT_EQ(RunToEnd(resume).code, 0) << instead;
    EXPECT_EQ(Episodes(folder_ / "moved"), had + 2);
  }
}

TEST_F(TakenAway, RemovingTheLockLetsNobodyIn) {
  Program first(folder_.path(), Endless());
  ASSERT_TRUE(WaitForEpisodes(&first, Run(), 5)) << first.Err();
  first.Stop();
  fs::remove(Run() + "/.lock");
  EXPECT_NE(store::FolderLock::Holder(Run()), "");
  const auto lock = store::FolderLock::Take(Run());
  ASSERT_FALSE(lock.ok());
  EXPECT_NE(lock.error().message.find("is being written by another process"), std::string::npos)
      << lock.error().message;
  Start second;
  second.arguments = {"resume", Run()};
  EXPECT_EQ(RunToEnd(second).code, 2);
  first.Signal(SIGCONT);
  ASSERT_TRUE(GoOn(&first)) << first.Err();
  first.Signal(SIGTERM);
  ASSERT_EQ(first.Wait().code, 75) << first.Err();
  ExpectWhole();
}

TEST_F(TakenAway, ALockThatAnotherProcessTookEndsTheRun) {
  Program first(folder_.path(), Endless());
  ASSERT_TRUE(WaitForEpisodes(&first, Run(), 5)) << first.Err();
  first.Stop();
  fs::remove(Run() + "/.lock");
  // As on a file system that locks no folders.
  std::ofstream(Run() + "/.lock") << "process " << ::getpid();
  const int lock = ::open((Run() + "/.lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  const auto log = ReadFile(Run() + "/episodes.jsonl").value(), events = ReadFile(Run() + "/events.jsonl").value();
  first.Signal(SIGCONT);
  EXPECT_EQ(first.Wait().code, 2);
  EXPECT_NE(first.Err().find("is being written by process " + std::to_string(::getpid())), std::string::npos)
      << first.Err();
  // The other process's folder is not one to go on with, or to draw in.
  EXPECT_NE(first.Out().find("stopped: "), std::string::npos) << first.Out();
  EXPECT_EQ(first.Out().find("go on with"), std::string::npos) << first.Out();
  EXPECT_EQ(first.Out().find("picture: "), std::string::npos) << first.Out();
  EXPECT_FALSE(fs::exists(Run() + "/dashboard.png"));
  // At most the episode that was under way when the lock went.
  EXPECT_EQ(ReadFile(Run() + "/episodes.jsonl").value().rfind(log, 0), 0u);
  EXPECT_EQ(ReadFile(Run() + "/events.jsonl").value(), events);
  ::close(lock);
}

}  // namespace
}  // namespace equipoise::app
