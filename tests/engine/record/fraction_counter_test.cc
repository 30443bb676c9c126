#include "engine/record/fraction_counter.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace equipoise::run {
namespace {

// 'r': a random episode, which is no pick.
std::vector<double> Fractions(const std::string& who, int window) {
  FractionCounter counter(window);
  std::vector<double> out;
  for (const char c : who) out.push_back(c == 'r' ? counter.value() : counter.Add(c == 'f'));
  return out;
}

TEST(FractionCounter, CountsPicksInTheWindowOnly) {
  EXPECT_EQ(Fractions("fbbf", 2), (std::vector<double>{1.0, 0.5, 0.0, 0.5}));
}

TEST(FractionCounter, LeavesRandomEpisodesOut) {
  const auto out = Fractions("rfrbr", 2);
  EXPECT_TRUE(std::isnan(out[0]));
  EXPECT_EQ(std::vector<double>(out.begin() + 1, out.end()), (std::vector<double>{1.0, 1.0, 0.5, 0.5}));
}

TEST(FractionCounter, HasItsFloorAtOneTenthWhenOneInTenIsForced) {
  std::string who(200, 'b');
  for (size_t i = 9; i < who.size(); i += 10) who[i] = 'f';
  const auto out = Fractions(who, 20);
  for (size_t i = 20; i < out.size(); ++i) EXPECT_DOUBLE_EQ(out[i], 0.1);
}

}  // namespace
}  // namespace equipoise::run
