// learners.h: both learners on the reference path (learn/aten/reference.h) on a device of LibTorch's. Draws, losses,
// guards and reports are those of the classes they derive from; only Adam's weights and moments live on the device, for
// the length of one phase.
//
// Thread   as learner.h
#pragma once

#include "engine/learn/model_based.h"
#include "engine/learn/sac.h"
#include "engine/nets/aten/net.h"

namespace equipoise::learn {

class AtenModelBased : public ModelBasedLearner {
 public:
  AtenModelBased(const model::WorldModel& model, const StartPool& starts, const config::Settings& s,
                 const at::Device& device)
      : ModelBasedLearner(model, starts, s), device_(device) {}

 private:
  void TrainFull(const ImaginationInputs& in, Sums& sums) override;
  void TrainDreamer(const ImaginationInputs& in, Sums& sums) override;
  at::Device device_;
};

class AtenSac : public SacLearner {
 public:
  AtenSac(int64_t states, int64_t actions, const config::Settings& s, const at::Device& device)
      : SacLearner(states, actions, s), device_(device) {}
  TrainReport Train(const TrainInputs& in) override;

 private:
  at::Device device_;
};

}  // namespace equipoise::learn
