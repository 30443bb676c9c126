// uniform_random.h: every action uniform in [-1, 1], held for env.random_hold steps: who acts before anybody has
// learned.
//
// Streams  "act" of (seed, index of the episode, attempt)
#pragma once

#include <optional>
#include <vector>

#include "engine/agent/controller.h"

namespace equipoise::agent {

class UniformRandom : public Controller {
 public:
  const std::string& id() const override;
  const nets::Policy* policy() const override { return nullptr; }
  bool finite() const override { return true; }
  void Begin(const EpisodeStart& start) override;
  ActResult Act(const ActInputs& in) override;

 private:
  int64_t actions_ = 0;
  int hold_ = 1;  // steps
  std::vector<float> held_;
  std::optional<Stream> stream_;
};

}  // namespace equipoise::agent
