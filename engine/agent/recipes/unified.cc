// Agents of several learners, of which one acts in each episode.
#include "engine/agent/recipes/families.h"
#include "engine/eps/check_settings.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm.h"
#include "engine/model/dropout_lstm_settings.h"

namespace equipoise::agent {
namespace {

Agent Unified(const Workshop& w) {
  Agent a;
  auto* model = a.Add(NewModel(w, model::DropoutLstmInfo()));
  auto* mb = a.Add(NewModelBased(w, *model));
  auto* sac = a.Add(NewSac(w));
  a.model = model;
  a.lanes = {{model, mb}, {sac}};
  const Controller *free = a.Act(sac), *based = a.Act(mb);
  a.arbiter = AtLeastEvery({free}, Undominated(*model, {free, based}));
  return a;
}

}  // namespace

std::vector<Recipe> UnifiedFamily() {
  return {
      {"unified",
       "Unified RL",
       "unified",
       "A policy trained in a Bayesian model acts where the model proves it better under every mask, SAC elsewhere.",
       "Freed, Wei, Calandra, Schneider, Choset 2024",
       "All updates happen between episodes.",
       {model::DropoutLstmInfo, learn::ModelBasedInfo, learn::SacInfo},
       {model::DropoutLstmSettings::kSection, learn::ModelBasedSettings::kSection, learn::SacSettings::kSection,
        eps::CheckSettings::kSection},
       {},
       Unified},
  };
}

}  // namespace equipoise::agent
