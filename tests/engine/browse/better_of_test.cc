// What the better of several agents reaches: of the runs of a folder, for each task.
#include "engine/browse/better_of.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/config/config_file.h"

namespace equipoise::run {
namespace {

// A run whose picked episodes all return the same, after two random ones.
RunSummary Of(const std::string& task, const std::string& agent, int seed, double value, int episodes = 30) {
  config::Settings s = config::DefaultsOf(agent);
  s.run.task = task;
  s.run.seed = seed;
  RunSummary run;
  run.folder = task + "-" + agent + "-" + std::to_string(seed);
  run.description.task = task;
  run.description.agent = agent;
  run.description.seed = static_cast<uint64_t>(seed);
  run.description.settings_json = config::ToJson(s);
  run.episodes = episodes;
  run.returns = {-1000, -1000};
  run.returns.insert(run.returns.end(), static_cast<size_t>(episodes), value);
  return run;
}

// The two rows of Table 1 of Freed et al. 2024 that the published third one is made of.
TEST(BetterRows, MakeThePublishedRowOfTheTwoThatItIsMadeOf) {
  struct {
    const char* task;
    double sac, mbrl, better;
  } const table[] = {{"ant", 457.3, 311, 457.3},      {"hopper", 633, 704.9, 704.9},
                     {"walker2d", 229, 253.2, 253.2}, {"halfcheetah", 540.3, 263, 540.3},
                     {"cartpole", 67.5, 64.6, 67.5},  {"dclaw", 949.2, 944, 949.2}};
  std::vector<RunSummary> runs;
  for (const auto& row : table) {
    runs.push_back(Of(row.task, "sac", 0, row.sac));
    runs.push_back(Of(row.task, "mbrl", 0, row.mbrl));
  }
  const std::vector<BetterRow> rows = BetterRows(runs);
  ASSERT_EQ(rows.size(), 6u);
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(rows[i].task, table[i].task);
    EXPECT_EQ(NameOf(rows[i].best), "max(sac, mbrl)");
    EXPECT_EQ(rows[i].best.best, table[i].sac > table[i].mbrl ? "sac" : "mbrl");
    EXPECT_NEAR(rows[i].best.mean, table[i].better, 1e-9);
  }
}

TEST(BetterRows, TakeTheLargerOfTheMeansOverTheEpisodesThatAllHave) {
  std::vector<RunSummary> runs = {Of("cartpole", "sac", 0, 10),      Of("cartpole", "sac", 1, 20),
                                  Of("cartpole", "mbrl", 0, 30, 20), Of("cartpole", "mbrl", 1, 31),
                                  Of("cartpole", "unified", 0, 50),  Of("cartpole", "unified", 1, 51)};
  runs[3].returns.back() = 1e6;  // an episode that not all have
  const std::vector<BetterRow> rows = BetterRows(runs);
  ASSERT_EQ(rows.size(), 1u);
  const BetterRow& row = rows.front();
  EXPECT_EQ(row.best.episodes, 20u);
  EXPECT_EQ(row.best.best, "mbrl");
  EXPECT_NEAR(row.mean.mean, 30.5, 1e-12);
  EXPECT_NEAR(row.mean.half, 6.353, 1e-3) << "12.706 x .7071 / 1.4142";
  ASSERT_EQ(row.beside.size(), 3u);
  EXPECT_EQ(row.beside[2].name, "unified");
  EXPECT_EQ(row.beside[2].against, "higher, p = 0.0012 *");
  EXPECT_EQ(row.beside[0].against, "");
  const std::string said = Explain(row);
  EXPECT_NE(said.find("for 2 times the steps"), std::string::npos) << said;
  EXPECT_NE(said.find("first 20 episodes"), std::string::npos) << said;
  EXPECT_NE(said.find("unified: 50.5"), std::string::npos) << said;
}

TEST(BetterRows, OfEqualMeansNameTheFirst) {
  const auto rows = BetterRows({Of("cartpole", "mbrl", 0, 7), Of("cartpole", "sac", 0, 7)});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].best.best, "sac");
}

TEST(BetterRows, LeaveOutWhatDoesNotCountAndSayWhatCannotBeCompared) {
  EXPECT_TRUE(BetterRows({Of("cartpole", "sac", 0, 1), Of("hopper", "mbrl", 0, 1)}).empty()) << "of two tasks";
  std::vector<RunSummary> runs = {Of("cartpole", "sac", 0, 1), Of("cartpole", "mbrl", 0, 2),
                                  Of("cartpole", "mbrl", 1, 9), Of("cartpole", "mbrl", 2, 9),
                                  Of("cartpole", "mbrl", 3, 9, 0)};
  runs[2].description.steered = true;
  runs[3].problem = "cannot be read";
  std::vector<BetterRow> rows = BetterRows(runs);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].mean.mean, 2);
  EXPECT_EQ(rows[0].best.episodes, 30u) << "not those of the run that has none yet";
  // Runs of two experiments are no seeds of one.
  config::Settings other = config::DefaultsOf("mbrl");
  other.run.task = "cartpole";
  other.env.horizon = 77;
  runs.push_back(Of("cartpole", "mbrl", 5, 3));
  runs.back().description.settings_json = config::ToJson(other);
  rows = BetterRows(runs);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].problem, "the runs of mbrl are of several experiments");
  EXPECT_TRUE(std::isnan(rows[0].mean.mean));
}

}  // namespace
}  // namespace equipoise::run
