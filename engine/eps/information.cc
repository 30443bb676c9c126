#include "engine/eps/information.h"

#include <cmath>

#include "engine/base/view.h"

namespace equipoise::eps {

double InformationGain(int64_t worlds, const double* mean, const double* sd) {
  // In units of the first world's, so that what all have in common cancels to the bit.
  const auto L = static_cast<double>(worlds);
  const double unit = sd[0] * sd[0];
  double shift = 0, variance = 0, logs = 0, between = 0;
  for (int64_t l = 0; l < worlds; ++l) shift += (mean[l] - mean[0]) / L;
  for (int64_t l = 0; l < worlds; ++l) {
    const double ratio = sd[l] * sd[l] / unit, apart = mean[l] - mean[0] - shift;
    variance += ratio;
    logs += std::log(ratio);
    between += apart * apart / unit;
  }
  const double gain = 0.5 * (std::log((variance + between) / L) - logs / L);
  return gain < 0 ? 0 : gain;  // by rounding
}

Information::Information(const model::WorldModel& model, const model::Belief& probes) : model_(model) {
  for (int64_t l = 0; l < probes.count; ++l) {
    probes_.push_back(probes.Part({l, 1}));
    rollouts_.push_back(model.NewRollout());
  }
}

void Information::Measure(const model::Imagination& imagined) {
  const int64_t S = model_.states(), D = S + 1, L = static_cast<int64_t>(rollouts_.size()), T = imagined.horizon();
  rows_ = imagined.rows();
  Room(next_, rows_ * S);
  Room(reward_, rows_);
  zero_.assign(static_cast<size_t>(rows_ * S), 0.0f);
  Room(mean_, L * rows_ * D);
  Room(sd_, L * rows_ * D);
  steps_.assign(static_cast<size_t>(T * rows_), 0.0);
  sums_.assign(static_cast<size_t>(rows_), 0.0);
  for (size_t l = 0; l < rollouts_.size(); ++l) rollouts_[l]->Begin(rows_, T, false, &probes_[l], nullptr);
  std::vector<double> mean(rollouts_.size()), sd(rollouts_.size());
  for (int64_t t = 0; t < T; ++t) {
    for (int64_t l = 0; l < L; ++l) {
      model::Rollout& world = *rollouts_[static_cast<size_t>(l)];
      world.Step(t, imagined.z(t), imagined.action(t), zero_.data(), next_.data(), reward_.data());
      world.Moments(t, mean_.data() + l * rows_ * D, sd_.data() + l * rows_ * D);
    }
    double* now = steps_.data() + t * rows_;
    for (int64_t i = 0; i < rows_ * D; ++i) {
      for (int64_t l = 0; l < L; ++l) {
        const auto from = static_cast<size_t>(l * rows_ * D + i), to = static_cast<size_t>(l);
        mean[to] = mean_[from];
        sd[to] = sd_[from];
      }
      now[i / D] += InformationGain(L, mean.data(), sd.data());
    }
    for (int64_t r = 0; r < rows_; ++r) sums_[static_cast<size_t>(r)] += now[r];
  }
}

}  // namespace equipoise::eps
