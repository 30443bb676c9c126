// episode_buffer.h: every real episode of a run, and what the learners draw from it.
//
// Episodes have a fixed number of steps T and no terminal states: SAC bootstraps through the time limit. Only physics
// states are stored; distractors are sinusoids whose phases are stored, so they can be switched on and off at any time.
// Episodes recorded while distractors were off get phases of their own from a stream: since no behaviour could depend
// on them, the data then have exactly the joint law they would have had (distractors: Freed et al. 2024, 4.2).
//
// Shapes   states S [T+1, ds], actions [T, da], rewards [T]; with distractors every observation is [ds + dd]
// Units    raw; Sequences() gives normalised ones
// Thread   written by one thread between phases; const methods may be called from several
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/random.h"
#include "engine/env/distractors.h"

namespace equipoise::replay {

struct Episode {
  std::vector<float> states;   // [T+1, ds], physics only
  std::vector<float> actions;  // [T, da]
  std::vector<float> rewards;  // [T]
  std::vector<float> phases;   // [groups]; fewer or none when it was recorded with fewer or none
  uint8_t source = 0;          // who acted: nets::PartList::NumberOf
  // Of an episode that a policy with a spread acted: what it drew before tanh, and the log-density of the action, as the
  // policy was then. Empty: not known. An action does not say it: near +-1 tanh cannot be undone.
  std::vector<float> latents = {};    // [T, da]
  std::vector<float> log_probs = {};  // [T]
};

// Means and standard deviations of model inputs x = [s, a] and targets y = [s' - s, r] over the whole buffer.
struct Normaliser {
  std::vector<float> x_mean, x_sd;  // [ds + dd + da]
  std::vector<float> y_mean, y_sd;  // [ds + dd + 1], reward last
  bool ready() const { return !x_mean.empty(); }
};

// An angle brought into [-pi, pi].
float Wrapped(float angle);

class EpisodeBuffer {
 public:
  // `seed` names the stream of backfilled phases. `wrapped` physics states are angles: their differences are the short
  // way round.
  EpisodeBuffer(int64_t physics_states, int64_t actions, int64_t horizon, const env::DistractorSpec& distractors,
                uint64_t seed, std::vector<int> wrapped = {});

  void Append(Episode episode);
  int64_t size() const { return static_cast<int64_t>(episodes_.size()); }
  const Episode& operator[](int64_t i) const { return episodes_[static_cast<size_t>(i)]; }

  int64_t physics_states() const { return physics_; }
  int64_t states() const { return physics_ + (distracted_ ? distractors_.size() : 0); }  // width of an observation now
  int64_t actions() const { return actions_; }
  int64_t horizon() const { return horizon_; }
  const env::Distractors& distractors() const { return distractors_; }
  bool distracted() const { return distracted_; }
  const std::vector<int>& wrapped() const { return wrapped_; }
  // Switches the distractors of all views; phases that are missing are drawn and kept.
  void SetDistracted(bool on);
  // Other groups, frequencies or amplitude; while they are switched off only. A phase is drawn once for each group that
  // an episode has not had yet.
  void SetDistractors(const env::DistractorSpec& spec);

  // Exact batch statistics over all rows (Welford's update, double). Floors: inputs 1e-3, targets 1e-4.
  Normaliser Fit() const;
  // The same over some rows alone: step t of episode i is row i * T + t.
  Normaliser Fit(const std::vector<int64_t>& rows) const;

  // Observation of episode i at step t into out [states()].
  void Observation(int64_t i, int64_t t, float* out) const;
  // Normalised, time-major sequences of the given episodes: x [T, B, states+actions], y [T, B, states+1].
  void Sequences(const std::vector<int64_t>& ids, const Normaliser& n, float* x, float* y) const;
  // Single rows, normalised: x [count, states+actions], y [count, states+1].
  void Rows(const std::vector<int64_t>& rows, const Normaliser& n, float* x, float* y) const;
  // `count` uniform transitions, raw: s, s_next [count, states], a [count, actions], r [count].
  void Transitions(int64_t count, Stream& stream, float* s, float* a, float* r, float* s_next) const;
  // The same of these episodes alone, at least one where any is to be drawn.
  void Transitions(const std::vector<int64_t>& episodes, int64_t count, Stream& stream, float* s, float* a, float* r,
                   float* s_next) const;
  // B uniform episode indices, with replacement.
  std::vector<int64_t> DrawEpisodes(int64_t count, Stream& stream) const;

 private:
  struct Moments {  // of one column group
    std::vector<double> mean, m2;
    double n = 0;
    void Add(const double* row);
    void Resize(int64_t width);
  };
  void AddMoments(int64_t i);
  // One step, in double and raw: x = [s, a], y = [s' - s, r].
  void RawRow(int64_t i, int64_t t, double* x, double* y) const;
  void Backfill(int64_t i);
  // Row k of the arrays that Transitions fills.
  void PutTransition(int64_t i, int64_t t, int64_t k, float* s, float* a, float* r, float* s_next) const;

  int64_t physics_, actions_, horizon_;
  env::Distractors distractors_;
  uint64_t seed_;
  std::vector<int> wrapped_;
  bool distracted_ = false;
  std::vector<Episode> episodes_;
  std::vector<std::vector<float>> distractor_values_;  // [T+1, dd] of each episode while distracted
  Moments x_, y_;
};

}  // namespace equipoise::replay
