#include "engine/replay/episode_buffer.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/engine/numeric.h"

namespace equipoise::replay {
namespace {

using test::Normals;

constexpr int64_t kStates = 3, kActions = 2, kSteps = 4;
const env::DistractorSpec kSpec{2, 3, 1.5, 5, 20};

// Every number says where it belongs: state 1000 episode + 10 t + j, action the same plus 0.25, reward plus 0.5.
Episode Counted(int episode) {
  Episode e;
  for (int t = 0; t <= kSteps; ++t)
    for (int j = 0; j < kStates; ++j) e.states.push_back(static_cast<float>(1000 * episode + 10 * t + j));
  for (int t = 0; t < kSteps; ++t) {
    for (int j = 0; j < kActions; ++j) e.actions.push_back(static_cast<float>(1000 * episode + 10 * t + j) + 0.25f);
    e.rewards.push_back(static_cast<float>(1000 * episode + 10 * t) + 0.5f);
  }
  return e;
}

Episode Random(int i) {
  const std::string n = std::to_string(i);
  Episode e;
  e.states = Normals((kSteps + 1) * kStates, "states" + n, 3.0f);
  for (int t = 0; t <= kSteps; ++t) e.states[static_cast<size_t>(t * kStates + 2)] = 4.0f;  // a dead sensor
  e.actions = Normals(kSteps * kActions, "actions" + n);
  e.rewards = Normals(kSteps, "rewards" + n, 10.0f);
  return e;
}

EpisodeBuffer Filled(int n, Episode (*make)(int)) {
  EpisodeBuffer data(kStates, kActions, kSteps, kSpec, 77);
  for (int i = 0; i < n; ++i) data.Append(make(i));
  return data;
}

TEST(EpisodeBuffer, DifferencesOfAnAngleAreTheShortWayRound) {
  EpisodeBuffer data(1, 1, 3, kSpec, 77, {0});
  const float angles[4] = {3.0f, -3.1f, -2.9f, 3.1f};
  data.Append({{angles, angles + 4}, {0, 0, 0}, {1, 2, 3}, {}, 0});
  const double turn = 6.283185307179586, want[3] = {turn - 6.1, 0.2, 6.0 - turn};
  const Normaliser n = data.Fit();
  EXPECT_NEAR(n.y_mean[0], (want[0] + want[1] + want[2]) / 3, 1e-6);
  std::vector<float> x(3 * 2), y(3 * 2);
  data.Sequences({0}, n, x.data(), y.data());
  for (size_t t = 0; t < 3; ++t) {
    EXPECT_NEAR(y[2 * t] * n.y_sd[0] + n.y_mean[0], want[t], 1e-5);
    EXPECT_NEAR(x[2 * t] * n.x_sd[0] + n.x_mean[0], angles[t], 1e-5);
  }
}

TEST(EpisodeBuffer, NormaliserIsTheTwoPassMeanAndSpreadOfAllRows) {
  for (bool distracted : {false, true}) {
    EpisodeBuffer data = Filled(9, Random);
    data.SetDistracted(distracted);
    data.Append(Random(9));  // also what is appended later counts
    const Normaliser n = data.Fit();
    const int64_t S = data.states();
    std::vector<std::vector<double>> x(static_cast<size_t>(S + kActions)), y(static_cast<size_t>(S + 1));
    for (int64_t i = 0; i < data.size(); ++i) {
      for (int64_t t = 0; t < kSteps; ++t) {
        std::vector<float> now(static_cast<size_t>(S)), next(static_cast<size_t>(S));
        data.Observation(i, t, now.data());
        data.Observation(i, t + 1, next.data());
        for (size_t j = 0; j < now.size(); ++j) {
          x[j].push_back(now[j]);
          y[j].push_back(static_cast<double>(next[j]) - now[j]);
        }
        for (int64_t j = 0; j < kActions; ++j)
          x[static_cast<size_t>(S + j)].push_back(data[i].actions[static_cast<size_t>(t * kActions + j)]);
        y[static_cast<size_t>(S)].push_back(data[i].rewards[static_cast<size_t>(t)]);
      }
    }
    auto expect = [](const std::vector<std::vector<double>>& columns, const std::vector<float>& mean,
                     const std::vector<float>& sd, double floor) {
      ASSERT_EQ(columns.size(), mean.size());
      ASSERT_EQ(columns.size(), sd.size());
      for (size_t j = 0; j < columns.size(); ++j) {
        double m = 0, v = 0;
        for (double value : columns[j]) m += value / static_cast<double>(columns[j].size());
        for (double value : columns[j]) v += (value - m) * (value - m) / static_cast<double>(columns[j].size());
        EXPECT_NEAR(mean[j], m, 1e-6 * (1 + std::fabs(m)));
        EXPECT_NEAR(sd[j], std::max(std::sqrt(v), floor), 1e-6 * std::sqrt(v) + 1e-9);
      }
    };
    expect(x, n.x_mean, n.x_sd, 1e-3);
    expect(y, n.y_mean, n.y_sd, 1e-4);
    EXPECT_FLOAT_EQ(n.x_sd[2], 1e-3f);  // the dead sensor is at both floors
    EXPECT_FLOAT_EQ(n.y_sd[2], 1e-4f);
  }
}

TEST(EpisodeBuffer, NormaliserKeepsItsDigitsFarFromZero) {
  EpisodeBuffer data(1, 1, 100, kSpec, 1);
  Episode e;
  e.states = Normals(101, "states", 0.01f);
  for (float& s : e.states) s += 1000.0f;  // a sum of squares in float would have lost the spread
  e.actions = Normals(100, "actions");
  e.rewards = Normals(100, "rewards");
  double mean = 0, variance = 0;
  for (int t = 0; t < 100; ++t) mean += e.states[static_cast<size_t>(t)] / 100.0;
  for (int t = 0; t < 100; ++t) variance += std::pow(e.states[static_cast<size_t>(t)] - mean, 2) / 100.0;
  data.Append(e);
  EXPECT_NEAR(data.Fit().x_sd[0], std::sqrt(variance), 1e-6);
}

TEST(EpisodeBuffer, TransitionsAreRowsOfOneStepOfOneEpisodeAndReachAllOfThem) {
  const EpisodeBuffer data = Filled(5, Counted);
  const int64_t n = 2000;
  std::vector<float> s(n * kStates), a(n * kActions), r(n), next(n * kStates);
  Stream stream(1, "t");
  data.Transitions(n, stream, s.data(), a.data(), r.data(), next.data());
  std::vector<int> seen(5 * kSteps, 0);
  for (size_t k = 0; k < static_cast<size_t>(n); ++k) {
    const int at = static_cast<int>(s[k * kStates]), episode = at / 1000, t = at % 1000 / 10;
    ++seen[static_cast<size_t>(episode * kSteps + t)];
    for (size_t j = 0; j < kStates; ++j) {
      EXPECT_EQ(s[k * kStates + j], static_cast<float>(at) + static_cast<float>(j));
      EXPECT_EQ(next[k * kStates + j], static_cast<float>(at + 10) + static_cast<float>(j));
    }
    for (size_t j = 0; j < kActions; ++j)
      EXPECT_EQ(a[k * kActions + j], static_cast<float>(at) + static_cast<float>(j) + 0.25f);
    EXPECT_EQ(r[k], static_cast<float>(at) + 0.5f);
  }
  for (int count : seen) EXPECT_NEAR(count, 100, 50);  // five standard errors
}

TEST(EpisodeBuffer, SequencesAreTimeMajorAndNormalised) {
  const EpisodeBuffer data = Filled(4, Random);
  Normaliser n = data.Fit();
  const std::vector<int64_t> ids = {2, 0, 2};
  const int64_t B = 3, I = kStates + kActions, D = kStates + 1;
  std::vector<float> x(static_cast<size_t>(kSteps * B * I)), y(static_cast<size_t>(kSteps * B * D));
  data.Sequences(ids, n, x.data(), y.data());
  for (int64_t t = 0; t < kSteps; ++t) {
    for (int64_t b = 0; b < B; ++b) {
      const Episode& e = data[ids[static_cast<size_t>(b)]];
      auto state = [&](int64_t step, int64_t j) { return e.states[static_cast<size_t>(step * kStates + j)]; };
      const float *xr = x.data() + (t * B + b) * I, *yr = y.data() + (t * B + b) * D;
      for (int64_t j = 0; j < kStates; ++j) {
        const auto k = static_cast<size_t>(j);
        EXPECT_FLOAT_EQ(xr[j], (state(t, j) - n.x_mean[k]) / n.x_sd[k]);
        EXPECT_FLOAT_EQ(yr[j], (state(t + 1, j) - state(t, j) - n.y_mean[k]) / n.y_sd[k]);
      }
      for (int64_t j = 0; j < kActions; ++j) {
        const auto k = static_cast<size_t>(kStates + j);
        EXPECT_FLOAT_EQ(xr[kStates + j], (e.actions[static_cast<size_t>(t * kActions + j)] - n.x_mean[k]) / n.x_sd[k]);
      }
      EXPECT_FLOAT_EQ(yr[kStates], (e.rewards[static_cast<size_t>(t)] - n.y_mean[kStates]) / n.y_sd[kStates]);
    }
  }
}

TEST(EpisodeBuffer, DistractorsAreTheSinusoidsOfTheStoredPhasesAfterThePhysics) {
  EpisodeBuffer data(kStates, kActions, kSteps, kSpec, 77);
  data.SetDistracted(true);
  Episode e = Counted(1);
  e.phases = {0.5f, 2.0f};
  data.Append(e);
  EXPECT_EQ(data[0].phases, (std::vector<float>{0.5f, 2.0f}));
  EXPECT_EQ(data.states(), kStates + 6);
  std::vector<float> o(kStates + 6);
  for (int t = 0; t <= kSteps; ++t) {
    data.Observation(0, t, o.data());
    EXPECT_EQ(o[2], static_cast<float>(1000 + 10 * t + 2));
    for (int g = 0; g < 2; ++g)
      for (int j = 0; j < 3; ++j)
        EXPECT_NEAR(o[static_cast<size_t>(kStates + 3 * g + j)],
                    1.5 * std::sin(2 * M_PI / (5 * std::pow(2.0, j)) * t + e.phases[static_cast<size_t>(g)]), 1e-5);
  }
}

TEST(EpisodeBuffer, BackfilledPhasesDependOnSeedAndEpisodeAloneAndSurviveSwitchingOffAndOn) {
  EpisodeBuffer data = Filled(3, Counted), other(kStates, kActions, kSteps, kSpec, 78);
  const Normaliser plain = data.Fit();
  data.SetDistracted(true);
  std::vector<std::vector<float>> phases;
  std::vector<float> observation(static_cast<size_t>(data.states())), again = observation;
  for (int i = 0; i < 3; ++i) phases.push_back(data[i].phases);
  data.Observation(1, 3, observation.data());
  const Normaliser wide = data.Fit();
  EXPECT_NE(phases[0], phases[1]);
  data.SetDistracted(false);
  EXPECT_EQ(data.states(), kStates);
  const Normaliser narrow = data.Fit();
  EXPECT_EQ(narrow.x_mean, plain.x_mean);  // the statistics of the physics to the bit
  EXPECT_EQ(narrow.y_sd, plain.y_sd);
  data.SetDistracted(true);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(data[i].phases, phases[static_cast<size_t>(i)]);
  data.Observation(1, 3, again.data());
  EXPECT_EQ(again, observation);
  EXPECT_EQ(data.Fit().x_sd, wide.x_sd);
  // Negative control: another seed draws other phases.
  for (int i = 0; i < 3; ++i) other.Append(Counted(i));
  other.SetDistracted(true);
  EXPECT_NE(other[0].phases, phases[0]);
}

TEST(EpisodeBuffer, RefusesAnEpisodeOfAnotherShape) {
  EpisodeBuffer data(kStates, kActions, kSteps, kSpec, 1);
  Episode e = Counted(0);
  e.rewards.pop_back();
  EXPECT_THROW(data.Append(e), std::logic_error);
}

}  // namespace
}  // namespace equipoise::replay
