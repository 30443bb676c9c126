// `equipoise compare` from outside: which runs are averaged, over how many, and what is said of the others.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/config/config_file.h"
#include "engine/eps/check_settings.h"
#include "engine/record/records.h"
#include "engine/store/run_folder.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/engine/temporary_folder.h"
#include "tests/paths.h"

namespace equipoise::app {
namespace {

using testing_support::TemporaryFolder;

struct Outcome {
  int code = -1;
  std::string out, err;
};

class Comparing : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(tests::Program())) GTEST_SKIP() << "the program is not part of this build";
  }
  Outcome Compare(const std::string& arguments) {
    const std::string command = "cd '" + folder_.path() + "' && '" + tests::Program() + "' compare " + arguments +
                                " >out.txt 2>err.txt </dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, ReadFile(folder_ / "out.txt").value(),
            ReadFile(folder_ / "err.txt").value()};
  }
  // A run of `agent` whose episode e returned `value` throughout.
  void Make(const std::string& name, const std::string& agent, int seed, int episodes, double value, int masks = 20,
            int horizon = 0, const std::string& task = "cartpole") {
    config::Settings settings;
    settings.run.task = task;
    settings.run.agent = agent;
    settings.run.seed = seed;
    settings.Of<eps::CheckSettings>().masks = masks;
    settings.env.horizon = horizon;
    store::RunDescription description;
    description.version = "0.1.0";
    description.task = task;
    description.agent = agent;
    description.preset = "cpu";
    description.seed = seed;
    description.settings_json = config::ToJson(settings);
    description.device = "cpu";
    auto made = store::RunFolder::Create(folder_ / name, description, {run::ProgressColumns({}, {}), false, {}, {}});
    ASSERT_TRUE(made.ok()) << made.error().message;
    store::RunFolder folder = std::move(made).value();
    for (int e = 1; e <= episodes; ++e) {
      run::EpisodeRecord record;
      record.episode = record.decision.episode = e;
      record.decision.pick = test::Free();
      record.episode_return = value;
      ASSERT_TRUE(run::Log(&folder, record).ok());
    }
  }
  TemporaryFolder folder_;
};

TEST_F(Comparing, RunsThatDifferInASettingAreTwoGroupsThatSayWhatDiffers) {
  Make("a", "unified", 0, 20, 10, 20);
  Make("b", "unified", 1, 20, 30, 20);
  Make("c", "unified", 0, 20, 100, 5);
  const Outcome outcome = Compare("a b c --svg curves.svg");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("| unified, eps.masks = 20 | mean of 2 | | | 20.0 \xc2\xb1 14.1 | 20.0 \xc2\xb1 14.1 |"),
            std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.out.find("| unified, eps.masks = 5 | 0 |"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("mean of 3"), std::string::npos);
  EXPECT_NE(outcome.out.find("Settings that differ: eps.masks = 5, 20\n"), std::string::npos) << outcome.out;
  const std::string svg = ReadFile(folder_ / "curves.svg").value();
  EXPECT_NE(svg.find(">Unified RL, eps.masks = 20 (2)</text>"), std::string::npos);
  EXPECT_NE(svg.find(">Unified RL, eps.masks = 5 (1)</text>"), std::string::npos);
}

// What the program says without a window is drawn by the charts of the window.
TEST_F(Comparing, TheFigureShowsEveryRunAndTellsAgentsApartWithoutColours) {
  Make("a", "unified", 0, 30, 10);
  Make("b", "unified", 1, 30, 30);
  Make("c", "sac", 0, 30, 20);
  Make("d", "mbrl", 0, 30, 25);
  ASSERT_EQ(Compare("a b c d --title 'Four runs' --svg curves.svg").code, 0);
  const std::string svg = ReadFile(folder_ / "curves.svg").value();
  const auto count = [&svg](const std::string& part) {
    int found = 0;
    for (size_t at = svg.find(part); at != std::string::npos; at = svg.find(part, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count(">Four runs</text>"), 1);
  EXPECT_EQ(count(">Return, means of ten episodes; band: mean \xc2\xb1 1 sd over the runs</text>"), 1);
  EXPECT_EQ(count(">picked episode</text>"), 1);
  EXPECT_EQ(count("<polygon"), 2) << "the band of the two seeds, of their returns and of their picks";
  EXPECT_EQ(count("<polyline"), 3 + 1 + 1 + 3)
      << "both runs and their mean, twice, and one line for each of the others";
  EXPECT_EQ(count("<title>Unified RL (2)</title>"), 2);
  EXPECT_EQ(count("<title>SAC alone (1)</title>"), 1);
  // A line and its sign in the legend.
  EXPECT_EQ(count("stroke-dasharray=\"2 3\""), 2) << "SAC";
  EXPECT_EQ(count("stroke-dasharray=\"6 4\""), 2 + 1) << "model-based, and the floor of the forced picks";
  EXPECT_EQ(count("nan"), 0);
}

// The larger of the agents' means, over the episodes that all of their runs have; the others are tested against it.
TEST_F(Comparing, TheBetterOfSeveralAgentsIsARow) {
  Make("s0", "sac", 0, 30, 10);
  Make("s1", "sac", 1, 30, 20);
  Make("m0", "mbrl", 0, 20, 30);
  Make("m1", "mbrl", 1, 30, 31);
  Make("u0", "unified", 0, 30, 50);
  Make("u1", "unified", 1, 30, 51);
  const Outcome outcome = Compare("--svg curves.svg --max sac,mbrl s0 s1 m0 m1 u0 u1");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("Of the first 20 episodes"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("| max(sac, mbrl): mbrl, for 2 times the steps | 2 | 30.5 \xc2\xb1 6.4 | |"),
            std::string::npos)
      << outcome.out;
  // t = 28.28 with 2 degrees of freedom.
  EXPECT_NE(outcome.out.find("| unified | 2 | 50.5 \xc2\xb1 6.4 | higher, p = 0.0012 * |"), std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.out.find("| sac | 2 | 15.0 \xc2\xb1 63.5 |  |"), std::string::npos) << outcome.out;
  EXPECT_NE(ReadFile(folder_ / "curves.svg").value().find("dashed: max(sac, mbrl), mean of the first 20"),
            std::string::npos);
  EXPECT_EQ(Compare("s0 s1 --max sac,mbrl").err.find("--max: none of these runs is of agent mbrl") != std::string::npos,
            true);
  Make("m2", "mbrl", 2, 30, 31, 5);
  EXPECT_NE(Compare("s0 m0 m2 --max sac,mbrl").err.find("--max: the runs of mbrl are of several experiments"),
            std::string::npos);
}

TEST_F(Comparing, TheSameRunCountsOnce) {
  Make("a", "sac", 0, 20, 10);
  Make("b", "sac", 1, 20, 30);
  std::filesystem::create_directory_symlink("a", folder_ / "link");
  const Outcome outcome = Compare("a ./a/ link b");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("mean of 2 | | | 20.0"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.err.find("./a/ is the same run as a: it counts once"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("link is the same run as a"), std::string::npos) << outcome.err;
}

// Only a run that was read counts, so only that one can count once.
TEST_F(Comparing, WhatCannotBeReadIsLeftOutUnderEachOfItsNames) {
  Make("bad", "sac", 0, 20, 10);
  std::ofstream(folder_ / "bad/episodes.jsonl", std::ios::app) << "{}\n";
  Make("good", "sac", 1, 20, 30);
  const Outcome outcome = Compare("bad ./bad good");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err.find("the same run as"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("left out: bad/episodes.jsonl:21"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("left out: ./bad/episodes.jsonl:21"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.out.find("| sac | 1 | - of 20 | 30.0 |"), std::string::npos) << outcome.out;
}

TEST_F(Comparing, AMeanIsOverTheSeedsThatReachAnEpisodeAndSaysOverHowMany) {
  Make("a", "sac", 0, 30, 10);
  Make("b", "sac", 1, 30, 30);
  Make("c", "sac", 2, 14, 50);  // goes on
  const Outcome outcome = Compare("a b c --svg curves.svg");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("| sac | mean of 3 | | | 30.0 \xc2\xb1 20.0 | 20.0 \xc2\xb1 14.1 (n = 2) | 20.0 \xc2\xb1 "
                             "14.1 (n = 2) |"),
            std::string::npos)
      << outcome.out;
  EXPECT_NE(ReadFile(folder_ / "curves.svg").value().find(">SAC alone (3 runs, 2 after 10)</text>"), std::string::npos);
}

TEST_F(Comparing, WhatIsNoRunIsLeftOutWithALine) {
  Make("a", "sac", 0, 20, 10);
  Make("broken", "sac", 1, 20, 10);
  std::ofstream(folder_ / "broken/episodes.jsonl", std::ios::app) << "{}\n";
  std::filesystem::create_directory(folder_ / "notes");
  folder_.Write("file.txt", "x");
  const Outcome outcome = Compare("notes a file.txt broken nowhere");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("| sac | 0 | - of 20 | 10.0 |"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.err.find("left out: notes is not a run"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("broken/episodes.jsonl:21"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("left out: there is no folder nowhere"), std::string::npos) << outcome.err;
  const Outcome none = Compare("notes nowhere");
  EXPECT_EQ(none.code, 1);
  EXPECT_EQ(none.out, "");
  EXPECT_NE(none.err.find("none of these folders is a run that can be read"), std::string::npos) << none.err;
}

TEST_F(Comparing, OtherTasksAreRefusedAndOtherHorizonsAreSaid) {
  Make("a", "sac", 0, 20, 10);
  Make("short", "sac", 1, 20, 5, 20, 50);
  Make("hopper", "sac", 0, 20, 10, 20, 0, "hopper");
  const Outcome horizons = Compare("a short");
  EXPECT_EQ(horizons.code, 0);
  EXPECT_NE(horizons.out.find("| sac, env.horizon = 50 | 1 |"), std::string::npos) << horizons.out;
  EXPECT_NE(horizons.out.find("| sac, env.horizon = 200 | 0 |"), std::string::npos) << horizons.out;
  EXPECT_NE(horizons.err.find("differ in env.horizon"), std::string::npos) << horizons.err;
  const Outcome tasks = Compare("a hopper");
  EXPECT_EQ(tasks.code, 1);
  EXPECT_NE(tasks.err.find("different tasks do not compare"), std::string::npos) << tasks.err;
}

// People edit progress.csv; nothing is read from it.
TEST_F(Comparing, TheTruthIsInEpisodesJsonl) {
  Make("a", "sac", 0, 20, 10);
  folder_.Write("a/progress.csv", "episode,episode_return\r\n1,99999\r\n");
  EXPECT_NE(Compare("a").out.find("| sac | 0 | - of 20 | 10.0 |"), std::string::npos);
}

}  // namespace
}  // namespace equipoise::app
