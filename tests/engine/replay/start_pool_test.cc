#include "engine/replay/start_pool.h"

#include <cmath>

#include <gtest/gtest.h>

namespace equipoise::learn {
namespace {

TEST(StartPool, DrawsEveryStateEquallyOftenAsAWhole) {
  const StartPool pool({0, 10, 1, 11, 2, 12, 3, 13}, 2);
  EXPECT_EQ(pool.size(), 4);
  std::vector<float> out(2 * 4000);
  Stream stream(1, "start"), phases(1, "phases");
  pool.Fill(4000, nullptr, stream, phases, out.data());
  std::vector<int> count(4, 0);
  for (size_t i = 0; i < out.size(); i += 2) {
    EXPECT_EQ(out[i + 1], out[i] + 10);
    ++count[static_cast<size_t>(out[i])];
  }
  for (int c : count) EXPECT_NEAR(c, 1000, 110);  // four standard errors
}

TEST(StartPool, AppendsDistractorsOfAFreshPhaseAndKeepsThePhysicsDraw) {
  const StartPool pool({0, 10, 1, 11, 2, 12, 3, 13}, 2);
  const env::Distractors distractors({2, 3, 1.5, 5, 20});
  std::vector<float> plain(2 * 20), wide(8 * 20);
  Stream a(1, "start"), b(1, "start"), phases(1, "phases"), same(1, "phases");
  pool.Fill(20, nullptr, a, phases, plain.data());
  pool.Fill(20, &distractors, b, phases, wide.data());
  for (size_t r = 0; r < 20; ++r) {
    EXPECT_EQ(wide[8 * r], plain[2 * r]);
    EXPECT_EQ(wide[8 * r + 1], plain[2 * r + 1]);
    const std::vector<float> phase = distractors.DrawPhases(same);
    for (size_t g = 0; g < 2; ++g)  // at t = 0 all sinusoids of a group are amplitude * sin(phase)
      for (size_t j = 0; j < 3; ++j) EXPECT_NEAR(wide[8 * r + 2 + 3 * g + j], 1.5 * std::sin(phase[g]), 1e-6);
  }
  EXPECT_NE(wide[2], wide[10]);
}

}  // namespace
}  // namespace equipoise::learn
