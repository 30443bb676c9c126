#include "engine/agent/controllers/policy_controller.h"

namespace equipoise::agent {

void PolicyController::Begin(const EpisodeStart& start) {
  acting_ = learner_.policy();
  stream_ = start.NewStream("act");
  noise_.resize(static_cast<size_t>(start.actions));
}

ActResult PolicyController::Act(const ActInputs& in) {
  ActResult did;
  did.action.resize(noise_.size());
  stream_->Normal(noise_.data(), noise_.size());
  if (acting_.spread.deterministic()) {
    acting_.Act(in.observation, noise_.data(), did.action.data());
  } else {
    did.latent.resize(noise_.size());
    acting_.Act(in.observation, noise_.data(), did.action.data(), did.latent.data(), &did.log_prob);
  }
  return did;
}

std::map<std::string, double> PolicyController::Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                                        const config::Settings& settings) const {
  return learner_.Examine(data, episode, settings);
}

}  // namespace equipoise::agent
