#include "engine/model/diagnostics.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "engine/base/quantile.h"
#include "engine/base/view.h"

namespace equipoise::model {

Imagination RollRecorded(const WorldModel& model, const float* start, const float* actions, int64_t horizon,
                         int64_t rows, const Belief& beliefs, Stream& noise) {
  const int64_t S = model.states();
  std::vector<float> starts, dynamics(static_cast<size_t>(horizon * rows * S));
  for (int64_t r = 0; r < rows; ++r) starts.insert(starts.end(), start, start + S);
  for (int64_t t = 0; t < horizon; ++t) noise.Normal(dynamics.data() + t * rows * S, starts.size());
  Imagination imagination(model, std::make_unique<GivenActions>(actions, 1, model.actions()));
  imagination.Run({rows, horizon, starts.data(), nullptr, &beliefs, nullptr, dynamics.data()}, Keep::kSteps);
  return imagination;
}

OpenLoop CompareOpenLoop(const WorldModel& model, const replay::EpisodeBuffer& data, int64_t episode,
                         const Belief& beliefs, Stream& stream) {
  const int64_t T = data.horizon(), n = beliefs.count, S = data.states(), P = data.physics_states();
  const View<const float> mean(model.normaliser().x_mean), sd(model.normaliser().x_sd);
  std::vector<float> observation, rows;
  const View<float> real = Room(observation, S), near = Room(rows, n * S);
  auto observe = [&](int64_t t) {
    data.Observation(episode, t, real.data());
    for (int64_t j = 0; j < S; ++j) real[j] = (real[j] - mean[j]) / sd[j];
  };
  // What is imagined lies the short way round from what was real.
  auto unwrap = [&](float* row) {
    for (int j : data.wrapped()) row[j] = real[j] + replay::Wrapped((row[j] - real[j]) * sd[j]) / sd[j];
  };
  observe(0);
  const Imagination imagined = RollRecorded(model, real.data(), data[episode].actions.data(), T, n, beliefs, stream);
  OpenLoop out;
  int64_t inside = 0;
  std::vector<double> squares(static_cast<size_t>(P), 0.0);
  std::vector<double> values;
  const View<double> value = Room(values, n);
  for (int64_t t = 0; t < T; ++t) {
    observe(t + 1);
    std::copy_n(imagined.z(t + 1), n * S, near.data());
    for (int64_t r = 0; r < n; ++r) {
      unwrap(near.data() + r * S);
      double square = 0;
      for (int64_t j = 0; j < P; ++j) {
        const double d = near[r * S + j] - real[j];
        square += d * d;
        squares[static_cast<size_t>(j)] += d * d;
      }
      value[r] = std::sqrt(square / static_cast<double>(P));
    }
    out.median.push_back(static_cast<float>(Quantile(values, 0.5)));
    out.lo.push_back(static_cast<float>(Quantile(values, 0.05)));
    out.hi.push_back(static_cast<float>(Quantile(values, 0.95)));
    for (int64_t j = 0; j < P; ++j) {
      for (int64_t r = 0; r < n; ++r) value[r] = near[r * S + j];
      const double lo = Quantile(values, 0.05), hi = Quantile(values, 0.95);
      inside += real[j] >= lo && real[j] <= hi;
    }
  }
  for (const double square : squares)
    out.by_state.push_back(static_cast<float>(std::sqrt(square / static_cast<double>(T * n))));
  out.coverage = static_cast<double>(inside) / static_cast<double>(T * P);
  return out;
}

}  // namespace equipoise::model
