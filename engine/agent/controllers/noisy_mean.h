// noisy_mean.h: a deterministic policy explores: its action with noise on it, brought back between the bounds.
//
//   a_t = clamp(mu(o_t) + n_t, -1, 1),  n_t as learn/exploration_noise.h has it
//
// The policy and the noise are those in force when the episode begins. What it would do in imagination is mu alone.
//
// Streams  "explore" of (seed, index of the episode, attempt)
#pragma once

#include <functional>
#include <optional>

#include "engine/agent/controller.h"
#include "engine/learn/exploration_noise.h"
#include "engine/learn/learner.h"

namespace equipoise::agent {

using learn::ExplorationNoise;

class NoisyMean : public Controller {
 public:
  // `learner`, whose policy has no spread, outlives it; `noise` is asked when an episode begins.
  NoisyMean(const learn::Learner& learner, std::function<ExplorationNoise()> noise);
  const std::string& id() const override { return learner_.id(); }
  const nets::Policy* policy() const override { return &learner_.policy(); }
  std::optional<nets::ActingFunction> function(int64_t index) const override;
  bool finite() const override { return learner_.finite(); }
  void Begin(const EpisodeStart& start) override;
  ActResult Act(const ActInputs& in) override;
  std::map<std::string, double> Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                        const config::Settings& settings) const override;

 private:
  const learn::Learner& learner_;
  const std::function<ExplorationNoise()> in_force_;
  ExplorationNoise noise_;
  nets::Policy acting_;  // a copy: acting needs scratch of its own
  std::optional<Stream> stream_;
  std::vector<double> now_;  // n_t
};

}  // namespace equipoise::agent
