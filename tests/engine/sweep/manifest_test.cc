// A sweep's folder: lines never change, runs that are asked for otherwise are others.
#include "engine/sweep/manifest.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "engine/base/atomic_file.h"
#include "engine/browse/run_list.h"
#include "engine/config/config_file.h"
#include "engine/store/folder_lock.h"
#include "engine/sweep/standing.h"
#include "tests/engine/report/made_runs.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise::sweep {
namespace {

class Manifests : public ::testing::Test {
 protected:
  Manifest Planned(const std::string& text, bool dry = false) {
    const auto file = ReadSweepFile(folder_.Write("s.toml", text));
    EXPECT_TRUE(file.ok()) << file.error().message;
    auto manifest = Plan(file.value(), Folder(), dry);
    EXPECT_TRUE(manifest.ok()) << manifest.error().message;
    return manifest.ok() ? std::move(manifest).value() : Manifest();
  }
  static std::string Text(const std::string& agent, int seeds, int episodes = 20, const std::string& set = "") {
    return "seeds = " + std::to_string(seeds) + "\nepisodes = " + std::to_string(episodes) +
           "\n[[runs]]\ntasks = \"cartpole\"\nagents = \"" + agent + "\"\nset = { " + set + " }\n";
  }
  std::string Folder() const { return folder_ / "sweep"; }
  std::string Bytes() const { return ReadFile(Folder() + "/manifest.jsonl").value(); }
  testing_support::TemporaryFolder folder_;
};

TEST_F(Manifests, OnlyGrow) {
  const Manifest first = Planned(Text("sac", 2));
  EXPECT_EQ(first.added, 2u);
  const std::string before = Bytes();
  EXPECT_EQ(Planned(Text("sac", 2)).added, 0u);
  EXPECT_EQ(Bytes(), before);
  const Manifest more = Planned(Text("sac", 3));
  EXPECT_EQ(more.added, 1u);
  EXPECT_EQ(more.lines[2].name, "cartpole-sac-cpu-s2");
  EXPECT_EQ(Bytes().substr(0, before.size()), before);
  EXPECT_EQ(more.wanted, (std::vector<size_t>{0, 1, 2}));
  // Fewer seeds: the lines stay, and are not asked for.
  const Manifest fewer = Planned(Text("sac", 1));
  EXPECT_EQ(fewer.lines.size(), 3u);
  EXPECT_EQ(fewer.wanted, std::vector<size_t>{0});
  const auto read = ReadManifest(Folder());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().wanted, std::vector<size_t>{0});
  EXPECT_EQ(read.value().lines[1].seed, 1);
}

TEST_F(Manifests, OtherSettingsAreAnotherRunAndTheFirstOnesComeBack) {
  Planned(Text("sac", 1));
  const std::string config = ReadFile(SweepPaths(Folder()).Config("cartpole-sac-cpu-s0")).value();
  const Manifest other = Planned(Text("sac", 1, 20, "\"sac.batch\" = 32"));
  ASSERT_EQ(other.lines.size(), 2u);
  EXPECT_EQ(other.lines[1].name, "cartpole-sac-cpu-s0-v2");
  EXPECT_EQ(other.wanted, std::vector<size_t>{1});
  EXPECT_EQ(other.superseded, std::vector<size_t>{0});
  EXPECT_EQ(ReadFile(SweepPaths(Folder()).Config("cartpole-sac-cpu-s0")).value(), config) << "the first one stays";
  const Manifest back = Planned(Text("sac", 1));
  EXPECT_EQ(back.added, 0u);
  EXPECT_EQ(back.wanted, std::vector<size_t>{0});
  EXPECT_EQ(Planned(Text("sac", 1, 20, "\"sac.batch\" = 32")).wanted, std::vector<size_t>{1});
  // Settings of a part that the agent does not have are no other settings.
  EXPECT_EQ(Planned(Text("sac", 1, 20, "\"model.hidden\" = 7")).wanted, std::vector<size_t>{0});
}

TEST_F(Manifests, MoreEpisodesAreTheSameRunWithANewLine) {
  Planned(Text("sac", 1));
  const Manifest longer = Planned(Text("sac", 1, 30));
  ASSERT_EQ(longer.lines.size(), 2u);
  EXPECT_EQ(longer.lines[1].name, "cartpole-sac-cpu-s0");
  EXPECT_EQ(longer.lines[0].episodes, 20) << "a line never changes";
  EXPECT_EQ(longer.wanted, std::vector<size_t>{1});
  const auto config = config::LoadFile(SweepPaths(Folder()).Config("cartpole-sac-cpu-s0"), "", {});
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config.value().run.episodes, 30);
}

TEST_F(Manifests, ADryRunWritesNothing) {
  EXPECT_EQ(Planned(Text("sac", 2), /*dry=*/true).wanted.size(), 2u);
  EXPECT_FALSE(std::filesystem::exists(Folder()));
  Planned(Text("sac", 2));
  const std::string before = Bytes();
  EXPECT_EQ(Planned(Text("sac", 4), /*dry=*/true).added, 2u);
  EXPECT_EQ(Bytes(), before);
  EXPECT_EQ(ReadManifest(Folder()).value().wanted.size(), 2u);
}

TEST_F(Manifests, ALineThatWasCutOffIsWrittenAgain) {
  Planned(Text("sac", 2));
  const std::string before = Bytes();
  std::ofstream(Folder() + "/manifest.jsonl", std::ios::app) << "{\"line\":2,\"na";  // killed in the middle of it
  EXPECT_EQ(Planned(Text("sac", 3)).lines.size(), 3u);
  EXPECT_EQ(Bytes().substr(0, before.size()), before);
  EXPECT_TRUE(ReadManifest(Folder()).ok()) << ReadManifest(Folder()).error().message;
}

TEST_F(Manifests, ALineOutOfPlaceIsAnError) {
  Planned(Text("sac", 2));
  const std::string lines = Bytes();
  std::ofstream(Folder() + "/manifest.jsonl") << lines.substr(lines.find('\n') + 1);
  const auto read = ReadManifest(Folder());
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().message.find("manifest.jsonl:1"), std::string::npos) << read.error().message;
}

TEST_F(Manifests, AFolderOfSomethingElseIsRefused) {
  std::filesystem::create_directories(Folder());
  std::ofstream(Folder() + "/thesis.tex") << "x";
  const auto file = ReadSweepFile(folder_.Write("s.toml", Text("sac", 1)));
  const auto plan = Plan(file.value(), Folder(), false);
  ASSERT_FALSE(plan.ok());
  EXPECT_NE(plan.error().message.find("something else"), std::string::npos);
}

TEST_F(Manifests, TheFoldersSayHowTheRunsStand) {
  const Manifest manifest = Planned(Text("sac", 5));
  const SweepPaths paths(Folder());
  const auto returns = [](size_t n) { return std::vector<double>(n, 4); };
  using store::RunCondition;
  testing_support::Make(paths.Run("cartpole-sac-cpu-s0"), {"cartpole", "sac", 0, 20, returns(20)});
  testing_support::Make(paths.Run("cartpole-sac-cpu-s1"),
                        {"cartpole", "sac", 1, 20, returns(5), {}, RunCondition::kStopped});
  testing_support::Make(paths.Run("cartpole-sac-cpu-s2"),
                        {"cartpole", "sac", 2, 20, returns(6), {}, RunCondition::kCrashed, false, "no memory"});
  std::ofstream(paths.Log("cartpole-sac-cpu-s3"))
      << "equipoise: a warning\nended with exit code 1: equipoise: no such thing\n";
  run::RunList list;
  const std::vector<RunStanding> standings = StandingsOf(manifest, Folder(), &list);
  ASSERT_EQ(standings.size(), 5u);
  EXPECT_EQ(standings[0].stand, Stand::kFinished);
  EXPECT_EQ(standings[1].stand, Stand::kStopped);
  EXPECT_EQ(standings[1].episodes, 5);
  EXPECT_EQ(standings[2].stand, Stand::kFailed);
  EXPECT_EQ(standings[2].why, "no memory");
  EXPECT_EQ(standings[3].stand, Stand::kFailed);
  EXPECT_EQ(standings[3].why, "ended with exit code 1: equipoise: no such thing");
  EXPECT_EQ(standings[4].stand, Stand::kWaiting);
  EXPECT_EQ(StandingSummary(standings), "5 runs: 1 finished, 1 stopped, 2 failed, 1 waiting");
  const std::string table = StandingTable(manifest, standings, {{4, "queued (Priority)"}}, 0);
  EXPECT_NE(table.find("cartpole-sac-cpu-s1  [====            ]        5/20       4.0  stopped\n"), std::string::npos)
      << table;
  EXPECT_NE(table.find("waiting   queued (Priority)"), std::string::npos) << table;
}

}  // namespace
}  // namespace equipoise::sweep
