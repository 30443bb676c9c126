// Agents of one learner that learns inside a model.
#include "engine/agent/recipes/families.h"
#include "engine/eps/check_settings.h"
#include "engine/learn/expanded/value_expansion_settings.h"
#include "engine/learn/imagined/imagined_batch.h"
#include "engine/learn/imagined/imagined_pool_settings.h"
#include "engine/learn/imagined/mixture.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/naf/naf.h"
#include "engine/learn/sac_settings.h"
#include "engine/learn/svg/heess.h"
#include "engine/learn/svg/heess_settings.h"
#include "engine/learn/svg/svg_settings.h"
#include "engine/model/dropout_lstm.h"
#include "engine/model/dropout_lstm_settings.h"
#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "engine/model/feedforward/deterministic_mlp.h"
#include "engine/model/feedforward/deterministic_mlp_settings.h"
#include "engine/model/linear/linear_model.h"
#include "engine/model/linear/linear_model_settings.h"

namespace equipoise::agent {
namespace {

// A policy trained inside this model acts in every episode; its return there is predicted.
Agent ModelBasedIn(const Workshop& w, const nets::PartInfo& info) {
  Agent a;
  auto* model = a.Add(NewModel(w, info));
  auto* mb = a.Add(NewModelBased(w, *model));
  a.model = model;
  a.lanes = {{model, mb}};
  a.arbiter = Always(ActBased(w, *mb, &a), model);
  return a;
}

Agent ModelBasedAlone(const Workshop& w) { return ModelBasedIn(w, model::DropoutLstmInfo()); }
Agent BackPropagation(const Workshop& w) { return ModelBasedIn(w, model::DeterministicMlpInfo()); }

// SAC, whose batches are recorded steps and imagined ones.
Agent SacOnImagination(const Workshop& w) {
  Agent a;
  auto* model = a.Add(NewModel(w, model::BootstrapEnsembleInfo()));
  auto* pool = a.Add(std::make_unique<learn::ImaginedPool>(*model));
  auto* sac = a.Add(NewSac(w, std::make_unique<learn::Mixture>(*pool, SacTransitions(w))));
  pool->Follow(*sac);
  a.model = model;
  a.lanes = {{model, pool, sac}};
  a.arbiter = Always(a.Act(sac), model);
  return a;
}

// One network, or an ensemble: by the name of the one that settings choose, the one and the other.
const nets::PartInfo& Chosen(const std::string& model) {
  return model == model::BootstrapEnsembleInfo().id ? model::BootstrapEnsembleInfo() : model::DeterministicMlpInfo();
}
const std::string& NotChosen(const std::string& model) {
  return Chosen(model).id == model::BootstrapEnsembleInfo().id ? model::DeterministicMlpInfo().id
                                                               : model::BootstrapEnsembleInfo().id;
}

// SAC, whose actor climbs the model that svg.model says; or, by svg.kind, value gradients along recorded steps.
Agent ValueGradients(const Workshop& w) {
  Agent a;
  const learn::SvgSettings& svg = w.settings.Of<learn::SvgSettings>();
  if (svg.kind != "0") a.model = a.Add(NewModel(w, Chosen(svg.model)));
  const learn::Learner* learner = nullptr;
  if (svg.kind == "h") {
    learner = a.Add(NewSac(w, nullptr, {a.model, nullptr}));
  } else {
    std::unique_ptr<learn::OnPolicySource> own;
    const std::string& id = learn::HeessInfo().id;
    if (svg.kind == "inf")
      own = std::make_unique<learn::NewestEpisodes>(id, static_cast<uint8_t>(PartsOf(w.settings).NumberOf(id)));
    learner = a.Add(std::make_unique<learn::HeessLearner>(w.states, w.actions, w.settings, w.backend.parts(), a.model,
                                                          std::move(own)));
    a.keeps_latents = true;
  }
  a.lanes = {{}};
  for (const auto& part : a.parts) a.lanes.front().push_back(part.get());
  a.arbiter = Always(a.Act(learner), a.model);
  return a;
}
std::vector<std::string> NotOfThatKind(const config::Settings& s) {
  const learn::SvgSettings& svg = s.Of<learn::SvgSettings>();
  std::vector<std::string> idle = {NotChosen(svg.model),
                                   svg.kind == "h" ? learn::HeessInfo().id : learn::ClimbingSacInfo().id};
  if (svg.kind == "0") idle.insert(idle.end(), {Chosen(svg.model).id, eps::CheckSettings::kSection});
  return idle;
}

// The learner that expansion.base says, whose targets look ahead in the model that expansion.model says.
const std::vector<const nets::PartInfo& (*)()> kLookAhead = {learn::ExpandedTd3Info, learn::ExpandedDdpgInfo,
                                                             learn::ExpandedSacInfo};
Agent ValueExpanded(const Workshop& w) {
  const learn::ValueExpansionSettings& s = w.settings.Of<learn::ValueExpansionSettings>();
  Agent a;
  auto* model = a.Add(NewModel(w, Chosen(s.model)));
  a.model = model;
  if (s.base == learn::ExpandedSacInfo().id) {
    auto* sac = a.Add(NewSac(w, nullptr, {nullptr, model}));
    a.lanes = {{model, sac}};
    a.arbiter = Always(a.Act(sac), model);
    return a;
  }
  const bool ddpg = s.base == learn::ExpandedDdpgInfo().id;
  auto* td3 = a.Add(NewTd3(w, ddpg ? learn::ExpandedDdpgInfo() : learn::ExpandedTd3Info(), model));
  a.lanes = {{model, td3}};
  a.arbiter = Always(a.Act(NewNoisyMean(w, *td3)), model);
  return a;
}
std::vector<std::string> NeitherBaseNorModel(const config::Settings& settings) {
  const learn::ValueExpansionSettings& s = settings.Of<learn::ValueExpansionSettings>();
  std::vector<std::string> idle = {NotChosen(s.model)};
  for (const auto& info : kLookAhead)
    if (info().id != s.base) idle.push_back(info().id);
  return idle;
}

// Q-learning whose best action can be read off, whose batches are recorded steps and imagined ones of the model that
// naf.model says.
const nets::PartInfo& Imagining(const config::Settings& s, bool other = false) {
  const bool linear = s.Of<learn::NafSettings>().model == model::LinearModelInfo().id;
  return linear != other ? model::LinearModelInfo() : model::DeterministicMlpInfo();
}
std::vector<std::string> ModelNotImaginedIn(const config::Settings& s) { return {Imagining(s, /*other=*/true).id}; }
Agent NafOnImagination(const Workshop& w) {
  Agent a;
  auto* model = a.Add(NewModel(w, Imagining(w.settings)));
  auto* pool = a.Add(std::make_unique<learn::ImaginedPool>(*model));
  auto* naf = a.Add(std::make_unique<learn::NafLearner>(w.states, w.actions, w.settings, w.backend.parts(),
                                                        std::make_unique<learn::Mixture>(*pool)));
  const auto noise = [&s = w.settings] {
    const learn::NafSettings& own = s.Of<learn::NafSettings>();
    return ExplorationNoise{own.noise_sd, own.noise == "ou" ? own.noise_theta : 1.0};
  };
  pool->Follow(*naf, noise);
  a.model = model;
  a.lanes = {{model, pool, naf}};
  a.arbiter = Always(a.Act(std::make_unique<NoisyMean>(*naf, noise)), model);
  return a;
}

// A policy gradient on imagined batches.
Agent Gradient(const Workshop& w, const nets::PartInfo& model_info, const nets::PartInfo& learner, bool held) {
  Agent a;
  auto* model = a.Add(NewModel(w, model_info));
  auto* pg = a.Add(NewImaginedPpo(w, learner, *model, held));
  a.model = model;
  a.lanes = {{model, pg}};
  a.arbiter = Always(a.Act(pg), model);
  return a;
}
Agent PolicyGradient(const Workshop& w) { return Gradient(w, model::BootstrapEnsembleInfo(), learn::PgInfo(), false); }
Agent NaiveGradient(const Workshop& w) { return Gradient(w, model::DeterministicMlpInfo(), learn::PgInfo(), false); }
Agent TrustRegion(const Workshop& w) { return Gradient(w, model::BootstrapEnsembleInfo(), learn::KlInfo(), true); }

std::vector<const nets::PartInfo& (*)()> ExpandedParts() {
  std::vector<const nets::PartInfo& (*)()> parts = {model::DeterministicMlpInfo, model::BootstrapEnsembleInfo};
  parts.insert(parts.end(), kLookAhead.begin(), kLookAhead.end());
  return parts;
}
std::vector<std::string> ExpandedSections() {
  return {model::DeterministicMlpSettings::kSection,
          model::BootstrapEnsembleSettings::kSection,
          "td3",
          "ddpg",
          learn::SacSettings::kSection,
          learn::ValueExpansionSettings::kSection,
          eps::CheckSettings::kSection};
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
      {"pg",
       "Policy gradient in the model",
       "PG",
       "Treats an ensemble of models as a simulator, and learns in it by trial and error.",
       "Schulman, Wolski, Dhariwal, Radford, Klimov 2017 for the steps, in the ensemble of Chua, Calandra, McAllister, "
       "Levine 2018",
       "No gradient goes through the model. All updates happen between episodes.",
       {model::BootstrapEnsembleInfo, learn::PgInfo},
       {model::BootstrapEnsembleSettings::kSection, "pg", learn::ImagineSettings::kSection,
        eps::CheckSettings::kSection},
       {},
       PolicyGradient},
      {"kl",
       "Trust region in the model",
       "KL",
       "Improves the policy inside the model, but only as far as the policy allows that collected the data.",
       "Schulman, Levine, Abbeel, Jordan, Moritz 2015 for the bound, with steps of Schulman and others 2017",
       "The bound is kept by a penalty and, in the end, by going back along a straight line; not by a natural "
       "gradient.",
       {model::BootstrapEnsembleInfo, learn::KlInfo},
       {model::BootstrapEnsembleSettings::kSection, "kl", learn::ImagineSettings::kSection,
        learn::TrustSettings::kSection, eps::CheckSettings::kSection},
       {},
       TrustRegion},
      {"naive",
       "Naive model-based RL",
       "naive",
       "Improves the policy as far as it goes inside one deterministic model, which is to be seen failing.",
       "Sutton 1991 for the idea, with steps of Schulman, Wolski, Dhariwal, Radford, Klimov 2017",
       "Nothing holds the policy where the model has data: what it imagines to earn leaves what it earns.",
       {model::DeterministicMlpInfo, learn::PgInfo},
       {model::DeterministicMlpSettings::kSection, "pg", learn::ImagineSettings::kSection,
        eps::CheckSettings::kSection},
       {},
       NaiveGradient},
      {"backprop",
       "Back-propagation into the policy",
       "backprop",
       "Pushes the gradient of the imagined return straight through a deterministic model into the policy.",
       "Deisenroth, Rasmussen 2011 (PILCO); Gal, McAllister, Rasmussen 2016 (Deep PILCO)",
       "A network in place of a Gaussian process, and no noise in the model; noise on the policy's actions explores. "
       "All updates happen between episodes.",
       {model::DeterministicMlpInfo, learn::ModelBasedInfo},
       {model::DeterministicMlpSettings::kSection, learn::ModelBasedSettings::kSection, eps::CheckSettings::kSection},
       {{"mb.mode", "full"}, {"mb.head", "deterministic"}, {"mb.entropy_bonus", "0"}},
       BackPropagation},
      {"mbpo",
       "MBPO",
       "MBPO",
       "SAC, mostly fed by short imagined branches from recorded states.",
       "Janner, Fu, Zhang, Levine 2019",
       "The model is fitted, and branches are made, once an episode. Targets are normalised as inputs are.",
       {model::BootstrapEnsembleInfo, learn::ImaginedPoolInfo, learn::SacInfo},
       {model::BootstrapEnsembleSettings::kSection, learn::ImaginedPoolSettings::kSection,
        learn::MixtureSettings::kSection, learn::SacSettings::kSection, eps::CheckSettings::kSection},
       {{"ensemble.members", "7"},
        {"ensemble.elites", "5"},
        {"ensemble.holdout", "0.2"},
        {"ensemble.patience", "5"},
        {"sac.layer_norm", "false"},
        {"sac.entropy_in_target", "true"},
        {"sac.actor_activation", "relu"},
        {"sac.sd", "log-clamp"},
        {"sac.entropy_auto", "true"}},
       SacOnImagination},
      {"dyna",
       "Dyna",
       "Dyna",
       "SAC that dreams one step from remembered states between its updates on recorded ones.",
       "Sutton 1990, with networks in place of tables",
       "SAC is the learner, an ensemble the model. Updates of the two kinds alternate between episodes.",
       {model::BootstrapEnsembleInfo, learn::ImaginedPoolInfo, learn::SacInfo},
       {model::BootstrapEnsembleSettings::kSection, learn::ImaginedPoolSettings::kSection,
        learn::MixtureSettings::kSection, learn::SacSettings::kSection, eps::CheckSettings::kSection},
       {{"ensemble.members", "3"}, {"mixture.unit", "update"}, {"pool.branches_per_step", "10"}},
       SacOnImagination},
      {"svg",
       "Stochastic value gradients",
       "SVG",
       "SAC whose actor is trained through a few steps of a model, with the critics' value behind them.",
       "Amos, Stanton, Yarats, Wilson 2021 (SAC-SVG(H)), after Heess, Wayne, Silver, Lillicrap, Tassa, Erez 2015",
       "A feed-forward model, where theirs is recurrent. The model is fitted once an episode, and all updates happen "
       "between episodes. svg.kind = 1, 0 or inf is one of the three of 2015, with an entropy bonus that is tuned; 0 "
       "draws the noise of its actions, and inf takes several steps along each of its episodes, under the same noise.",
       {model::DeterministicMlpInfo, model::BootstrapEnsembleInfo, learn::ClimbingSacInfo, learn::HeessInfo},
       {model::DeterministicMlpSettings::kSection, model::BootstrapEnsembleSettings::kSection,
        learn::SacSettings::kSection, learn::SvgSettings::kSection, learn::HeessSettings::kSection,
        eps::CheckSettings::kSection},
       {{"svg.horizon", "3"},
        {"svg.warm_up", "10"},
        {"sac.layer_norm", "false"},
        {"sac.entropy_in_target", "true"},
        {"sac.actor_activation", "relu"},
        {"sac.sd", "log-clamp"},
        {"sac.entropy_auto", "true"}},
       ValueGradients,
       NotOfThatKind},
      {"mve",
       "Model-based value expansion",
       "MVE",
       "TD3, DDPG or SAC that looks a few steps ahead in a model before it trusts its value.",
       "Feinberg, Wan, Stoica, Jordan, Gonzalez, Levine 2018; over SAC as Amos, Stanton, Yarats, Wilson 2021 have it",
       "The model is fitted once an episode.",
       ExpandedParts(),
       ExpandedSections(),
       {},
       ValueExpanded,
       NeitherBaseNorModel},
      {"steve",
       "STEVE",
       "STEVE",
       "MVE that looks as far ahead as its models and critics agree.",
       "Buckman, Hafner, Tucker, Brevdo, Lee 2018",
       "The model is fitted once an episode. A member of the ensemble predicts states and rewards together, and their "
       "critics' smoothing is TD3's where that is the base.",
       ExpandedParts(),
       ExpandedSections(),
       {{"expansion.targets", "blended"},
        {"expansion.model", "ensemble"},
        {"expansion.base", "ddpg"},
        {"ensemble.members", "4"},
        {"ddpg.critics", "4"},
        {"ddpg.target_every", "500"}},
       ValueExpanded,
       NeitherBaseNorModel},
      {"mba",
       "NAF with imagination",
       "MBA",
       "Q-learning whose best action is read off directly, fed with short imagined branches.",
       "Gu, Lillicrap, Sutskever, Levine 2016",
       "A network is the model; naf.model = linear is theirs, refitted for every time step, with a ridge towards all "
       "steps in place of a mixture of Gaussians. The model is fitted, and branches are made, once an episode.",
       {model::DeterministicMlpInfo, model::LinearModelInfo, learn::ImaginedPoolInfo, learn::NafInfo},
       {model::DeterministicMlpSettings::kSection, model::LinearModelSettings::kSection,
        learn::ImaginedPoolSettings::kSection, learn::MixtureSettings::kSection, learn::NafSettings::kSection,
        eps::CheckSettings::kSection},
       {{"pool.branches_per_step", "4"},
        {"pool.length", "5"},
        {"pool.length_last", "5"},
        {"pool.newest", "5"},
        {"mixture.real_share", "0.5"}},
       NafOnImagination,
       ModelNotImaginedIn},
  };
}

}  // namespace equipoise::agent
