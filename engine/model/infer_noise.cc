#include "engine/model/infer_noise.h"

#include <algorithm>
#include <cmath>

namespace equipoise::model {
namespace {

constexpr double kTurn = 6.283185307179586;
constexpr double kNoSpread = 1e-9;  // in units of z

}  // namespace

void InferNoise(const WorldModel& model, int64_t rows, int64_t horizon, const Belief& beliefs,
                const std::vector<int>& wrapped, const float* z, const float* action, float* xi) {
  const int64_t S = model.states(), A = model.actions(), entries = rows * S;
  const auto size = static_cast<size_t>(entries);
  if (!model.has_spread()) {
    std::fill_n(xi, horizon * entries, 0.0f);
    return;
  }
  // The mean, and one sd beside it.
  const std::vector<float> none(size, 0.0f), one(size, 1.0f);
  std::vector<float> mean(size), beside(size), reward(static_cast<size_t>(rows));
  std::vector<double> turn(static_cast<size_t>(S), 0.0);  // of an angle, in units of z
  for (const int j : wrapped) {
    const auto at = static_cast<size_t>(j);
    turn[at] = kTurn / model.normaliser().x_sd[at];
  }
  const auto still = model.NewRollout(), moved = model.NewRollout();
  still->Begin(rows, horizon, false, &beliefs, nullptr);
  moved->Begin(rows, horizon, false, &beliefs, nullptr);
  for (int64_t t = 0; t < horizon; ++t) {
    const float *now = z + t * entries, *next = now + entries, *did = action + t * rows * A;
    still->Step(t, now, did, none.data(), mean.data(), reward.data());
    moved->Step(t, now, did, one.data(), beside.data(), reward.data());
    for (int64_t i = 0; i < entries; ++i) {
      const auto at = static_cast<size_t>(i);
      const double whole = turn[static_cast<size_t>(i % S)];
      const auto shortest = [whole](double x) { return whole > 0 ? x - whole * std::round(x / whole) : x; };
      const double sd = shortest(static_cast<double>(beside[at]) - mean[at]);
      const double error = shortest(static_cast<double>(next[i]) - mean[at]);
      xi[t * entries + i] = std::fabs(sd) > kNoSpread ? static_cast<float>(error / sd) : 0.0f;
    }
  }
}

}  // namespace equipoise::model
