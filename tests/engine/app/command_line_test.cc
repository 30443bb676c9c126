// The program from outside: what it says and how it exits when it is used wrongly.
#include <cstdio>
#include <sstream>

#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

struct Outcome {
  int code = -1;
  std::string text;  // standard output and error
};

class CommandLine : public ProgramTest {
 protected:
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
};

TEST_F(CommandLine, HelpOfEverySubCommandHasExamplesAndSucceeds) {
  EXPECT_NE(Run("--help").text.find("Start here"), std::string::npos);
  for (const char* command : {"train", "resume", "audit", "gui", "env-replay", "recheck", "rerun", "config"}) {
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

TEST_F(CommandLine, NothingIsSaidTwice) {
  ExpectUsageError("train --seed 3 --set run.seed=5", "run.seed is given twice: --seed 3 and --set run.seed=5");
  ExpectUsageError("config --seed 3 --set run.seed=3", "run.seed is given twice");
  ExpectUsageError("train --set eps.masks=3 --set eps.masks=4", "eps.masks is given twice");
  ExpectUsageError("train --task hopper --set run.task=ant", "run.task is given twice");
  ExpectUsageError("train --agent sac --set run.agent=mbrl", "run.agent is given twice");
  ExpectUsageError("train --episodes 4 --set run.episodes=5", "run.episodes is given twice");
  ExpectUsageError("train --preset cpu --set run.preset=paper", "run.preset is given twice");
  ExpectUsageError("gui --run x --seed 3", "--seed excludes --run");
  EXPECT_EQ(Run("config --task hopper --seed 3 --set eps.masks=4").code, 0);
}

TEST_F(CommandLine, ANameIsAConfigurationThatCameAlongAndAPathIsAFile) {
  const std::string hopper = Run("config --task hopper").text;
  for (const char* name : {"hopper", "quickstart", "mine"}) folder_.Write(name, "[run]\ntask = \"ant\"\n");
  EXPECT_EQ(Run("config --task hopper").text, hopper) << "a file in the working directory is not meant";
  EXPECT_EQ(Run("config --config hopper").text, hopper);
  EXPECT_NE(Run("config").text.find("task = \"cartpole\""), std::string::npos);
  EXPECT_NE(Run("config --config ./hopper").text.find("task = \"ant\""), std::string::npos);
  folder_.Write("hopper.toml", "[run]\ntask = \"walker2d\"\n");
  EXPECT_NE(Run("config --config hopper.toml").text.find("task = \"walker2d\""), std::string::npos);
  EXPECT_EQ(Run("config --config hopper").text, hopper);
  ExpectUsageError("config --config mine", "write ./mine");
  ExpectUsageError("config --config hopper.old", "there is no configuration file hopper.old");
}

TEST_F(CommandLine, HelpIsACommandTooAndFitsItsPlace) {
  EXPECT_EQ(Run("help").text, Run("--help").text);
  for (const char* command : {"train", "resume", "gui", "env-replay", "recheck", "rerun", "settings", "config",
                              "compare", "screenshot", "export", "keys"}) {
    const Outcome help = Run(std::string("help ") + command);
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_EQ(help.text, Run(std::string(command) + " --help").text);
    std::istringstream lines(help.text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
  }
  std::istringstream lines(Run("help").text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
  ExpectUsageError("help fly", "there is no command fly; there are train, resume");
  // What is broken into lines is all there.
  EXPECT_NE(Run("help train").text.find("\\\n"), std::string::npos) << "a long command can be copied";
  for (const char* code : {"  0 ", "  1 ", "  2 ", "  3 ", "  75 ", "  130 "})
    EXPECT_NE(Run("help").text.find(std::string("\n") + code), std::string::npos) << code;
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

TEST_F(CommandLine, AWindowThatCannotBeOpenedLeavesNothingBehindAndNamesWhatHelps) {
  const std::vector<std::pair<std::string, std::string>> dead = {{"DISPLAY", ":4711"}},
                                                         wayland = {{"WAYLAND_DISPLAY", "none"},
                                                                    {"XDG_RUNTIME_DIR", folder_.path()}};
  for (const auto& environment : {dead, wayland}) {
    Start gui;
    gui.arguments = {"gui"};
    gui.environment = environment;
    Program program(folder_.path(), gui);
    EXPECT_EQ(program.Wait().code, 2) << program.Err();
    EXPECT_NE(program.Err().find("equipoise train"), std::string::npos) << program.Err();
    const char* helps = environment == dead ? "DISPLAY" : "libglfw3-wayland";
    EXPECT_NE(program.Err().find(helps), std::string::npos) << program.Err();
    EXPECT_FALSE(std::filesystem::exists(folder_ / "runs")) << program.Err();
  }
  // The quick start does not need one.
  for (const auto& environment : {dead, wayland}) {
    Start start;
    start.environment = environment;
    Program program(folder_.path(), start);
    EXPECT_TRUE(WaitUntil([&] { return program.Out().find("writing to runs/") != std::string::npos; }));
    EXPECT_NE(program.Out().find("in the terminal"), std::string::npos) << program.Out();
    program.Signal(SIGTERM);
    const Ending ending = program.Wait();
    EXPECT_EQ(ending.code, 75) << "died of " << ending.signal << "\n" << program.Out() << program.Err();
  }
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
    if (record.episode == 2) record.decision.comparisons[0].delta[1] += 1;
    lines += run::ToLine(record) + "\n";
  }
  folder_.Write("run/episodes.jsonl", lines);
  const Outcome other = Run("replay --run '" + run + "' --episode 2");
  EXPECT_EQ(other.code, 3) << other.text;
  EXPECT_EQ(Run("replay --run '" + run + "' --episode abc").code, 1) << "that is the command line";
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
  for (const int signal : {SIGTERM, SIGINT, SIGKILL}) {
    const std::string run = folder_ / ("stopped-by-" + std::to_string(signal));
    // Stopped after four episodes, somewhere in the work for the fifth or later.
    Start start;
    start.arguments = TinyTrain({"--episodes", "100000", "--out", run});
    Program program(folder_.path(), start);
    ASSERT_TRUE(WaitForEpisodes(&program, run, 6)) << program.Err();
    program.Signal(signal);
    const Ending ending = program.Wait();
    EXPECT_EQ(ending.code, signal == SIGTERM ? 75 : -1) << signal;
    EXPECT_EQ(ending.signal, signal == SIGTERM ? 0 : signal);
    EXPECT_EQ(ConditionOf(run), signal == SIGKILL ? store::RunCondition::kRunning : store::RunCondition::kStopped);

    const std::string total = std::to_string(Episodes(run) + 2 - 2);  // two more; two are random
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

TEST_F(CommandLine, SaysThatASettingChangesNothingAndGoesOn) {
  const Outcome idle = Run("config --agent mbrl --set sac.batch=64"), used = Run("config --agent mbrl");
  EXPECT_EQ(idle.code, 0);
  EXPECT_EQ(idle.text,
            "equipoise: sac.batch is set, but this run's agent, mbrl, has no SAC: it changes nothing\n" + used.text);
  EXPECT_EQ(used.text.find("changes nothing"), std::string::npos) << used.text;
  EXPECT_EQ(used.text.find("[sac]"), std::string::npos) << used.text;
  EXPECT_NE(used.text.find("[mb]"), std::string::npos) << used.text;
  ExpectUsageError("config --agent mbrl --set sac.batch=0", "sac.batch = 0 is outside [1, 65536]");
}

TEST_F(CommandLine, PrintsTheSettingsOfOneAgent) {
  const Outcome sac = Run("settings --agent sac"), markdown = Run("settings --agent sac --markdown");
  EXPECT_EQ(sac.code, 0);
  EXPECT_NE(sac.text.find("[sac]"), std::string::npos);
  EXPECT_EQ(sac.text.find("[mb]"), std::string::npos);
  EXPECT_NE(markdown.text.find("| `sac.batch` | 256 |"), std::string::npos);
  EXPECT_EQ(markdown.text.find("| `eps."), std::string::npos);
  ExpectUsageError("settings --agent both", "run.agent = \"both\" is not one of unified, ");
}

TEST_F(CommandLine, PrintsEverySetting) {
  const Outcome table = Run("settings"), markdown = Run("settings --markdown");
  EXPECT_EQ(table.code, 0);
  EXPECT_NE(table.text.find("force_every"), std::string::npos);
  EXPECT_NE(markdown.text.find("| `eps.force_every` | 10 |"), std::string::npos);
}

}  // namespace
}  // namespace equipoise::app
