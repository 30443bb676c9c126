// How a run in the terminal ends when a signal asks for it.
#include <sys/stat.h>

#include <set>

#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

class Signals : public ProgramTest {};

TEST_F(Signals, AfterCtrlCTheRunIsWholeAndTheProcessDiesOfTheSignal) {
  Program program(folder_.path(), Endless());
  ASSERT_TRUE(WaitForEpisodes(&program, Run(), 4)) << program.Err();
  program.Signal(SIGINT);
  EXPECT_EQ(program.Wait().signal, SIGINT) << "so that a shell's loop ends";
  EXPECT_EQ(ConditionOf(Run()), store::RunCondition::kStopped);
  EXPECT_NE(program.Err().find("asked to stop"), std::string::npos) << program.Err();
  EXPECT_NE(program.Out().find("go on with: equipoise resume run"), std::string::npos) << program.Out();
}

TEST_F(Signals, ThoseOfASystemEndTheRunAndSayResume) {
  for (const int signal : {SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU}) {
    Start start = Endless();
    const std::string run = folder_ / ("run" + std::to_string(signal));
    start.arguments.back() = run;
    Program program(folder_.path(), start);
    ASSERT_TRUE(WaitForEpisodes(&program, run, 3)) << program.Err();
    program.Signal(signal);
    program.Signal(signal);  // schedulers repeat themselves
    const Ending ending = program.Wait();
    EXPECT_EQ(ending.code, 75) << "signal " << signal << ", died of " << ending.signal;
    EXPECT_EQ(ConditionOf(run), store::RunCondition::kStopped) << signal;
  }
}

TEST_F(Signals, WhatWasIgnoredAtTheStartStaysIgnored) {
  Start start = Endless();
  start.ignored = {SIGHUP, SIGINT};  // nohup equipoise train &
  Program program(folder_.path(), start);
  ASSERT_TRUE(WaitForEpisodes(&program, Run(), 3)) << program.Err();
  program.Signal(SIGHUP);
  program.Signal(SIGINT);
  ASSERT_TRUE(WaitForEpisodes(&program, Run(), Episodes(Run()) + 10)) << program.Err();
  EXPECT_TRUE(program.Running());
  program.Signal(SIGTERM);
  EXPECT_EQ(program.Wait().code, 75);
}

TEST_F(Signals, ASecondCtrlCEndsItAtOnce) {
  Program program(folder_.path(), Endless());
  ASSERT_TRUE(WaitForEpisodes(&program, Run(), 3)) << program.Err();
  // The end of the run is held up: what it writes run.json to is a pipe that nobody reads.
  ASSERT_EQ(::mkfifo((Run() + "/run.json.tmp-" + std::to_string(program.pid())).c_str(), 0600), 0);
  program.Signal(SIGINT);
  ASSERT_TRUE(WaitUntil([&] { return program.Err().find("asked to stop") != std::string::npos; }));
  program.Signal(SIGTERM);  // not one of a system, which only says the same again
  program.Signal(SIGINT);
  EXPECT_EQ(program.Wait().signal, SIGINT);
  EXPECT_EQ(ConditionOf(Run()), store::RunCondition::kRunning) << "at once: it did not wait for the rest";
  std::filesystem::remove(Run() + "/run.json.tmp-" + std::to_string(program.pid()));
  Start resume;
  resume.arguments = {"resume", "run", "--episodes", std::to_string(Episodes(Run()) + 1)};
  EXPECT_EQ(RunToEnd(resume).code, 0) << "and yet nothing whole is lost";
}

TEST_F(Signals, ALimitOnTheSizeOfFilesEndsTheRunWithASentence) {
  Start start;
  start.arguments = TinyTrain({"--agent", "sac", "--episodes", "100000", "--out", "run"});
  start.most_bytes = 30 * 1024;  // what the first twenty episodes or so need
  Program program(folder_.path(), start);
  const Ending ending = program.Wait();
  EXPECT_EQ(ending.code, 2) << "died of " << ending.signal;
  EXPECT_NE(program.Err().find("File too large"), std::string::npos) << program.Err();
  EXPECT_NE(program.Err().find("ulimit -f"), std::string::npos) << program.Err();
  EXPECT_EQ(ConditionOf(Run()), store::RunCondition::kCrashed);
  EXPECT_GT(Episodes(Run()), 3u);
}

// A pager that was left alone: nobody reads, and yet a signal is heard.
TEST_F(Signals, AreHeardWhileNobodyReadsTheOutput) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Start start = Endless();
    const std::string run = folder_ / ("run" + std::to_string(signal));
    start.arguments.back() = run;
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ASSERT_GE(::fcntl(ends[1], F_SETPIPE_SZ, 4096), 0);  // full after the first lines
    start.out = start.err = ends[1];
    Program program(folder_.path(), start);
    ASSERT_TRUE(WaitForEpisodes(&program, run, 10)) << "the run does not wait for a reader";
    program.Signal(signal);
    const Ending ending = program.Wait();
    EXPECT_FALSE(ending.late);
    EXPECT_EQ(signal == SIGINT ? ending.signal : ending.code, signal == SIGINT ? SIGINT : 75);
    EXPECT_EQ(ConditionOf(run), store::RunCondition::kStopped);
    ::close(ends[0]);
    ::close(ends[1]);
  }
}

}  // namespace
}  // namespace equipoise::app
