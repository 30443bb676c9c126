// Agents of one learner that learns inside a model.
#include "engine/agent/recipes/families.h"
#include "engine/eps/check_settings.h"
#include "engine/learn/model_based_settings.h"
#include "engine/model/dropout_lstm.h"
#include "engine/model/dropout_lstm_settings.h"

namespace equipoise::agent {
namespace {

Agent ModelBasedAlone(const Workshop& w) {
  Agent a;
  auto* model = a.Add(NewModel(w, model::DropoutLstmInfo()));
  auto* mb = a.Add(NewModelBased(w, *model));
  a.model = model;
  a.lanes = {{model, mb}};
  a.arbiter = Always(a.Act(mb), model);
  return a;
}

}  // namespace

std::vector<Recipe> ModelBasedFamily() {
  return {
      {"mbrl",
       "Model-based RL",
       "MBRL",
       "The policy trained in the Bayesian model alone, acting in every episode.",
       "Freed, Wei, Calandra, Schneider, Choset 2024, the model-based half",
       "All updates happen between episodes.",
       {model::DropoutLstmInfo, learn::ModelBasedInfo},
       {model::DropoutLstmSettings::kSection, learn::ModelBasedSettings::kSection,
        eps::CheckSettings::kSection},  // its own returns are imagined as the check's are
       {},
       ModelBasedAlone},
  };
}

}  // namespace equipoise::agent
