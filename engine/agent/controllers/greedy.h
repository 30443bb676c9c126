// greedy.h: the best push by a table of action values, held for some steps; now and then one that is drawn.
//
// Streams  "act" of (seed, index of the episode, attempt)
#pragma once

#include <optional>

#include "engine/agent/controller.h"
#include "engine/learn/table/table_learner.h"

namespace equipoise::agent {

class Greedy : public Controller {
 public:
  // Both outlive it.
  Greedy(const learn::TableLearner& learner, const config::Settings& settings)
      : learner_(learner), settings_(settings) {}
  const std::string& id() const override { return learner_.id(); }
  const nets::Policy* policy() const override { return nullptr; }  // it holds what it chose: no function of the state
  bool finite() const override { return learner_.finite(); }
  void Begin(const EpisodeStart& start) override;
  ActResult Act(const ActInputs& in) override;

 private:
  const learn::TableLearner& learner_;
  const config::Settings& settings_;
  std::optional<Stream> stream_;
  int chosen_ = 0;
};

}  // namespace equipoise::agent
