// value_expansion.h: targets that look some steps ahead in a world model before they trust the value.
//
//   recorded (s_0, a_0, r_0, s_1);  for i = 1 .. H: a_i = mu'(s_i), and r_i, s_{i+1} by the model;  a_{H+1} = mu'(s_{H+1})
//   MVE    y_k = sum_{j=k..H} gamma^(j-k) r_j + gamma^(H+1-k) Q'(s_{H+1}, a_{H+1}),  k = 0 .. H
//          the critics are fitted at all (s_k, a_k), each as much (the TD-k trick), or at (s_0, a_0) alone
//                                                                                  (Feinberg et al. 2018)
//   STEVE  T_i = sum_{j<=i} gamma^j r_j + gamma^(i+1) Q'(s_{i+1}, a_{i+1}) of every belief and critic, i = 0 .. H;
//          y_0 = sum_i w_i mean T_i,  w_i ~ 1 / (var T_i + 1e-8)                    (Buckman et al. 2018)
//
// Where acting pays beside the reward, as entropy does (SAC), what a_i pays is added to the value of s_i, i > 0, whether
// that is summed or trusted: y_k = sum_{j=k..H} gamma^(j-k) (r_j + gamma paid_{j+1}) + gamma^(H+1-k) Q'
//                                                                                  (Amos et al. 2021, update_critic_mve)
// Rewards and next states are the model's means; row r goes under belief r % count, and for STEVE every row under each of
// them. Where the slow policy is smoothed (TD3), the action that Q' is asked about is, and those that the model takes are
// not. Nothing goes back through model or target. H = 0 is the learner without a model, which is then not asked.
//
// Shapes   s [n, S], a [n, A], r and y [n]; raw
// Thread   the learner's
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/learn/critics.h"
#include "engine/learn/expanded/value_expansion_settings.h"
#include "engine/model/world_model.h"

namespace equipoise::learn {

// The targets of one batch by MVE, from its recorded rewards [n], those imagined [H, n], and Q' at the end [n], to y
// [H + 1, n]. `paid`: by the actions of steps 1 .. H + 1 [H + 1, n]; null: nothing.
void ExpandedTargets(int64_t horizon, int64_t n, double gamma, const float* recorded, const float* imagined,
                     const float* value, float* y, const double* paid = nullptr);

// By STEVE, from what the candidates of each horizon say of every row, `mean` and `variance` [H + 1, n], to y [n]; adds
// each horizon's weight, a mean over rows, to `weights` [H + 1].
void BlendedTargets(int64_t horizon, int64_t n, const double* mean, const double* variance, float* y, double* weights);

class ValueExpansion {
 public:
  // `ahead` null or not trained yet: targets of recorded steps. It and the settings are borrowed for the phase. `pays`:
  // acting pays beside the reward.
  ValueExpansion(const model::WorldModel* ahead, const ValueExpansionSettings& settings, int64_t rows, int64_t states,
                 int64_t actions, bool pays = false);

  int64_t horizon() const { return horizon_; }
  // Rows that the critics are fitted to at a time.
  int64_t fit_rows() const { return rows_ * (1 + fitted_horizon()); }

  struct Recorded {
    const float *s, *a, *r, *s_next;
  };
  // What is done in step 1 .. H + 1, smoothed where that is asked for; to `paid` [n] what it pays beside the reward,
  // where acting does: the same for the same step and states.
  using Act = std::function<void(int64_t step, const float* s, bool smoothed, float* a, double* paid)>;
  struct Fit {
    const float *s, *a, *y;  // fit_rows()
  };
  // `all`: the critics whose slower copies count. Borrowed until the next call; what is fitted at no other place than the recorded one is the batch itself.
  Fit Targets(const Recorded& batch, double gamma, const Act& act, Critics* critics, const std::vector<size_t>& all);

  // Adds up squared errors [fit_rows()], as Critics::Fit tells them.
  void Count(const std::vector<double>& errors);
  // Means over the batches so far, by k: squared errors at (s_k, a_k), and what each horizon counted; empty where they
  // do not apply.
  std::vector<double> errors() const;
  std::vector<double> weights() const;
  // Both as the scalars of the learner `id` (looking_ahead.h).
  std::map<std::string, double> Scalars(const std::string& id) const;

 private:
  bool blended() const { return horizon_ > 0 && settings_.targets == "blended"; }
  int64_t fitted_horizon() const { return settings_.all_steps && !blended() ? horizon_ : 0; }
  void Roll(const model::Belief& beliefs, const Recorded& batch, const Act& act);
  void Value(int64_t k, const Act& act, Critics* critics, const std::vector<size_t>& chosen);
  void Blend(const Recorded& batch, double gamma, const Act& act, Critics* critics, const std::vector<size_t>& all);

  const model::WorldModel* ahead_;
  const ValueExpansionSettings& settings_;
  int64_t rows_, states_, actions_, horizon_;
  model::Belief beliefs_;
  std::unique_ptr<model::Rollout> rollout_;
  const bool pays_;
  // States and actions of steps 0 .. H + 1, rewards of 1 .. H.
  std::vector<float> s_, a_, r_, z_, still_, valued_, value_, y_;
  std::vector<double> mean_, square_, errors_, weights_;
  std::vector<double> paid_;  // [H + 1, n], of steps 1 .. H + 1
  int64_t batches_ = 0;
};

}  // namespace equipoise::learn
