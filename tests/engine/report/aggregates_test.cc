// The statistics of Agarwal et al. 2021, against the numbers of their own package on the same scores and the same draws
// (tests/peers/rliable_numbers.py).
#include "engine/report/aggregates.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "engine/base/atomic_file.h"
#include "engine/base/json.h"
#include "tests/paths.h"

namespace equipoise::report {
namespace {

class Rliable : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string path = tests::FixtureFolder() + "/report/rliable.json";
    const auto text = ReadFile(path);
    ASSERT_TRUE(text.ok()) << text.error().message;
    auto json = ParseJson(text.value(), path);
    ASSERT_TRUE(json.ok()) << json.error().message;
    json_ = std::move(json).value();
    x_ = json_.at("x").get<TaskScores>();
    y_ = json_.at("y").get<TaskScores>();
    resamples_ = json_.at("resamples").get<int>();
  }
  // What the package drew, in its order.
  Draw Drawn(const char* key) const {
    std::string all;
    for (const auto& one : json_.at(key)) all += one.get<std::string>();
    auto at = std::make_shared<size_t>(0);
    return [all, at](size_t n) {
      EXPECT_LT(*at, all.size()) << "more draws than the package made";
      const auto drawn = static_cast<size_t>(all[(*at)++ % all.size()] - '0');
      EXPECT_LT(drawn, n);
      return drawn;
    };
  }
  void ExpectIs(const Interval& ours, const char* key) const {
    const Json& theirs = json_.at(key);
    EXPECT_NEAR(ours.value, theirs.at(0).get<double>(), 1e-12) << key;
    EXPECT_NEAR(ours.lo, theirs.at(1).get<double>(), 1e-12) << key;
    EXPECT_NEAR(ours.hi, theirs.at(2).get<double>(), 1e-12) << key;
  }
  Json json_;
  TaskScores x_, y_;
  int resamples_ = 0;
};

TEST_F(Rliable, AggregatesAndTheirIntervalsAreItsNumbers) {
  const auto gap = [](const TaskScores& s) { return OptimalityGap(s); };
  ExpectIs(Bootstrap(x_, InterquartileMean, Drawn("draws_x"), resamples_), "iqm_x");
  ExpectIs(Bootstrap(y_, InterquartileMean, Drawn("draws_y"), resamples_), "iqm_y");
  ExpectIs(Bootstrap(x_, MeanOfTasks, Drawn("draws_x"), resamples_), "mean_x");
  ExpectIs(Bootstrap(y_, MeanOfTasks, Drawn("draws_y"), resamples_), "mean_y");
  ExpectIs(Bootstrap(x_, MedianOfTasks, Drawn("draws_x"), resamples_), "median_x");
  ExpectIs(Bootstrap(y_, MedianOfTasks, Drawn("draws_y"), resamples_), "median_y");
  ExpectIs(Bootstrap(x_, gap, Drawn("draws_x"), resamples_), "gap_x");
  ExpectIs(Bootstrap(y_, gap, Drawn("draws_y"), resamples_), "gap_y");
}

TEST_F(Rliable, TheProbabilityOfImprovementIsItsNumber) {
  ExpectIs(BootstrapOfTwo(x_, y_, ProbabilityOfImprovement, Drawn("draws_both"), resamples_), "improvement");
  EXPECT_DOUBLE_EQ(ProbabilityOfImprovement(x_, x_), 0.5);
}

TEST_F(Rliable, TheProfileIsItsNumbers) {
  const auto tau = json_.at("tau").get<std::vector<double>>();
  const std::vector<Interval> ours = BootstrapProfile(x_, tau, Drawn("draws_x"), resamples_);
  ASSERT_EQ(ours.size(), tau.size());
  for (size_t k = 0; k < tau.size(); ++k) {
    const Json& theirs = json_.at("profile").at(k);
    EXPECT_NEAR(ours[k].value, theirs.at(0).get<double>(), 1e-12) << "at " << tau[k];
    EXPECT_NEAR(ours[k].lo, theirs.at(1).get<double>(), 1e-12) << "at " << tau[k];
    EXPECT_NEAR(ours[k].hi, theirs.at(2).get<double>(), 1e-12) << "at " << tau[k];
  }
}

// By hand: of 1..8 the middle four; with five runs of one task floor(5 / 4) = 1 goes on either side.
TEST(Aggregates, TheMiddleHalfIsAveraged) {
  EXPECT_DOUBLE_EQ(InterquartileMean({{1, 2, 3, 4}, {5, 6, 7, 800}}), 4.5);
  EXPECT_DOUBLE_EQ(InterquartileMean({{1, 2, 3, 4, 500}}), 3);
  EXPECT_DOUBLE_EQ(OptimalityGap({{0.5, 2.0}}), 0.25);
}

TEST(Aggregates, DrawsRepeatAndDependOnTheSeed) {
  const TaskScores scores = {{0.1, 0.4, 0.7, 0.9}, {0.2, 0.3, 0.8}};
  const Interval a = Bootstrap(scores, InterquartileMean, DrawFrom(1)),
                 b = Bootstrap(scores, InterquartileMean, DrawFrom(1)),
                 c = Bootstrap(scores, InterquartileMean, DrawFrom(2), 50);
  EXPECT_EQ(a.lo, b.lo);
  EXPECT_EQ(a.hi, b.hi);
  EXPECT_NE(a.lo, c.lo);
  EXPECT_LT(a.lo, a.value);
  EXPECT_GT(a.hi, a.value);
}

TEST(Aggregates, WithoutARunInATaskThereIsNoNumber) {
  EXPECT_TRUE(std::isnan(Bootstrap({{1, 2}, {}}, InterquartileMean, DrawFrom(0)).value));
  EXPECT_TRUE(std::isnan(BootstrapOfTwo({{1, 2}}, {{1}, {2}}, ProbabilityOfImprovement, DrawFrom(0)).value));
}

}  // namespace
}  // namespace equipoise::report
