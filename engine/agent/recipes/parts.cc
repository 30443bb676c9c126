#include <utility>

#include "engine/agent/controllers/mpc_info.h"
#include "engine/agent/phases_settings.h"
#include "engine/agent/recipes/families.h"
#include "engine/learn/imagined/imagined_batch.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac_settings.h"

namespace equipoise::agent {

std::unique_ptr<model::WorldModel> NewModel(const Workshop& w, const nets::PartInfo& info) {
  return info.new_model({w.states, w.actions, w.wrapped, &w.backend.parts()}, w.settings);
}

std::unique_ptr<learn::ModelBasedLearner> NewModelBased(const Workshop& w, const model::WorldModel& model) {
  return std::make_unique<learn::ModelBasedLearner>(model, w.starts, w.settings, w.backend.parts());
}

const Controller* ActBased(const Workshop& w, const learn::ModelBasedLearner& learner, Agent* agent) {
  if (!learner.policy().spread.deterministic()) return agent->Act(&learner);
  return agent->Act(std::make_unique<NoisyMean>(learner, [&s = w.settings] {
    const learn::ModelBasedSettings& mb = s.Of<learn::ModelBasedSettings>();
    return ExplorationNoise{mb.noise_sd, mb.noise_theta};
  }));
}

learn::RealTransitions SacTransitions(const Workshop& w) {
  return {static_cast<uint8_t>(PartsOf(w.settings.run.agent).NumberOf(learn::SacInfo().id)),
          [](const config::Settings& s) { return s.Of<learn::SacSettings>().own_share; }};
}

std::unique_ptr<learn::SacLearner> NewSac(const Workshop& w, std::unique_ptr<learn::TransitionSource> source,
                                          learn::SacModels models) {
  if (source == nullptr) source = std::make_unique<learn::RealTransitions>(SacTransitions(w));
  return std::make_unique<learn::SacLearner>(w.states, w.actions, w.settings, w.backend.parts(), std::move(source),
                                             models);
}

std::unique_ptr<learn::Td3Learner> NewTd3(const Workshop& w, const nets::PartInfo& info,
                                          const model::WorldModel* ahead) {
  return std::make_unique<learn::Td3Learner>(info, w.states, w.actions, w.settings, w.backend.parts(), nullptr, ahead);
}

std::unique_ptr<learn::PpoLearner> NewPpo(const Workshop& w) {
  const nets::PartInfo& info = learn::PpoInfo();
  const auto number = static_cast<uint8_t>(PartsOf(w.settings.run.agent).NumberOf(info.id));
  return std::make_unique<learn::PpoLearner>(info, std::make_unique<learn::NewestEpisodes>(info.id, number), w.states,
                                             w.actions, w.settings, w.backend.parts());
}

std::unique_ptr<learn::CloneLearner> NewClone(const Workshop& w, std::unique_ptr<learn::Expert> expert) {
  const nets::PartList parts = PartsOf(w.settings.run.agent);
  const auto number = [&parts](const std::string& id) { return static_cast<uint8_t>(parts.NumberOf(id)); };
  // Before its first episode, before each that follows, and once more for who goes on from it.
  const auto due = [](const nets::Standing& now) {
    const PhasesSettings& phases = now.settings.Of<PhasesSettings>();
    const int next = now.picked + 1;
    return next >= phases.clone_at && next <= phases.fine_tune_at;
  };
  const auto waits = [](const nets::Standing& now) {
    const int before = now.settings.Of<PhasesSettings>().clone_at - 1;
    return now.picked < before ? std::to_string(now.picked) + " of " + std::to_string(before) + " episodes" : "";
  };
  return std::make_unique<learn::CloneLearner>(
      learn::CloneLearner::Teaching{std::move(expert), number(MpcInfo().id), number(learn::CloneInfo().id), due, waits},
      w.states, w.actions, w.settings, w.backend.parts());
}

std::unique_ptr<learn::PpoLearner> NewImaginedPpo(const Workshop& w, const nets::PartInfo& info,
                                                  const model::WorldModel& model, bool held) {
  return std::make_unique<learn::PpoLearner>(info, std::make_unique<learn::ImaginedBatches>(info.id, model, w.starts),
                                             w.states, w.actions, w.settings, w.backend.parts(),
                                             held ? std::make_unique<learn::TrustRegion>(w.settings) : nullptr);
}

std::unique_ptr<NoisyMean> NewNoisyMean(const Workshop& w, const learn::Td3Learner& learner) {
  return std::make_unique<NoisyMean>(learner, [&s = w.settings, &id = learner.id()] {
    const learn::Td3Settings& td3 = s.Of<learn::Td3Settings>(id);
    return ExplorationNoise{td3.noise_sd, td3.noise == "ou" ? td3.noise_theta : 1.0};
  });
}

}  // namespace equipoise::agent
