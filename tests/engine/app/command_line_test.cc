// The program from outside: what it says and how it exits when it is used wrongly.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "engine/run/records.h"
#include "engine/store/run_folder.h"
#include "tests/engine/temporary_folder.h"
#include "tests/paths.h"

namespace equipoise::app {
namespace {

using testing_support::TemporaryFolder;

// For use between single quotes.
std::string Quoted(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out;
}

struct Outcome {
  int code = -1;
  std::string text;  // standard output and error
};

class CommandLine : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(tests::Program())) GTEST_SKIP() << "the program is not part of this build";
  }
  // Runs `equipoise <arguments>` in an empty folder, without a display.
  Outcome Run(const std::string& arguments) {
    Outcome outcome;
    const std::string command = "cd '" + folder_.path() + "' && env -u DISPLAY -u WAYLAND_DISPLAY '" +
                                tests::Program() + "' " + arguments + " 2>&1 </dev/null";
    FILE* pipe = ::popen(command.c_str(), "r");
    char block[4096];
    while (pipe != nullptr && std::fgets(block, sizeof(block), pipe) != nullptr) outcome.text += block;
    const int status = pipe == nullptr ? -1 : ::pclose(pipe);
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return outcome;
  }
  void ExpectUsageError(const std::string& arguments, const std::string& message) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.code, 1) << arguments << "\n" << outcome.text;
    EXPECT_EQ(outcome.text.rfind("equipoise: ", 0), 0u) << arguments << "\n" << outcome.text;
    EXPECT_NE(outcome.text.find(message), std::string::npos) << arguments << "\n" << outcome.text;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "runs")) << arguments << " left a run behind";
  }
  TemporaryFolder folder_;
};

TEST_F(CommandLine, HelpOfEverySubCommandHasExamplesAndSucceeds) {
  EXPECT_NE(Run("--help").text.find("Start here"), std::string::npos);
  for (const char* command : {"train", "resume", "gui", "env-replay", "replay", "config"}) {
    const Outcome help = Run(std::string(command) + " --help");
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_NE(help.text.find(std::string("equipoise ") + command), std::string::npos) << command;
  }
  EXPECT_EQ(Run("--version").text.rfind("Equipoise ", 0), 0u);
}

TEST_F(CommandLine, MistakesAreNamedAndNothingIsStarted) {
  ExpectUsageError("fly", "not expected: fly");
  ExpectUsageError("train --speed 3", "not expected");
  ExpectUsageError("train --task antt", "run.task = \"antt\" is not one of ant, hopper");
  ExpectUsageError("train --agent both", "run.agent = \"both\" is not one of");
  ExpectUsageError("train --seed -3", "run.seed = -3 is outside [0, 2147483647]");
  ExpectUsageError("train --seed 1.5", "run.seed = 1.5 should be a whole number");
  ExpectUsageError("train --episodes 0", "run.episodes = 0 is outside");
  ExpectUsageError("train --set model.hiden=3", "unknown setting model.hiden; the nearest known one is model.hidden");
  ExpectUsageError("train --set model.eta=nan", "model.eta = nan is not a finite number");
  ExpectUsageError("train --set model.eta", "write it as section.name=value");
  ExpectUsageError("train --config absent.toml", "there is no configuration file absent.toml");
  ExpectUsageError("train --task ant --preset fast", "there is no preset \"fast\" in this file; it has cpu, paper");
  ExpectUsageError("resume", "folder is required");
  ExpectUsageError("resume absent", "there is no folder absent");
  ExpectUsageError("screenshot --run absent --out x.png", "there is no folder absent");
  ExpectUsageError("env-replay --task hopper", "is required");
}

TEST_F(CommandLine, AMistakeInAFileIsNamedByItsLine) {
  folder_.Write("mine.toml", "[run]\ntask = \"hopper\"\n\n[sac]\nentropy_bonus = -3\n");
  ExpectUsageError("train --config mine.toml", "mine.toml:5: sac.entropy_bonus = -3 is outside [0, 1000]");
  folder_.Write("mine.toml", "[run\n");
  ExpectUsageError("config --config mine.toml", "mine.toml:1: ");
}

TEST_F(CommandLine, RefusesToWriteWhereSomethingIs) {
  std::filesystem::create_directory(folder_ / "mine");
  folder_.Write("mine/thesis.txt", "x");
  const Outcome outcome = Run("train --episodes 1 --out mine");
  EXPECT_EQ(outcome.code, 2) << outcome.text;
  EXPECT_NE(outcome.text.find("mine exists and is not empty"), std::string::npos) << outcome.text;
}

TEST_F(CommandLine, WithoutADisplayTheWindowSaysWhatToDoInstead) {
  const Outcome outcome = Run("gui");
  EXPECT_EQ(outcome.code, 2) << outcome.text;
  EXPECT_NE(outcome.text.find("equipoise train"), std::string::npos) << outcome.text;
}

TEST_F(CommandLine, PrintsAConfigurationThatItReadsBack) {
  const Outcome first = Run("config --task hopper --preset paper --set eps.masks=7");
  ASSERT_EQ(first.code, 0) << first.text;
  EXPECT_NE(first.text.find("masks = 7"), std::string::npos);
  folder_.Write("resolved.toml", first.text);
  EXPECT_EQ(Run("config --config resolved.toml").text, first.text);
}

// A run so small that it takes a second.
constexpr char kTiny[] =
    " --task cartpole --set env.horizon=40 --set run.random_episodes=2 --set model.steps=4 --set model.hidden=8"
    " --set mb.steps=2 --set mb.hidden=8 --set sac.hidden=8 --set eps.masks=4 --set eps.rollouts=2 ";

TEST_F(CommandLine, TrainLeavesARunFolder) {
  const Outcome outcome = Run(std::string("train --episodes 3 --seed 5") + kTiny);
  ASSERT_EQ(outcome.code, 0) << outcome.text;
  EXPECT_NE(outcome.text.find("finished: 3 of 3 episodes"), std::string::npos) << outcome.text;
  const std::string run = folder_ / "runs/cartpole-unified-cpu-s5";
  EXPECT_EQ(store::ReadDescription(run).value().condition, store::RunCondition::kFinished);
  EXPECT_EQ(run::ReadHistory(run).value().episodes.size(), 5u);
  const std::vector<std::string> table = store::ReadLines(run + "/progress.csv").value();
  ASSERT_EQ(table.size(), 6u);
  EXPECT_EQ(table[0].rfind("episode,pick,reason,", 0), 0u) << table[0];

  const Outcome again = Run(std::string("train --episodes 1 --seed 5") + kTiny);
  EXPECT_EQ(again.code, 0) << again.text;
  EXPECT_TRUE(std::filesystem::exists(run + "-2/run.json")) << "a second run gets a folder of its own";
}

TEST_F(CommandLine, ReplaySaysWhetherAStoredDecisionIsTheSameNumbers) {
  const std::string run = folder_ / "run";
  ASSERT_EQ(Run("train --episodes 2 --out '" + run + "'" + kTiny).code, 0);
  const Outcome same = Run("replay --run '" + run + "' --episode 2");
  EXPECT_EQ(same.code, 0) << same.text;
  EXPECT_EQ(same.text, "The same numbers: all 4 masks of episode 2 came out again, to the bit.\n");
  const Outcome absent = Run("replay --run '" + run + "' --episode 9");
  EXPECT_EQ(absent.code, 2) << absent.text;
  EXPECT_NE(absent.text.find("kept are 2, from 1 to 2"), std::string::npos) << absent.text;
  // Somebody writes another number into the log.
  run::History history = run::ReadHistory(run).value();
  std::string lines;
  for (run::EpisodeRecord& record : history.episodes) {
    if (record.episode == 2) record.decision.delta[1] += 1;
    lines += run::ToLine(record) + "\n";
  }
  folder_.Write("run/episodes.jsonl", lines);
  const Outcome other = Run("replay --run '" + run + "' --episode 2");
  EXPECT_EQ(other.code, 1) << other.text;
  EXPECT_NE(other.text.find("Not the same numbers"), std::string::npos) << other.text;
}

// The episodes of a run, without what depends on the machine's speed.
std::vector<std::string> EpisodesWithoutClock(const std::string& run) {
  std::vector<std::string> lines;
  const Result<std::vector<std::string>> written = store::ReadLines(run + "/episodes.jsonl");
  for (const std::string& line : written.value()) lines.push_back(run::WithoutClock(line).value());
  return lines;
}

TEST_F(CommandLine, AStoppedAndAKilledRunContinueToTheSameNumbers) {
  for (const auto& [signal, code] : {std::pair<std::string, int>{"TERM", 75}, {"INT", 0}, {"KILL", 137}}) {
    const std::string run = folder_ / ("stopped-by-" + signal);
    // Stopped after four episodes, somewhere in the work for the fifth or later. (A shell's background job ignores INT
    // unless it is told to listen again, which the program does.)
    const std::string script = "'" + tests::Program() + "' train --episodes 100000 --out '" + run + "'" + kTiny +
                               ">/dev/null 2>&1 & pid=$!; until [ \"$(wc -l <'" + run +
                               "/episodes.jsonl' || echo 0)\" -ge 6 ]; do kill -0 $pid || exit 99; sleep 0.05; "
                               "done; kill -" +
                               signal + " $pid; wait $pid";
    const int status = std::system(("bash -c '" + Quoted(script) + "' 2>/dev/null").c_str());
    ASSERT_EQ(WEXITSTATUS(status), code) << signal;
    EXPECT_EQ(store::ReadDescription(run).value().condition,
              signal == "KILL" ? store::RunCondition::kRunning : store::RunCondition::kStopped);

    const size_t lines = store::ReadLines(run + "/episodes.jsonl").value().size();
    const std::string total = std::to_string(lines + 2 - 2);  // two more; two are random
    const Outcome resumed = Run("resume '" + run + "' --episodes " + total);
    ASSERT_EQ(resumed.code, 0) << resumed.text;
    const Outcome whole = Run("train --episodes " + total + " --out '" + run + "-whole'" + kTiny);
    ASSERT_EQ(whole.code, 0) << whole.text;
    const std::vector<std::string> expected = EpisodesWithoutClock(run + "-whole");
    EXPECT_EQ(EpisodesWithoutClock(run), expected) << signal;

    const Outcome other = Run("train --seed 1 --episodes " + total + " --out '" + run + "-other'" + kTiny);
    ASSERT_EQ(other.code, 0) << other.text;
    EXPECT_NE(EpisodesWithoutClock(run + "-other"), expected) << "another seed must give other numbers";
  }
}

TEST_F(CommandLine, PrintsEverySetting) {
  const Outcome table = Run("settings"), markdown = Run("settings --markdown");
  EXPECT_EQ(table.code, 0);
  EXPECT_NE(table.text.find("force_every"), std::string::npos);
  EXPECT_NE(markdown.text.find("| `eps.force_every` | 10 |"), std::string::npos);
}

}  // namespace
}  // namespace equipoise::app
