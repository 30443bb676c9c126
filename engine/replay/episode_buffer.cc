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

void EpisodeBuffer::Moments::Resize(int64_t width) {
  mean.assign(static_cast<size_t>(width), 0.0);
  m2 = mean;
}

void EpisodeBuffer::RawRow(int64_t i, int64_t t, double* x, double* y) const {
  const int64_t s = states();
  const Episode& episode = episodes_[static_cast<size_t>(i)];
  std::vector<float> now(static_cast<size_t>(s)), next(now);
  Observation(i, t, now.data());
  Observation(i, t + 1, next.data());
  for (size_t j = 0; j < now.size(); ++j) {
    x[j] = now[j];
    y[j] = static_cast<double>(next[j]) - now[j];
  }
  for (int j : wrapped_) y[j] = Wrapped(next[static_cast<size_t>(j)] - now[static_cast<size_t>(j)]);
  for (int64_t j = 0; j < actions_; ++j) x[s + j] = episode.actions[static_cast<size_t>(t * actions_ + j)];
  y[s] = episode.rewards[static_cast<size_t>(t)];
}

void EpisodeBuffer::AddMoments(int64_t i) {
  const int64_t inputs = states() + actions_, outputs = states() + 1;
  if (x_.mean.empty()) {
    x_.Resize(inputs);
    y_.Resize(outputs);
  }
  std::vector<double> x(static_cast<size_t>(inputs)), y(static_cast<size_t>(outputs));
  for (int64_t t = 0; t < horizon_; ++t) {
    RawRow(i, t, x.data(), y.data());
    x_.Add(x.data());
    y_.Add(y.data());
  }
}

namespace {

// The floors keep dead dimensions (constant sensors) from exploding.
constexpr double kInputFloor = 1e-3, kTargetFloor = 1e-4;

void FitColumns(const std::vector<double>& mean, const std::vector<double>& m2, double n, double floor,
                std::vector<float>* means, std::vector<float>* sds) {
  for (size_t j = 0; j < mean.size(); ++j) {
    means->push_back(static_cast<float>(mean[j]));
    sds->push_back(static_cast<float>(std::max(std::sqrt(m2[j] / n), floor)));
  }
}

}  // namespace

Normaliser EpisodeBuffer::Fit() const {
  EQ_CHECK(size() > 0, "a normaliser of no data");
  Normaliser n;
  FitColumns(x_.mean, x_.m2, x_.n, kInputFloor, &n.x_mean, &n.x_sd);
  FitColumns(y_.mean, y_.m2, y_.n, kTargetFloor, &n.y_mean, &n.y_sd);
  return n;
}

Normaliser EpisodeBuffer::Fit(const std::vector<int64_t>& rows) const {
  EQ_CHECK(!rows.empty(), "a normaliser of no data");
  Moments in, out;
  in.Resize(states() + actions_);
  out.Resize(states() + 1);
  std::vector<double> x(in.mean.size()), y(out.mean.size());
  for (const int64_t row : rows) {
    RawRow(row / horizon_, row % horizon_, x.data(), y.data());
    in.Add(x.data());
    out.Add(y.data());
  }
  Normaliser n;
  FitColumns(in.mean, in.m2, in.n, kInputFloor, &n.x_mean, &n.x_sd);
  FitColumns(out.mean, out.m2, out.n, kTargetFloor, &n.y_mean, &n.y_sd);
  return n;
}

namespace {

// One recorded step, normalised: from two observations of s states, the action between them and the reward.
struct RowShape {
  int64_t states, actions;
  const std::vector<int>& wrapped;
  void Write(const float* now, const float* next, const float* a, float reward, const Normaliser& n, float* x,
             float* y) const {
    for (int64_t j = 0; j < states; ++j) y[j] = next[j] - now[j];
    for (int j : wrapped) y[j] = Wrapped(y[j]);
    for (int64_t j = 0; j < states; ++j) {
      const auto k = static_cast<size_t>(j);
      x[j] = (now[j] - n.x_mean[k]) / n.x_sd[k];
      y[j] = (y[j] - n.y_mean[k]) / n.y_sd[k];
    }
    for (int64_t j = 0; j < actions; ++j) {
      const auto k = static_cast<size_t>(states + j);
      x[states + j] = (a[j] - n.x_mean[k]) / n.x_sd[k];
    }
    const auto last = static_cast<size_t>(states);
    y[states] = (reward - n.y_mean[last]) / n.y_sd[last];
  }
};

}  // namespace

void EpisodeBuffer::Sequences(const std::vector<int64_t>& ids, const Normaliser& n, float* x, float* y) const {
  const int64_t s = states(), inputs = s + actions_, outputs = s + 1;
  const auto batch = static_cast<int64_t>(ids.size());
  const RowShape row{s, actions_, wrapped_};
  std::vector<float> observation(static_cast<size_t>((horizon_ + 1) * s));
  for (int64_t b = 0; b < batch; ++b) {
    const int64_t id = ids[static_cast<size_t>(b)];
    const Episode& episode = episodes_[static_cast<size_t>(id)];
    for (int64_t t = 0; t <= horizon_; ++t) Observation(id, t, observation.data() + t * s);
    for (int64_t t = 0; t < horizon_; ++t) {
      const float* now = observation.data() + t * s;
      row.Write(now, now + s, episode.actions.data() + t * actions_, episode.rewards[static_cast<size_t>(t)], n,
                x + (t * batch + b) * inputs, y + (t * batch + b) * outputs);
    }
  }
}

void EpisodeBuffer::Rows(const std::vector<int64_t>& rows, const Normaliser& n, float* x, float* y) const {
  const int64_t s = states();
  const RowShape shape{s, actions_, wrapped_};
  std::vector<float> now(static_cast<size_t>(s)), next(now);
  for (const int64_t row : rows) {
    const int64_t i = row / horizon_, t = row % horizon_;
    const Episode& episode = episodes_[static_cast<size_t>(i)];
    Observation(i, t, now.data());
    Observation(i, t + 1, next.data());
    shape.Write(now.data(), next.data(), episode.actions.data() + t * actions_, episode.rewards[static_cast<size_t>(t)],
                n, x, y);
    x += s + actions_;
    y += s + 1;
  }
}

void EpisodeBuffer::PutTransition(int64_t i, int64_t t, int64_t k, float* s, float* a, float* r, float* s_next) const {
  const Episode& episode = episodes_[static_cast<size_t>(i)];
  Observation(i, t, s + k * states());
  Observation(i, t + 1, s_next + k * states());
  std::copy_n(episode.actions.data() + t * actions_, actions_, a + k * actions_);
  r[k] = episode.rewards[static_cast<size_t>(t)];
}

void EpisodeBuffer::Transitions(int64_t count, Stream& stream, float* s, float* a, float* r, float* s_next) const {
  for (int64_t k = 0; k < count; ++k) {
    const int64_t i = stream.Below(static_cast<uint32_t>(size())), t = stream.Below(static_cast<uint32_t>(horizon_));
    PutTransition(i, t, k, s, a, r, s_next);
  }
}

void EpisodeBuffer::Transitions(const std::vector<int64_t>& episodes, int64_t count, Stream& stream, float* s, float* a,
                                float* r, float* s_next) const {
  for (int64_t k = 0; k < count; ++k) {
    const int64_t i = episodes[stream.Below(static_cast<uint32_t>(episodes.size()))];
    PutTransition(i, stream.Below(static_cast<uint32_t>(horizon_)), k, s, a, r, s_next);
  }
}

std::vector<int64_t> EpisodeBuffer::DrawEpisodes(int64_t count, Stream& stream) const {
  std::vector<int64_t> ids(static_cast<size_t>(count));
  for (int64_t& id : ids) id = stream.Below(static_cast<uint32_t>(size()));
  return ids;
}

}  // namespace equipoise::replay
