#include "engine/env/distractors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace equipoise::env {
namespace {

constexpr double kPi = 3.14159265358979323846;

TEST(Distractors, PeriodsAreInEqualRatiosFromTheShortestToTheLongest) {
  const Distractors distractors(DistractorSpec{});
  ASSERT_EQ(distractors.omega().size(), 10u);
  EXPECT_NEAR(2 * kPi / distractors.omega().front(), 5, 1e-12);
  EXPECT_NEAR(2 * kPi / distractors.omega().back(), 100, 1e-10);
  for (size_t j = 1; j < 10; ++j) {
    EXPECT_NEAR(distractors.omega()[j - 1] / distractors.omega()[j], std::pow(20.0, 1.0 / 9), 1e-12);
  }
}

TEST(Distractors, ValuesAreTheClosedForm) {
  DistractorSpec spec;
  spec.groups = 2;
  spec.sinusoids = 3;
  spec.amplitude = 2.5;
  spec.shortest_period = 4;
  spec.longest_period = 64;  // so the middle one is 16
  const Distractors distractors(spec);
  const float phases[] = {0.0f, 1.0f};
  std::vector<float> values(distractors.size());
  ASSERT_EQ(values.size(), 6u);
  const double periods[] = {4, 16, 64};
  for (int t : {0, 1, 7, 199}) {
    distractors.Values(phases, t, values.data());
    for (int g = 0; g < 2; ++g) {
      for (int j = 0; j < 3; ++j) {
        EXPECT_NEAR(values[3 * g + j], 2.5 * std::sin(2 * kPi * t / periods[j] + phases[g]), 1e-6);
      }
    }
  }
}

TEST(Distractors, OneSinusoidHasTheShortestPeriod) {
  DistractorSpec spec;
  spec.sinusoids = 1;
  EXPECT_NEAR(Distractors(spec).omega()[0], 2 * kPi / 5, 1e-15);
}

TEST(Distractors, PhasesFillTheCircleAndDifferBetweenEpisodes) {
  const Distractors distractors(DistractorSpec{});
  std::set<float> seen;
  double low = 10, high = -10, sum = 0;
  for (uint64_t episode = 0; episode < 400; ++episode) {
    Stream stream(1, "distractors", episode);
    const std::vector<float> phases = distractors.DrawPhases(stream);
    ASSERT_EQ(phases.size(), 5u);
    for (float phase : phases) {
      seen.insert(phase);
      low = std::min<double>(low, phase);
      high = std::max<double>(high, phase);
      sum += phase;
    }
  }
  EXPECT_GT(seen.size(), 1990u);
  EXPECT_GE(low, 0);
  EXPECT_LT(low, 0.1);
  EXPECT_LE(high, 2 * kPi);
  EXPECT_GT(high, 6.2);
  EXPECT_NEAR(sum / 2000, kPi, 5 * 2 * kPi / std::sqrt(12 * 2000.0));

  Stream again(1, "distractors", 3), same(1, "distractors", 3);
  EXPECT_EQ(distractors.DrawPhases(again), distractors.DrawPhases(same));
}

}  // namespace
}  // namespace equipoise::env
