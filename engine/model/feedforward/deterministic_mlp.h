// deterministic_mlp.h: the plainest world model: one network that says what follows, and no spread.
//
//   [state delta, reward] = mlp([s, a]);  loss = mean squared error / 2 over the batch and all outputs, by Adam;
//   over several of its own steps where mlp.loss_steps says so (unrolled_loss.h)
//
// One belief, no carry: every rollout from one start under the same actions is the same. Its likelihood of an episode is
// that of a Gaussian around what it says, with the spread that the last fit left of each output.
#pragma once

#include <memory>

#include "engine/model/feedforward/feed_forward.h"

namespace equipoise::model {

const nets::PartInfo& DeterministicMlpInfo();
std::unique_ptr<WorldModel> NewDeterministicMlp(const ModelPlan& plan, const config::Settings& settings);

class DeterministicMlp : public FeedForward {
 public:
  DeterministicMlp(FeedForwardSpec spec, uint64_t seed, const ModelParts& parts);

  const nets::PartInfo& info() const override { return DeterministicMlpInfo(); }
  // mlp.steps, and mlp.first_fit_factor times as many while it has never been fitted.
  int NextWork(const nets::Standing& now) const override;
  nets::TrainReport Train(const nets::TrainInputs& in) override;
  void OnSettings(const config::Settings& before, const config::Settings& after) override;
};

}  // namespace equipoise::model
