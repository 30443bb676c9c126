#include "ui/view/run_table.h"

#include <gtest/gtest.h>

namespace equipoise::ui {
namespace {

run::RunSummary Run(const std::string& folder, const std::string& agent, int seed, std::vector<double> returns) {
  run::RunSummary run;
  run.folder = folder;
  run.description.task = "cartpole";
  run.description.agent = agent;
  run.description.preset = "cpu";
  run.description.seed = seed;
  run.returns = std::move(returns);
  run.episodes = static_cast<int>(run.returns.size());
  return run;
}

// The newest start first, as they are listed.
std::vector<run::RunSummary> Four() {
  std::vector<run::RunSummary> runs = {Run("runs/d", "sac", 3, {5}), Run("runs/c", "unified", 1, {}),
                                       Run("runs/b", "sac", 2, {9, 9}), Run("runs/a", "unified", 0, {1, 2, 3})};
  runs.push_back(Run("runs/e", "", 0, {}));
  runs.back().problem = "cannot be read";
  return runs;
}

TEST(RunTable, IsInTheOrderOfAColumnEitherWayAndWhatHasNoValueComesLast) {
  RunTableView view;
  EXPECT_EQ(RowsOf(Four(), view), (std::vector<size_t>{0, 1, 2, 3, 4}));
  view.SortBy(RunColumn::kMean);
  EXPECT_EQ(RowsOf(Four(), view), (std::vector<size_t>{3, 0, 2, 1, 4}));
  view.SortBy(RunColumn::kMean);
  EXPECT_EQ(RowsOf(Four(), view), (std::vector<size_t>{2, 0, 3, 1, 4})) << "the other way round";
  view.SortBy(RunColumn::kSeed);
  EXPECT_EQ(RowsOf(Four(), view), (std::vector<size_t>{3, 1, 2, 0, 4}));
  view.SortBy(RunColumn::kName);
  EXPECT_EQ(RowsOf(Four(), view), (std::vector<size_t>{3, 2, 1, 0, 4}));
  view.SortBy(RunColumn::kAgent);
  EXPECT_EQ(RowsOf(Four(), view), (std::vector<size_t>{0, 2, 1, 3, 4})) << "equal ones as they were";
}

TEST(RunTable, FindsRunsByEveryWord) {
  RunTableView view;
  view.search = "SAC seed 2";
  EXPECT_EQ(RowsOf(Four(), view), (std::vector<size_t>{2}));
  view.search = "nothing like it";
  EXPECT_TRUE(RowsOf(Four(), view).empty());
}

}  // namespace
}  // namespace equipoise::ui
