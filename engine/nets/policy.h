// policy.h: the stochastic policy of both learners: a tanh-squashed Gaussian on top of an MLP.
//
//   p = (observation - mean) / sd;  [m | s] = MLP(p);  u = m + sigma(s) eps;  a = tanh(u)
//
// A policy always carries its own input affine, so it can be called on raw observations anywhere, whatever normaliser
// the model has by then. SAC's policy has mean 0 and sd 1: it sees raw observations.
//
// Shapes   observation [states], eps and action [actions]
// Thread   const use from one thread at a time (it holds scratch); copy it for another thread
#pragma once

#include <vector>

#include "engine/nets/mlp.h"

namespace equipoise::nets {

class Policy {
 public:
  Policy() = default;
  Policy(int64_t states, int64_t actions, int64_t hidden, int64_t layers, double sigma_max, Stream& stream);

  int64_t states() const { return spec.inputs; }
  int64_t actions() const { return spec.outputs / 2; }
  // One action for one raw observation.
  void Act(const float* observation, const float* eps, float* action);
  // `count` distractors appended to (count > 0) or removed from (count < 0) the end of the observation. The function of
  // the other inputs does not change; appended inputs start with weight 0, mean 0 and the given sd.
  void EditStates(int64_t count, float sd, Adam* adam);

  void Save(ArchiveWriter& out, const std::string& name) const;
  void Load(const ArchiveReader& in, const std::string& name);

  MlpSpec spec;
  Parameters net;
  std::vector<float> mean, sd;  // the input affine, [states]
  float sigma_max = 0;

 private:
  MlpPass pass_;
  std::vector<float> input_;
};

}  // namespace equipoise::nets
