#include "engine/learn/on_policy.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"

namespace equipoise::learn {

double SpreadOfReturns(const std::vector<const float*>& rewards, int64_t horizon, double gamma) {
  double mean = 0, m2 = 0, n = 0;  // Welford's
  for (const float* r : rewards) {
    double sum = 0;
    for (int64_t t = 0; t < horizon; ++t) {
      sum = gamma * sum + r[t];
      const double from = sum - mean;
      mean += from / ++n;
      m2 += from * (sum - mean);
    }
  }
  return std::max(1e-4, n > 0 ? std::sqrt(m2 / n) : 0.0);
}

namespace {

int64_t EpisodesOf(const OnPolicyWants& wants, const replay::EpisodeBuffer& data) {
  return std::max<int64_t>(1, wants.steps / data.horizon());
}

}  // namespace

std::vector<int64_t> NewestEpisodes::Owned(const replay::EpisodeBuffer& data, int64_t first) const {
  std::vector<int64_t> own;
  for (int64_t i = first; i < data.size(); ++i)
    if (Own(data[i])) own.push_back(i);
  return own;
}

int NewestEpisodes::Rounds(const OnPolicyWants& wants, const nets::Standing& now) const {
  return static_cast<int64_t>(Owned(now.data, seen_).size()) >= EpisodesOf(wants, now.data) ? 1 : 0;
}

double NewestEpisodes::Gathered(const OnPolicyWants& wants, const replay::EpisodeBuffer& data) const {
  return std::min(1.0, static_cast<double>(Owned(data, seen_).size()) / static_cast<double>(EpisodesOf(wants, data)));
}

std::string NewestEpisodes::Waiting(const OnPolicyWants& wants, const replay::EpisodeBuffer& data) const {
  const auto own = static_cast<int64_t>(Owned(data, seen_).size()), wanted = EpisodesOf(wants, data);
  return own < wanted ? std::to_string(own) + " of " + std::to_string(wanted) + " episodes" : "";
}

OnPolicyBatch NewestEpisodes::Take(const OnPolicyWants& wants, const nets::TrainInputs& in, const nets::Policy&, int) {
  const replay::EpisodeBuffer& data = in.data;
  const int64_t T = data.horizon(), S = data.states();
  std::vector<int64_t> newest = Owned(data, seen_);
  const int64_t wanted = EpisodesOf(wants, data), more = static_cast<int64_t>(newest.size()) - wanted;
  EQ_CHECK(more >= 0, "a batch that is not there yet");
  newest.erase(newest.begin(), newest.begin() + more);  // the setting was lowered: the newest of them

  OnPolicyBatch batch;
  batch.trajectories = wanted;
  batch.horizon = T;
  batch.s.resize(static_cast<size_t>(wanted * (T + 1) * S));
  float* at = batch.s.data();
  for (const int64_t i : newest) {
    for (int64_t t = 0; t <= T; ++t, at += S) data.Observation(i, t, at);
    const replay::Episode& episode = data[i];
    batch.u.insert(batch.u.end(), episode.latents.begin(), episode.latents.end());
    batch.log_prob.insert(batch.log_prob.end(), episode.log_probs.begin(), episode.log_probs.end());
    batch.reward.insert(batch.reward.end(), episode.rewards.begin(), episode.rewards.end());
  }

  const std::vector<int64_t> all = Owned(data, 0);
  std::vector<const float*> rewards;
  for (const int64_t i : all) rewards.push_back(data[i].rewards.data());
  batch.return_sd = SpreadOfReturns(rewards, T, wants.gamma);

  std::vector<double> mean(static_cast<size_t>(S), 0.0), m2(mean);
  std::vector<float> o(mean.size());
  double n = 0;
  for (const int64_t i : all) {
    for (int64_t t = 0; t < T; ++t) {
      data.Observation(i, t, o.data());
      ++n;
      for (size_t j = 0; j < o.size(); ++j) {
        const double from = o[j] - mean[j];
        mean[j] += from / n;
        m2[j] += from * (o[j] - mean[j]);
      }
    }
  }
  for (size_t j = 0; j < mean.size(); ++j) {
    batch.input_mean.push_back(static_cast<float>(mean[j]));
    batch.input_sd.push_back(static_cast<float>(std::max(1e-3, std::sqrt(m2[j] / n))));
  }
  seen_ = data.size();
  return batch;
}

}  // namespace equipoise::learn
