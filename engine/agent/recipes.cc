#include "engine/agent/recipes.h"

#include <algorithm>
#include <utility>

#include "engine/eps/check_settings.h"
#include "engine/learn/model_based.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm_settings.h"

namespace equipoise::agent {
namespace {

// Sections of settings.
constexpr const char *kModel = model::DropoutLstmSettings::kSection, *kModelBased = learn::ModelBasedSettings::kSection,
                     *kSac = learn::SacSettings::kSection, *kCheck = eps::CheckSettings::kSection;

std::unique_ptr<model::DropoutLstm> NewModel(const Workshop& w) {
  Stream init(static_cast<uint64_t>(w.settings.run.seed), "init.model");
  return std::make_unique<model::DropoutLstm>(model::LstmSpecOf(w.settings, w.states, w.actions, w.wrapped),
                                              w.settings.Of<model::DropoutLstmSettings>().dropout, init,
                                              w.backend.parts());
}

std::unique_ptr<learn::ModelBasedLearner> NewModelBased(const Workshop& w, const model::WorldModel& model) {
  return std::make_unique<learn::ModelBasedLearner>(model, w.starts, w.settings, w.backend.parts());
}

std::unique_ptr<learn::SacLearner> NewSac(const Workshop& w) {
  return std::make_unique<learn::SacLearner>(w.states, w.actions, w.settings, w.backend.parts());
}

Agent Unified(const Workshop& w) {
  Agent a;
  auto* model = a.Add(NewModel(w));
  auto* mb = a.Add(NewModelBased(w, *model));
  auto* sac = a.Add(NewSac(w));
  a.model = model;
  a.lanes = {{model, mb}, {sac}};
  const Controller *free = a.Act(sac), *based = a.Act(mb);
  a.arbiter = AtLeastEvery({free}, Undominated(*model, {free, based}));
  return a;
}

Agent SacAlone(const Workshop& w) {
  Agent a;
  auto* sac = a.Add(NewSac(w));
  a.lanes = {{sac}};
  a.arbiter = Always(a.Act(sac), nullptr);
  return a;
}

Agent ModelBasedAlone(const Workshop& w) {
  Agent a;
  auto* model = a.Add(NewModel(w));
  auto* mb = a.Add(NewModelBased(w, *model));
  a.model = model;
  a.lanes = {{model, mb}};
  a.arbiter = Always(a.Act(mb), model);
  return a;
}

}  // namespace

const std::vector<Recipe>& Recipes() {
  static const std::vector<Recipe> recipes = {
      {"unified",
       "Unified RL",
       "unified",
       "A policy trained in a Bayesian model acts where the model proves it better under every mask, SAC elsewhere.",
       {model::DropoutLstmInfo, learn::ModelBasedInfo, learn::SacInfo},
       {kModel, kModelBased, kSac, kCheck},
       Unified},
      {"sac",
       "SAC",
       "SAC",
       "Soft actor-critic alone: learns from recorded steps, without a model.",
       {learn::SacInfo},
       {kSac},
       SacAlone},
      {"mbrl",
       "Model-based RL",
       "MBRL",
       "The policy trained in the Bayesian model alone, acting in every episode.",
       {model::DropoutLstmInfo, learn::ModelBasedInfo},
       {kModel, kModelBased, kCheck},  // its own returns are imagined as the check's are
       ModelBasedAlone},
  };
  return recipes;
}

const Recipe* FindRecipe(const std::string& name) {
  const auto found = std::find_if(Recipes().begin(), Recipes().end(), [&](const Recipe& r) { return name == r.name; });
  return found != Recipes().end() ? &*found : nullptr;
}

nets::PartList PartsOf(const std::string& agent) {
  const Recipe* recipe = FindRecipe(agent);
  std::vector<nets::PartInfo> parts;
  if (recipe != nullptr)
    for (const auto& info : recipe->parts) parts.push_back(info());
  return nets::PartList(std::move(parts));
}

}  // namespace equipoise::agent
