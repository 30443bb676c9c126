#include "engine/model/diagnostics.h"

#include <algorithm>
#include <cmath>

namespace equipoise::model {

double Quantile(std::vector<double>& values, double q) {
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  const double at = q * static_cast<double>(values.size() - 1);
  const auto low = static_cast<size_t>(std::floor(at));
  const size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

OpenLoop CompareOpenLoop(const WorldModel& model, const replay::EpisodeBuffer& data, int64_t episode,
                         const Belief& beliefs, Stream& stream) {
  const int64_t T = data.horizon(), n = beliefs.count, S = data.states(), A = data.actions(), P = data.physics_states();
  const replay::Normaliser& norm = model.normaliser();
  std::vector<float> z(static_cast<size_t>(n * S)), next(z.size()), noise(z.size()), action(static_cast<size_t>(n * A)),
      reward(static_cast<size_t>(n)), real(static_cast<size_t>(S)), near;
  auto observe = [&](int64_t t) {
    data.Observation(episode, t, real.data());
    for (int64_t j = 0; j < S; ++j) {
      const auto k = static_cast<size_t>(j);
      real[k] = (real[k] - norm.x_mean[k]) / norm.x_sd[k];
    }
  };
  // What is imagined lies the short way round from what was real.
  auto unwrap = [&](float* row) {
    for (int j : data.wrapped()) {
      const auto k = static_cast<size_t>(j);
      row[j] = real[k] + replay::Wrapped((row[j] - real[k]) * norm.x_sd[k]) / norm.x_sd[k];
    }
  };
  observe(0);
  for (int64_t r = 0; r < n; ++r) std::copy(real.begin(), real.end(), z.begin() + r * S);
  auto rollout = model.NewRollout();
  rollout->Begin(n, T, false, &beliefs, nullptr);
  OpenLoop out;
  int64_t inside = 0;
  std::vector<double> values(static_cast<size_t>(n));
  for (int64_t t = 0; t < T; ++t) {
    for (int64_t r = 0; r < n; ++r) std::copy_n(data[episode].actions.data() + t * A, A, action.data() + r * A);
    stream.Normal(noise.data(), noise.size());
    rollout->Step(t, z.data(), action.data(), noise.data(), next.data(), reward.data());
    std::swap(z, next);
    observe(t + 1);
    near = z;
    for (int64_t r = 0; r < n; ++r) {
      unwrap(near.data() + r * S);
      double square = 0;
      for (int64_t j = 0; j < P; ++j) {
        const double d = near[static_cast<size_t>(r * S + j)] - real[static_cast<size_t>(j)];
        square += d * d;
      }
      values[static_cast<size_t>(r)] = std::sqrt(square / static_cast<double>(P));
    }
    out.median.push_back(static_cast<float>(Quantile(values, 0.5)));
    out.lo.push_back(static_cast<float>(Quantile(values, 0.05)));
    out.hi.push_back(static_cast<float>(Quantile(values, 0.95)));
    for (int64_t j = 0; j < P; ++j) {
      for (int64_t r = 0; r < n; ++r) values[static_cast<size_t>(r)] = near[static_cast<size_t>(r * S + j)];
      const double lo = Quantile(values, 0.05), hi = Quantile(values, 0.95);
      inside += real[static_cast<size_t>(j)] >= lo && real[static_cast<size_t>(j)] <= hi;
    }
  }
  out.coverage = static_cast<double>(inside) / static_cast<double>(T * P);
  return out;
}

}  // namespace equipoise::model
