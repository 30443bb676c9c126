// policy_controller.h: a learner's policy acts as it stands when the episode begins, with its own noise.
//
// Streams  "act" of (seed, index of the episode, attempt)
#pragma once

#include <optional>

#include "engine/agent/controller.h"
#include "engine/learn/learner.h"

namespace equipoise::agent {

class PolicyController : public Controller {
 public:
  // `learner` outlives it.
  explicit PolicyController(const learn::Learner& learner) : learner_(learner) {}
  const std::string& id() const override { return learner_.id(); }
  const nets::Policy* policy() const override { return &learner_.policy(); }
  bool finite() const override { return learner_.finite(); }
  void Begin(const EpisodeStart& start) override;
  ActResult Act(const ActInputs& in) override;
  std::map<std::string, double> Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                        const config::Settings& settings) const override;

 private:
  const learn::Learner& learner_;
  nets::Policy acting_;  // a copy: acting needs scratch of its own
  std::optional<Stream> stream_;
  std::vector<float> noise_;
};

}  // namespace equipoise::agent
