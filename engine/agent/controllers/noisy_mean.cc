#include "engine/agent/controllers/noisy_mean.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"

namespace equipoise::agent {

NoisyMean::NoisyMean(const learn::Learner& learner, std::function<ExplorationNoise()> noise)
    : learner_(learner), in_force_(std::move(noise)) {
  EQ_CHECK(learner.policy().spread.deterministic(), "\"" + learner.id() + "\" explores by its own spread");
}

std::optional<nets::ActingFunction> NoisyMean::function(int64_t) const {
  nets::ActingFunction f = nets::ActingFunction::Of(learner_.policy());
  const ExplorationNoise noise = in_force_();
  f.noise_sd = noise.sd;
  f.noise_theta = noise.theta;
  return f;
}

void NoisyMean::Begin(const EpisodeStart& start) {
  acting_ = learner_.policy();
  noise_ = in_force_();
  stream_ = start.NewStream("explore");
  now_.assign(static_cast<size_t>(start.actions), 0.0);
}

ActResult NoisyMean::Act(const ActInputs& in) {
  ActResult did;
  did.action.resize(now_.size());
  acting_.Act(in.observation, nullptr, did.action.data());
  for (size_t j = 0; j < now_.size(); ++j) {
    now_[j] = noise_.Next(now_[j], stream_->Normal());
    did.action[j] = std::clamp(did.action[j] + static_cast<float>(now_[j]), -1.0f, 1.0f);
  }
  return did;
}

std::map<std::string, double> NoisyMean::Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                                 const config::Settings& settings) const {
  return learner_.Examine(data, episode, settings);
}

}  // namespace equipoise::agent
