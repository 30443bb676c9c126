// Agents of several learners, of which one acts in each episode.
#include "engine/agent/alone.h"
#include "engine/agent/recipes/families.h"
#include "engine/eps/check_settings.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm.h"
#include "engine/model/dropout_lstm_settings.h"
#include "engine/model/feedforward/bayes_mlp.h"
#include "engine/model/feedforward/bayes_mlp_settings.h"
#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"

namespace equipoise::agent {
namespace {

Agent UnifiedIn(const Workshop& w, const nets::PartInfo& info) {
  Agent a;
  auto* model = a.Add(NewModel(w, info));
  auto* mb = a.Add(NewModelBased(w, *model));
  auto* sac = a.Add(NewSac(w));
  a.model = model;
  a.lanes = {{model, mb}, {sac}};
  const Controller *free = a.Act(sac), *based = ActBased(w, *mb, &a);
  a.arbiter = AtLeastEvery({free}, Undominated(*model, {free, based}));
  return a;
}

Agent UnifiedOfThree(const Workshop& w) {
  Agent a;
  auto* model = a.Add(NewModel(w, model::DropoutLstmInfo()));
  auto* mb = a.Add(NewModelBased(w, *model));
  auto* sac = a.Add(NewSac(w));
  auto* td3 = a.Add(NewTd3(w, learn::Td3Info()));
  a.model = model;
  a.lanes = {{model, mb}, {sac}, {td3}};
  const Controller *first = a.Act(sac), *second = a.Act(NewNoisyMean(w, *td3)), *based = ActBased(w, *mb, &a);
  a.arbiter = AtLeastEvery({first, second}, Undominated(*model, {first, second, based}));
  return a;
}

Agent Unified(const Workshop& w) { return UnifiedIn(w, model::DropoutLstmInfo()); }
Agent UnifiedEnsemble(const Workshop& w) { return UnifiedIn(w, model::BootstrapEnsembleInfo()); }
Agent UnifiedBayes(const Workshop& w) { return UnifiedIn(w, model::BayesMlpInfo()); }

}  // namespace

const std::vector<Alone>& LearnersAlone() {
  static const std::vector<Alone> all = {{"unified", {"sac", "mbrl"}}, {"unified-n", {"sac", "td3", "mbrl"}}};
  return all;
}

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
      {"unified-n",
       "Unified RL over three",
       "unified-n",
       "SAC, TD3 and a policy trained in a Bayesian model: whoever another one beats under every mask may not act.",
       "Freed, Wei, Calandra, Schneider, Choset 2024, section 7, as future work",
       "The first in that order acts that nobody beats. TD3 is checked without the noise that it acts with. All "
       "updates happen between episodes.",
       {model::DropoutLstmInfo, learn::ModelBasedInfo, learn::SacInfo, learn::Td3Info},
       {model::DropoutLstmSettings::kSection, learn::ModelBasedSettings::kSection, learn::SacSettings::kSection, "td3",
        eps::CheckSettings::kSection},
       {},
       UnifiedOfThree},
      {"unified-ensemble",
       "Unified RL in an ensemble",
       "unified ens.",
       "Unified RL whose masks are the members of a bootstrap ensemble: each is one world, and asked once.",
       "Freed, Wei, Calandra, Schneider, Choset 2024; the model is that of Chua, Calandra, McAllister, Levine 2018",
       "No more masks than members, whatever eps.masks says. All updates happen between episodes.",
       {model::BootstrapEnsembleInfo, learn::ModelBasedInfo, learn::SacInfo},
       {model::BootstrapEnsembleSettings::kSection, learn::ModelBasedSettings::kSection, learn::SacSettings::kSection,
        eps::CheckSettings::kSection},
       {{"ensemble.members", "10"}},
       UnifiedEnsemble},
      {"unified-bayes",
       "Unified RL in uncertain weights",
       "unified Bayes",
       "Unified RL whose masks are draws of a network's weights, each of which is a distribution.",
       "Freed, Wei, Calandra, Schneider, Choset 2024; the model is that of Blundell, Cornebise, Kavukcuoglu, Wierstra "
       "2015",
       "Activations are drawn instead of weights while the model is fitted (Kingma, Salimans, Welling 2015). All "
       "updates happen between episodes.",
       {model::BayesMlpInfo, learn::ModelBasedInfo, learn::SacInfo},
       {model::BayesMlpSettings::kSection, learn::ModelBasedSettings::kSection, learn::SacSettings::kSection,
        eps::CheckSettings::kSection},
       {},
       UnifiedBayes},
  };
}

}  // namespace equipoise::agent
