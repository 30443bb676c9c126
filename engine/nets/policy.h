// policy.h: every learner's policy: a tanh-squashed Gaussian on top of an MLP, of one of three heads.
//
//   p = (observation - mean) / sd;  [m | s] = MLP(p);  u = m + sigma(s) eps;  a = tanh(u)
//
//   as it stands       sigma follows from the observation (spread.h says how)
//   free sd            s is one number for each action, whatever the observation
//   Spread::None()     deterministic: u = m; s is there, so that all have one shape, and means nothing
//
// A policy always carries its own input affine, so it can be called on raw observations anywhere, whatever normaliser
// the model has by then. One with mean 0 and sd 1 sees raw observations.
//
// Shapes   observation [states], eps, u and action [actions]
// Thread   const use from one thread at a time (it holds scratch); copy it for another thread
#pragma once

#include <vector>

#include "engine/nets/mlp.h"
#include "engine/nets/spread.h"

namespace equipoise::nets {

struct PolicySpec {
  int64_t states = 0, actions = 0, hidden = 0, layers = 2;
  Activation activation = Activation::kTanh;
  Spread spread;
  bool free_sd = false;  // starts at a standard deviation of 1
};

class Policy {
 public:
  Policy() = default;
  Policy(const PolicySpec& spec, Stream& stream);
  // tanh units, and a spread that follows from the observation, below sigma_max unless that is 0.
  Policy(int64_t states, int64_t actions, int64_t hidden, int64_t layers, double sigma_max, Stream& stream);

  int64_t states() const { return spec.inputs; }
  int64_t actions() const { return spec.outputs / 2; }
  // One action for one raw observation.
  void Act(const float* observation, const float* eps, float* action);
  // Also u, and the log-density of the action as it will be told of this u under other weights. A policy without
  // spread has neither.
  void Act(const float* observation, const float* eps, float* action, float* u, float* log_prob);
  // Of a policy whose spread is free: the standard deviation of every action.
  void SetFreeSd(double to);
  // `count` distractors appended to (count > 0) or removed from (count < 0) the end of the observation. The function of
  // the other inputs does not change; appended inputs start with weight 0, mean 0 and the given sd.
  void EditStates(int64_t count, float sd, Adam* adam);

  void Save(ArchiveWriter& out, const std::string& name) const;
  void Load(const ArchiveReader& in, const std::string& name);

  MlpSpec spec;
  Parameters net;
  std::vector<float> mean, sd;  // the input affine, [states]
  Spread spread;

 private:
  const float* Raw(const float* observation);

  MlpPass pass_;
  std::vector<float> input_;
};

}  // namespace equipoise::nets
