// critics.h: an ensemble of action values while it is trained on a batch of transitions, on any back end.
//
//   Target          min_{j in chosen} Qbar_j(s', a')        Qbar_j: the slower copy of Q_j
//   Fit             sum_j mean_i (Q_j(s_i, a_i) - y_i)^2    one step each
//   ActionGradient  d/da, and d/ds where asked for, of mean_i value(s_i, a_i),  value = min_j Q_j, mean_j Q_j or Q_0
//   Polyak          Qbar_j += tau (Q_j - Qbar_j)
//
// The learner decides what a target y is made of: rewards, discount, entropy, further steps in a model.
//
// Shapes   s and dstate [n, S], a and daction [n, A], y and least [n]; n fixed, of a fit another one maybe
// Thread   one thread; the critics are shared out to the team, each as one task, and results do not depend on it
#pragma once

#include <memory>
#include <vector>

#include "engine/base/team.h"
#include "engine/learn/targeted_net.h"
#include "engine/nets/network_parts.h"

namespace equipoise::learn {

// Rows of [s, a] side by side, as critics see them.
void Join(int64_t n, int64_t states, int64_t actions, const float* s, const float* a, float* joint);

// What an actor climbs.
enum class CriticValue { kLeast, kMean, kFirst };

class Critics {
 public:
  // `critics` are the caller's, at least one, and outlive this; from now until Store the weights are the parts'. They are
  // fitted to `fit_rows` rows at a time; 0: to as many as everything else has.
  Critics(const nets::NetworkParts& parts, std::vector<TargetedNet>* critics, int64_t states, int64_t actions,
          int64_t rows, Team* team, int64_t fit_rows = 0);

  // `chosen`: not empty.
  void Target(const float* s, const float* a, const std::vector<size_t>& chosen, float* least);

  struct Fitted {
    double loss = 0;   // the sum over the critics, before the step
    double norm = 0;   // of the gradient, mean over the critics
    double mean = 0;   // of Q over critics and rows, before the step
    double apart = 0;  // mean over the rows of the largest Q less the least
  };
  // `errors` [fit_rows], unless null: squared errors, means over the critics.
  Fitted Fit(const float* s, const float* a, const float* y, double lr, double* errors = nullptr);

  struct Valued {
    double mean = 0;     // of the value over rows
    double largest = 0;  // Q of any critic that it depends on, in any row
  };
  // daction and, unless it is null, dstate: the derivatives of factor * mean_i value(s_i, a_i). Where some are the least,
  // it is the first one's.
  Valued ActionGradient(const float* s, const float* a, CriticValue value, float factor, float* daction,
                        float* dstate = nullptr);

  void Polyak(double tau);

  // Weights, slower copies and moments to where they are kept.
  void Store();
  int skipped() const;
  bool reloaded() const;

 private:
  struct Critic {
    std::unique_ptr<nets::Weights> net, target;
    std::unique_ptr<nets::NetworkPass> pass, own_fit;  // null: fitted by the same pass
    std::unique_ptr<nets::Gradient> gradient;
    const float *q = nullptr, *fitted = nullptr;  // the passes' outputs
    nets::NetworkPass& fit() { return own_fit != nullptr ? *own_fit : *pass; }
    std::vector<float> djoint;
    std::vector<int64_t> climbed;  // the rows in which it is the value; those of djoint
    double loss = 0, norm = 0;
  };
  // The first `count` of them.
  template <class Work>
  void Each(size_t count, const Work& work);

  int64_t states_, actions_, rows_, fit_rows_;
  Team* team_;
  std::vector<Critic> critics_;
  std::vector<float> joint_;
};

}  // namespace equipoise::learn
