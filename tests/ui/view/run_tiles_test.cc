#include "ui/view/run_tiles.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ui/view/run_table.h"

namespace equipoise::ui {
namespace {

run::RunSummary SummaryOf(const std::string& folder, const std::string& task, const std::string& agent, int64_t seed,
                          std::vector<double> returns) {
  run::RunSummary run;
  run.folder = folder;
  run.description.task = task;
  run.description.agent = agent;
  run.description.preset = "cpu";
  run.description.seed = seed;
  run.returns = std::move(returns);
  return run;
}

std::vector<std::vector<double>> CurvesOf(const std::vector<run::RunSummary>& runs) {
  std::vector<std::vector<double>> curves;
  for (const run::RunSummary& run : runs) curves.push_back(Thinned(run.returns, 48));
  return curves;
}
std::vector<TileGroup> Tiles(const std::vector<run::RunSummary>& runs, const std::vector<PlannedRun>& planned,
                             const std::string& search = "") {
  RunTableView view;
  view.search = search;
  return TilesOf(runs, CurvesOf(runs), RowsOf(runs, view), planned, search);
}

TEST(Thinned, IsMeansOfConsecutiveValuesThatAreFinite) {
  EXPECT_EQ(Thinned({1, 2, 3}, 10), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(Thinned({1, 3, 5, 7}, 2), (std::vector<double>{2, 6}));
  EXPECT_EQ(Thinned({1, NAN, 5, 7}, 2), (std::vector<double>{1, 6}));
  EXPECT_TRUE(std::isnan(Thinned({NAN, NAN, 5, 7}, 2).front()));
  EXPECT_TRUE(Thinned({1}, 10).empty());
}

TEST(RunTiles, GroupsSeedsByTaskAndAgentOnOneScaleForATask) {
  const std::vector<run::RunSummary> runs = {
      SummaryOf("runs/a", "hopper", "sac", 1, {0, 10}), SummaryOf("runs/b", "cartpole", "sac", 2, {1, 2}),
      SummaryOf("runs/c", "cartpole", "unified", 0, {-3, NAN}), SummaryOf("runs/d", "cartpole", "sac", 0, {5, 6})};
  const std::vector<TileGroup> groups = Tiles(runs, {});
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].task + " " + groups[0].title, "cartpole sac, cpu");
  ASSERT_EQ(groups[0].tiles.size(), 2u);
  EXPECT_EQ(groups[0].tiles[0].run, 3u) << "rising seeds";
  EXPECT_EQ(groups[0].tiles[1].run, 1u);
  EXPECT_EQ(groups[0].lowest, -3) << "of the task's other agent";
  EXPECT_EQ(groups[0].highest, 6);
  EXPECT_EQ(groups[1].title, "unified, cpu");
  EXPECT_EQ(groups[2].task, "hopper");
  EXPECT_EQ(groups[2].lowest, 0);
  ASSERT_EQ(Tiles(runs, {}, "hopper").size(), 1u);
}

TEST(RunTiles, OfASweepHoldThePlansOrderAndWhatWaitsOrFailed) {
  const std::vector<run::RunSummary> runs = {SummaryOf("s/runs/x", "cartpole", "sac", 0, {1, 2}),
                                             SummaryOf("s/runs/own", "cartpole", "td3", 7, {1, 2})};
  const std::vector<PlannedRun> planned = {
      {"s/runs/u", "cartpole", "unified", 0, sweep::Stand::kFailed, "ended with exit code 1: no room"},
      {"s/runs/x", "cartpole", "sac, small", 0, sweep::Stand::kFinished, ""},
      {"s/runs/y", "cartpole", "sac, small", 1, sweep::Stand::kWaiting, ""}};
  const std::vector<TileGroup> groups = Tiles(runs, planned);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].title, "unified");
  EXPECT_EQ(groups[0].tiles[0].run, RunTile::kNoRun);
  EXPECT_EQ(groups[0].tiles[0].state, "failed");
  EXPECT_EQ(groups[0].tiles[0].why, "ended with exit code 1: no room");
  ASSERT_EQ(groups[1].tiles.size(), 2u);
  EXPECT_EQ(groups[1].tiles[0].run, 0u);
  EXPECT_EQ(groups[1].tiles[1].state, "waiting");
  EXPECT_EQ(groups[2].title, "td3, cpu") << "a run that the sweep does not ask for";
  const std::vector<TileGroup> found = Tiles(runs, planned, "waiting small");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].tiles.size(), 1u);
}

}  // namespace
}  // namespace equipoise::ui
