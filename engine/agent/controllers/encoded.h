// encoded.h: acts on a latent that is drawn from what the observation is encoded as, with noise on the action.
//
//   z ~ e(o_t),  a = clamp(tanh m(z) + sd n_t, -1, 1),  n_t = (1 - theta) n_{t-1} + N_t,  sd by the episode (learn/alm/alm.h)
//
// The noise is not clipped, and the settings are those in force when the episode begins.
//
// Streams  "explore" of (seed, index of the episode, attempt)
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/agent/controller.h"
#include "engine/learn/alm/alm.h"
#include "engine/learn/exploration_noise.h"

namespace equipoise::agent {

class Encoded : public Controller {
 public:
  // Both outlive it.
  Encoded(const learn::AlmLearner& learner, const config::Settings& settings)
      : learner_(learner), settings_(settings) {}
  const std::string& id() const override { return learner_.id(); }
  const nets::Policy* policy() const override {
    return nullptr;
  }  // it draws a latent first: no tanh-Gaussian of states
  std::optional<nets::ActingFunction> function(int64_t index) const override;
  bool finite() const override { return learner_.finite(); }
  void Begin(const EpisodeStart& start) override;
  ActResult Act(const ActInputs& in) override;
  std::map<std::string, double> Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                        const config::Settings& settings) const override {
    return learner_.Examine(data, episode, settings);
  }

 private:
  const learn::AlmLearner& learner_;
  const config::Settings& settings_;
  std::optional<Stream> stream_;
  learn::ExplorationNoise noise_;
  nets::MlpPass encoder_, actor_;
  std::vector<float> mean_, sd_, drawn_;
  std::vector<float> now_;  // n_t
};

}  // namespace equipoise::agent
