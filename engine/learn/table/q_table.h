// q_table.h: action values of finitely many states, and a model that counts: Q-learning and Dyna (Sutton 1990).
//
//   Learn  Q(s,a) += alpha [r + gamma max_b Q(s',b) - Q(s,a)]
//   Count  N(s,a,s') += 1, and the mean of r
//   Plan   n times: (s,a) uniform among the pairs that were met, s' by its share of N(s,a,.), r the mean; Learn
//
// Thread   one thread
// Errors   Load as nets/trainable.h
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/archive.h"
#include "engine/base/random.h"

namespace equipoise::learn {

class QTable {
 public:
  // All values are `initial` to begin with.
  QTable(int64_t states, int actions, double initial);

  int64_t states() const { return static_cast<int64_t>(values_.size()) / actions_; }
  int actions() const { return actions_; }
  double Q(int64_t state, int action) const { return values_[Pair(state, action)]; }
  double Value(int64_t state) const;  // max_a Q
  // Of several best ones, one at random.
  int Greedy(int64_t state, Stream* stream) const;
  int64_t Visits(int64_t state, int action) const { return counts_[Pair(state, action)].visits; }
  int64_t pairs_met() const { return static_cast<int64_t>(met_.size()); }

  // Returns the error before the step, r + gamma max_b Q(s',b) - Q(s,a).
  double Learn(int64_t state, int action, double reward, int64_t next, double alpha, double gamma);
  void Count(int64_t state, int action, double reward, int64_t next);
  // Returns the mean |error| of the steps; 0 where nothing was met.
  double Plan(int steps, double alpha, double gamma, Stream* stream);

  bool finite() const;
  void Save(ArchiveWriter& out, const std::string& name) const;
  void Load(const ArchiveReader& in, const std::string& name);

 private:
  struct Successor {
    int64_t state;
    int64_t times;
  };
  struct Counts {
    int64_t visits = 0;
    double reward = 0;  // mean
    std::vector<Successor> next;
  };
  size_t Pair(int64_t state, int action) const { return static_cast<size_t>(state * actions_ + action); }

  int actions_;
  std::vector<double> values_;
  std::vector<Counts> counts_;  // by pair
  std::vector<int64_t> met_;    // pairs, in the order in which they were met first
};

}  // namespace equipoise::learn
