// Which runs count, in which rows, and what is said of the others.
#include "engine/report/collect.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/report/summary.h"
#include "engine/sweep/manifest.h"
#include "tests/engine/report/made_runs.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise::report {
namespace {

using store::RunCondition;
using testing_support::MadeRun;
using testing_support::Make;

std::vector<double> Constant(double value, size_t n = 20) { return std::vector<double>(n, value); }

class Collecting : public ::testing::Test {
 protected:
  Collected Collect(const std::vector<std::string>& folders, int episodes = 0, bool steered = false) {
    CollectOptions options;
    for (const std::string& folder : folders) options.folders.push_back(folder_ / folder);
    options.episodes = episodes;
    options.steered = steered;
    auto collected = report::Collect(options);
    EXPECT_TRUE(collected.ok()) << collected.error().message;
    return collected.ok() ? std::move(collected).value() : Collected();
  }
  static std::vector<std::string> RowNames(const Grid& grid) {
    std::vector<std::string> names;
    for (const Row& row : grid.rows) names.push_back(row.name);
    return names;
  }
  static bool Says(const Collected& collected, const std::string& words) {
    return std::any_of(collected.notes.begin(), collected.notes.end(),
                       [&](const std::string& note) { return note.find(words) != std::string::npos; });
  }
  testing_support::TemporaryFolder folder_;
};

TEST_F(Collecting, AFolderOfRunsIsRowsOfAgentsAndColumnsOfTasks) {
  Make(folder_ / "runs/a", {"cartpole", "sac", 1, 20, Constant(3)});
  Make(folder_ / "runs/b", {"cartpole", "sac", 0, 20, Constant(1)});
  Make(folder_ / "runs/c", {"cartpole", "unified", 0, 20, Constant(5)});
  Make(folder_ / "runs/d", {"hopper", "unified", 0, 20, Constant(7)});
  const Collected collected = Collect({"runs"});
  EXPECT_EQ(RowNames(collected.scores), (std::vector<std::string>{"unified", "sac"}));
  ASSERT_EQ(collected.scores.columns.size(), 2u);
  const ScoreTable table = TableOf(collected, collected.scores, 0);
  EXPECT_DOUBLE_EQ(table.rows[0].cells[0].mean.mean, 5);
  EXPECT_DOUBLE_EQ(table.rows[0].cells[1].mean.mean, 7);
  EXPECT_DOUBLE_EQ(table.rows[1].cells[0].mean.mean, 2);
  EXPECT_EQ(table.rows[1].cells[0].mean.n, 2);
  EXPECT_EQ(table.rows[1].cells[1].mean.n, 0);
  EXPECT_TRUE(collected.notes.empty());
  EXPECT_TRUE(collected.failures.rows.empty());
}

TEST_F(Collecting, UnlikeSettingsAreNeverAveraged) {
  Make(folder_ / "a",
       {"cartpole", "unified", 0, 20, Constant(1), {}, RunCondition::kFinished, false, "", {{"eps.masks", "5"}}});
  Make(folder_ / "b",
       {"cartpole", "unified", 1, 20, Constant(3), {}, RunCondition::kFinished, false, "", {{"eps.masks", "20"}}});
  const Collected collected = Collect({"a", "b"});
  EXPECT_EQ(RowNames(collected.scores),
            (std::vector<std::string>{"unified, eps.masks = 20", "unified, eps.masks = 5"}));
}

TEST_F(Collecting, TheStretchesAreThoseOfTheShortestPlan) {
  std::vector<double> rising;
  for (int i = 0; i < 40; ++i) rising.push_back(i);
  Make(folder_ / "a", {"cartpole", "unified", 0, 40, rising});
  Make(folder_ / "b", {"cartpole", "sac", 0, 20, Constant(1)});
  const Collected collected = Collect({"a", "b"});
  EXPECT_EQ(collected.scores.columns[0].episodes, 20u);
  EXPECT_DOUBLE_EQ(TableOf(collected, collected.scores, 0).rows[0].cells[0].mean.mean, 9.5);
  EXPECT_DOUBLE_EQ(TableOf(collected, collected.scores, 1).rows[0].cells[0].mean.mean, 2);     // 0 to 4
  EXPECT_DOUBLE_EQ(TableOf(collected, collected.scores, 2).rows[0].cells[0].mean.mean, 18.5);  // 18 and 19
  EXPECT_EQ(Collect({"a", "b"}, 10).scores.columns[0].episodes, 10u);
}

TEST_F(Collecting, CrashedUnfinishedAndSteeredRunsAreToldAndNotCounted) {
  Make(folder_ / "whole", {"cartpole", "sac", 0, 20, Constant(1)});
  Make(folder_ / "crashed",
       {"cartpole", "sac", 1, 20, Constant(99, 7), {}, RunCondition::kCrashed, false, "no memory"});
  Make(folder_ / "stopped", {"cartpole", "sac", 2, 20, Constant(99, 8), {}, RunCondition::kStopped});
  Make(folder_ / "cut", {"cartpole", "sac", 3, 20, Constant(99, 9), {}, RunCondition::kRunning});
  Make(folder_ / "touched", {"cartpole", "sac", 4, 20, Constant(99), {}, RunCondition::kFinished, true});
  const std::vector<std::string> all = {"whole", "crashed", "stopped", "cut", "touched"};
  const Collected collected = Collect(all);
  const ScoreTable table = TableOf(collected, collected.scores, 0);
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0].cells[0].mean.n, 1);
  EXPECT_DOUBLE_EQ(table.rows[0].cells[0].mean.mean, 1);
  EXPECT_TRUE(Says(collected, "crashed: " + (folder_ / "crashed") + " after 7 of 20 episodes: no memory"));
  EXPECT_TRUE(Says(collected, "stopped: " + (folder_ / "stopped") + ", 8 of 20 episodes"));
  EXPECT_TRUE(Says(collected, "cut off: " + (folder_ / "cut") + ", 9 of 20 episodes"));
  EXPECT_TRUE(Says(collected, "steered by hand: " + (folder_ / "touched")));

  const Collected with = Collect(all, 0, /*steered=*/true);
  EXPECT_EQ(RowNames(with.scores), (std::vector<std::string>{"sac", "sac, steered"}))
      << "and never among the clean ones";
  EXPECT_EQ(TableOf(Collect(all, 7), Collect(all, 7).scores, 0).rows[0].cells[0].mean.n, 4)
      << "of the first seven episodes all that were not touched have something to say";
}

TEST_F(Collecting, APlannedChangeIsNoSteering) {
  Make(folder_ / "a", {"cartpole",
                       "unified",
                       0,
                       20,
                       Constant(1),
                       {},
                       RunCondition::kFinished,
                       false,
                       "",
                       {{"run.schedule", "10 distractors.active=true"}}});
  EXPECT_TRUE(Collect({"a"}).runs[0].counted);
}

TEST_F(Collecting, ASweepSaysWhatIsMissingAndWhatIsAFailure) {
  const std::string path =
      folder_.Write("s.toml",
                    "seeds = 2\nepisodes = 20\nagents = [\"sac\"]\n[[runs]]\ntasks = [\"cartpole\"]\n"
                    "[[runs]]\ntasks = [\"cartpole\"]\nfailure = \"Distractors\"\n"
                    "settings = [{ name = \"noisy\", set = { \"distractors.active\" = true } }]\n");
  const auto file = sweep::ReadSweepFile(path);
  ASSERT_TRUE(file.ok()) << file.error().message;
  const auto manifest = sweep::Plan(file.value(), folder_ / "sweep", false);
  ASSERT_TRUE(manifest.ok()) << manifest.error().message;
  Make(folder_ / "sweep/runs/cartpole-sac-cpu-s1", {"cartpole", "sac", 1, 20, Constant(1)});
  Make(folder_ / "sweep/runs/cartpole-sac-noisy-cpu-s0", {"cartpole",
                                                          "sac",
                                                          0,
                                                          20,
                                                          Constant(0),
                                                          {},
                                                          RunCondition::kFinished,
                                                          false,
                                                          "",
                                                          {{"distractors.active", "true"}}});
  const Collected collected = Collect({"sweep"});
  EXPECT_EQ(collected.planned, 4u);
  EXPECT_EQ(collected.runs.size(), 2u);
  EXPECT_TRUE(Says(collected, "missing: " + (folder_ / "sweep/runs/cartpole-sac-cpu-s0") + " has not begun"));
  EXPECT_EQ(RowNames(collected.scores), std::vector<std::string>{"sac"});
  EXPECT_EQ(RowNames(collected.failures), std::vector<std::string>{"sac"}) << "its column says what is wrong";
  ASSERT_EQ(collected.failures.columns.size(), 1u);
  EXPECT_EQ(collected.failures.columns[0].failure, "Distractors");
}

TEST_F(Collecting, ARunThatIsNamedTwiceCountsOnce) {
  Make(folder_ / "runs/a", {"cartpole", "sac", 0, 20, Constant(1)});
  const Collected collected = Collect({"runs", "runs/a"});
  EXPECT_EQ(collected.runs.size(), 1u);
  EXPECT_TRUE(Says(collected, "counts once"));
}

TEST_F(Collecting, WithoutAnythingToReadThereIsNoReport) {
  std::filesystem::create_directories(folder_ / "empty");
  const auto collected = report::Collect({{folder_ / "empty"}, 0, false});
  ASSERT_FALSE(collected.ok());
  EXPECT_NE(collected.error().message.find("neither a sweep nor a run"), std::string::npos)
      << collected.error().message;
  EXPECT_FALSE(report::Collect({{folder_ / "absent"}, 0, false}).ok());
}

// Two agents on two tasks: min-max over the rows' means, by hand.
TEST_F(Collecting, AggregatesAreOfNormalisedScores) {
  for (int seed : {0, 1}) {
    const std::string s = std::to_string(seed);
    Make(folder_ / "runs/a" + s, {"cartpole", "unified", seed, 20, Constant(9 + 2 * seed)});  // 10
    Make(folder_ / "runs/b" + s, {"cartpole", "sac", seed, 20, Constant(0)});                 // 0
    Make(folder_ / "runs/c" + s, {"hopper", "unified", seed, 20, Constant(100)});             // 100
    Make(folder_ / "runs/d" + s, {"hopper", "sac", seed, 20, Constant(200)});                 // 200
  }
  const Collected collected = Collect({"runs"});
  const Aggregates aggregates = AggregatesOf(collected, TableOf(collected, collected.scores, 0));
  ASSERT_EQ(aggregates.nothing, "");
  ASSERT_EQ(aggregates.rows.size(), 2u);
  EXPECT_EQ(aggregates.rows[0].name, "unified");
  EXPECT_NEAR(aggregates.rows[0].iqm.value, (0.9 + 0) / 2, 1e-12);  // of 0, 0, 0.9 and 1.1
  EXPECT_NEAR(aggregates.rows[0].gap.value, 1 - (0.9 + 1) / 4, 1e-12);
  ASSERT_EQ(aggregates.improvements.size(), 1u);
  EXPECT_EQ(aggregates.improvements[0].x, "unified");
  EXPECT_NEAR(aggregates.improvements[0].p.value, 0.5, 1e-12);
  EXPECT_NEAR(aggregates.profiles[0].share.front().value, 0.5, 1e-12) << "above 0";
}

}  // namespace
}  // namespace equipoise::report
