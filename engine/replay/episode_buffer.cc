#include "engine/replay/episode_buffer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/check.h"

namespace equipoise::replay {

float Wrapped(float angle) {
  constexpr float kTurn = 6.283185307179586f;
  return angle - kTurn * std::nearbyint(angle / kTurn);
}

EpisodeBuffer::EpisodeBuffer(int64_t physics_states, int64_t actions, int64_t horizon,
                             const env::DistractorSpec& distractors, uint64_t seed, std::vector<int> wrapped)
    : physics_(physics_states),
      actions_(actions),
      horizon_(horizon),
      distractors_(distractors),
      seed_(seed),
      wrapped_(std::move(wrapped)) {}

void EpisodeBuffer::Moments::Add(const double* row) {
  n += 1;
  for (size_t j = 0; j < mean.size(); ++j) {
    const double d = row[j] - mean[j];
    mean[j] += d / n;
    m2[j] += d * (row[j] - mean[j]);
  }
}

void EpisodeBuffer::Append(Episode episode) {
  EQ_CHECK(static_cast<int64_t>(episode.states.size()) == (horizon_ + 1) * physics_ &&
               static_cast<int64_t>(episode.actions.size()) == horizon_ * actions_ &&
               static_cast<int64_t>(episode.rewards.size()) == horizon_,
           "an episode of another shape");
  episodes_.push_back(std::move(episode));
  distractor_values_.emplace_back();
  if (distracted_) Backfill(size() - 1);
  AddMoments(size() - 1);
}

void EpisodeBuffer::SetDistracted(bool on) {
  if (on == distracted_) return;
  distracted_ = on;
  x_ = {};
  y_ = {};
  for (int64_t i = 0; i < size(); ++i) {
    if (on) Backfill(i);
    if (!on) distractor_values_[static_cast<size_t>(i)] = {};
    AddMoments(i);
  }
}

void EpisodeBuffer::SetDistractors(const env::DistractorSpec& spec) {
  EQ_CHECK(!distracted_, "distractors are changed while they are in force");
  distractors_ = env::Distractors(spec);
}

void EpisodeBuffer::Backfill(int64_t i) {
  Episode& episode = episodes_[static_cast<size_t>(i)];
  const auto groups = static_cast<size_t>(distractors_.spec().groups);
  if (episode.phases.size() < groups) {
    Stream stream(seed_, "distractor.backfill", static_cast<uint64_t>(i));
    const std::vector<float> drawn = distractors_.DrawPhases(stream);
    const auto had = static_cast<std::ptrdiff_t>(episode.phases.size());
    episode.phases.insert(episode.phases.end(), drawn.begin() + had, drawn.end());
  }
  std::vector<float>& values = distractor_values_[static_cast<size_t>(i)];
  const int64_t width = distractors_.size();
  values.resize(static_cast<size_t>((horizon_ + 1) * width));
  for (int64_t t = 0; t <= horizon_; ++t)
    distractors_.Values(episode.phases.data(), static_cast<int>(t), values.data() + t * width);
}

void EpisodeBuffer::Observation(int64_t i, int64_t t, float* out) const {
  const Episode& episode = episodes_[static_cast<size_t>(i)];
  std::copy_n(episode.states.data() + t * physics_, physics_, out);
  if (!distracted_) return;
  const int64_t width = distractors_.size();
  std::copy_n(distractor_values_[static_cast<size_t>(i)].data() + t * width, width, out + physics_);
}

void EpisodeBuffer::AddMoments(int64_t i) {
  const int64_t s = states(), inputs = s + actions_, outputs = s + 1;
  if (x_.mean.empty()) {
    x_.mean.assign(static_cast<size_t>(inputs), 0.0);
    x_.m2 = x_.mean;
    y_.mean.assign(static_cast<size_t>(outputs), 0.0);
    y_.m2 = y_.mean;
  }
  const Episode& episode = episodes_[static_cast<size_t>(i)];
  std::vector<float> now(static_cast<size_t>(s)), next(now);
  std::vector<double> x(static_cast<size_t>(inputs)), y(static_cast<size_t>(outputs));
  Observation(i, 0, now.data());
  for (int64_t t = 0; t < horizon_; ++t) {
    Observation(i, t + 1, next.data());
    for (size_t j = 0; j < now.size(); ++j) {
      x[j] = now[j];
      y[j] = static_cast<double>(next[j]) - now[j];
    }
    for (int j : wrapped_)
      y[static_cast<size_t>(j)] = Wrapped(next[static_cast<size_t>(j)] - now[static_cast<size_t>(j)]);
    for (int64_t j = 0; j < actions_; ++j)
      x[static_cast<size_t>(s + j)] = episode.actions[static_cast<size_t>(t * actions_ + j)];
    y[static_cast<size_t>(s)] = episode.rewards[static_cast<size_t>(t)];
    x_.Add(x.data());
    y_.Add(y.data());
    std::swap(now, next);
  }
}

Normaliser EpisodeBuffer::Fit() const {
  EQ_CHECK(size() > 0, "a normaliser of no data");
  auto fit = [](const Moments& m, double floor, std::vector<float>& mean, std::vector<float>& sd) {
    for (size_t j = 0; j < m.mean.size(); ++j) {
      mean.push_back(static_cast<float>(m.mean[j]));
      sd.push_back(static_cast<float>(std::max(std::sqrt(m.m2[j] / m.n), floor)));
    }
  };
  Normaliser n;
  fit(x_, 1e-3, n.x_mean, n.x_sd);  // the floors keep dead dimensions (constant sensors) from exploding
  fit(y_, 1e-4, n.y_mean, n.y_sd);
  return n;
}

void EpisodeBuffer::Sequences(const std::vector<int64_t>& ids, const Normaliser& n, float* x, float* y) const {
  const int64_t s = states(), inputs = s + actions_, outputs = s + 1;
  const auto batch = static_cast<int64_t>(ids.size());
  std::vector<float> observation(static_cast<size_t>((horizon_ + 1) * s)), delta(static_cast<size_t>(s));
  for (int64_t b = 0; b < batch; ++b) {
    const int64_t id = ids[static_cast<size_t>(b)];
    const Episode& episode = episodes_[static_cast<size_t>(id)];
    for (int64_t t = 0; t <= horizon_; ++t) Observation(id, t, observation.data() + t * s);
    for (int64_t t = 0; t < horizon_; ++t) {
      const float *now = observation.data() + t * s, *next = now + s, *a = episode.actions.data() + t * actions_;
      float *xr = x + (t * batch + b) * inputs, *yr = y + (t * batch + b) * outputs;
      for (int64_t j = 0; j < s; ++j) delta[static_cast<size_t>(j)] = next[j] - now[j];
      for (int j : wrapped_) delta[static_cast<size_t>(j)] = Wrapped(delta[static_cast<size_t>(j)]);
      for (int64_t j = 0; j < s; ++j) {
        const auto k = static_cast<size_t>(j);
        xr[j] = (now[j] - n.x_mean[k]) / n.x_sd[k];
        yr[j] = (delta[k] - n.y_mean[k]) / n.y_sd[k];
      }
      for (int64_t j = 0; j < actions_; ++j) {
        const auto k = static_cast<size_t>(s + j);
        xr[s + j] = (a[j] - n.x_mean[k]) / n.x_sd[k];
      }
      yr[s] =
          (episode.rewards[static_cast<size_t>(t)] - n.y_mean[static_cast<size_t>(s)]) / n.y_sd[static_cast<size_t>(s)];
    }
  }
}

void EpisodeBuffer::Transitions(int64_t count, Stream& stream, float* s, float* a, float* r, float* s_next) const {
  const int64_t width = states();
  for (int64_t k = 0; k < count; ++k) {
    const int64_t i = stream.Below(static_cast<uint32_t>(size())), t = stream.Below(static_cast<uint32_t>(horizon_));
    const Episode& episode = episodes_[static_cast<size_t>(i)];
    Observation(i, t, s + k * width);
    Observation(i, t + 1, s_next + k * width);
    std::copy_n(episode.actions.data() + t * actions_, actions_, a + k * actions_);
    r[k] = episode.rewards[static_cast<size_t>(t)];
  }
}

std::vector<int64_t> EpisodeBuffer::DrawEpisodes(int64_t count, Stream& stream) const {
  std::vector<int64_t> ids(static_cast<size_t>(count));
  for (int64_t& id : ids) id = stream.Below(static_cast<uint32_t>(size()));
  return ids;
}

}  // namespace equipoise::replay
