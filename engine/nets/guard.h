// guard.h: what happens when a loss or a gradient is not finite.
//
// The step is skipped and counted. After ten in a row the weights and moments of before the training phase come back
// and the step size is halved. It stays halved in the phases after (Adam::rate, which checkpoints keep) until somebody
// sets that step size by hand. Nothing that is not finite ever reaches a weight.
#pragma once

#include <vector>

#include "engine/nets/parameters.h"

namespace equipoise::nets {

class Guard {
 public:
  Guard(Parameters* net, Adam* adam) : net_(net), adam_(adam), values_(net->values), moments_(*adam) {}

  // One Adam step at rate() * lr when loss and gradient are finite.
  Adam::Outcome Step(double loss, const std::vector<float>& gradient, double lr, double clip);

  double rate() const { return adam_->rate; }
  int skipped() const { return skipped_; }
  bool reloaded() const { return reloaded_; }

 private:
  Parameters* net_;
  Adam* adam_;
  std::vector<float> values_;  // as they were when training began
  Adam moments_;
  int skipped_ = 0, consecutive_ = 0;
  bool reloaded_ = false;
};

}  // namespace equipoise::nets
