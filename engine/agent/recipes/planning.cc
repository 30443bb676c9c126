// Agents that plan: before they act they look for the actions that do best in a model, with or without a policy that is
// learned beside it.
#include "engine/agent/controllers/mpc_controller.h"
#include "engine/agent/controllers/mpc_info.h"
#include "engine/agent/controllers/planning_expert.h"
#include "engine/agent/phases_settings.h"
#include "engine/agent/recipes/families.h"
#include "engine/agent/turns.h"
#include "engine/env/configured_task.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm.h"
#include "engine/model/feedforward/bayes_mlp.h"
#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/deterministic_mlp.h"
#include "engine/model/true_simulator.h"
#include "engine/plan/planners.h"

namespace equipoise::agent {
namespace {

// The models that can be planned in, as mpc.model has them.
const std::vector<const nets::PartInfo& (*)()>& Models() {
  static const std::vector<const nets::PartInfo& (*)()> models = {model::DeterministicMlpInfo,
                                                                  model::BootstrapEnsembleInfo, model::BayesMlpInfo,
                                                                  model::DropoutLstmInfo, model::TrueSimulatorInfo};
  return models;
}

const nets::PartInfo& ModelOf(const MpcSettings& s) {
  for (const auto& info : Models())
    if (info().id == s.model) return info();
  EQ_CHECK(false, "there is no model " + s.model);
}

std::unique_ptr<model::TrueSimulator> NewSimulator(const Workshop& w) {
  return std::make_unique<model::TrueSimulator>([s = w.settings] { return env::MakeTask(s).value(); }, w.states,
                                                w.actions);
}

// What is planned in, in a lane of its own where it is learned.
struct PlannedIn {
  model::WorldModel* model = nullptr;
  model::TrueSimulator* simulator = nullptr;  // the same, where it is that
};
PlannedIn AddModel(const Workshop& w, Agent* a) {
  const MpcSettings& s = w.settings.Of<MpcSettings>();
  const nets::PartInfo& info = ModelOf(s);
  if (info.kind == nets::PartInfo::Kind::kGiven) {
    auto* simulator = a->Add(NewSimulator(w));
    return {simulator, simulator};
  }
  auto* model = a->Add(NewModel(w, info));
  a->model = model;
  a->lanes = {{model}};
  if (s.data == "random") a->rests.push_back({model, [](const nets::Standing& now) { return now.picked > 0; }});
  return {model, nullptr};
}

const Controller* ActPlanned(const Workshop& w, const PlannedIn& in, const nets::Policy* policy, Agent* a) {
  const plan::PlannerKind& kind = plan::PlannerOf(w.settings.Of<MpcSettings>().planner);
  return a->Act(std::make_unique<MpcController>(*in.model, in.simulator, kind.make(policy)));
}

Agent Mpc(const Workshop& w) {
  Agent a;
  const PlannedIn in = AddModel(w, &a);
  a.arbiter = Always(ActPlanned(w, in, nullptr, &a), a.model);
  return a;
}

// SAC learns from recorded steps and is asked first; a model that learns from them too has the last word.
Agent Hybrid(const Workshop& w) {
  Agent a;
  const PlannedIn in = AddModel(w, &a);
  auto* sac = a.Add(NewSac(w));
  a.lanes.push_back({sac});
  const Controller *alone = a.Act(sac), *with_model = ActPlanned(w, in, &sac->policy(), &a);
  a.arbiter = OnceTrained(*in.model, alone, with_model);
  return a;
}

std::vector<nets::Phase> PhasesOfImitation() {
  return {{MpcInfo().id, "planning"}, {learn::CloneInfo().id, "imitation"}, {learn::PpoInfo().id, "fine-tuning"}};
}

// Plans, until a clone of the planner takes over; where that has been, the planner says what it would have done, in the
// model that it planned in. Then a learner without model goes on from the clone.
Agent Imitation(const Workshop& w) {
  Agent a;
  const PlannedIn in = AddModel(w, &a);
  const plan::PlannerKind& kind = plan::PlannerOf(w.settings.Of<MpcSettings>().planner);
  auto labels = std::make_unique<MpcController>(*in.model, nullptr, kind.make(nullptr));
  auto* clone = a.Add(NewClone(w, std::make_unique<PlanningExpert>(std::move(labels))));
  auto* ppo = a.Add(NewPpo(w));
  ppo->StartFrom(*clone);
  a.keeps_latents = true;
  // One after the other: the labels are of the model, and PPO begins with what the clone is.
  a.lanes = {{in.model, clone, ppo}};
  a.rests.push_back({in.model, [](const nets::Standing& now) {
                       return now.picked > 0 && now.picked + 1 >= now.settings.Of<PhasesSettings>().clone_at;
                     }});
  const auto clone_at = [](const config::Settings& s) { return s.Of<PhasesSettings>().clone_at; };
  const auto fine_tune_at = [](const config::Settings& s) { return s.Of<PhasesSettings>().fine_tune_at; };
  const Controller *cloned = a.Act(clone), *tuned = a.Act(ppo), *planner = ActPlanned(w, in, nullptr, &a);
  a.arbiter = InTurn({{nullptr, planner}, {clone_at, cloned}, {fine_tune_at, tuned}});
  a.phases = PhasesOfImitation();
  return a;
}

// Of the models and planners that it could have, those that it does not.
std::vector<std::string> Idle(const config::Settings& settings) {
  const MpcSettings& s = settings.Of<MpcSettings>();
  std::vector<std::string> idle;
  for (const auto& info : Models())
    if (s.model != info().id) idle.push_back(info().id);
  for (const plan::PlannerKind& kind : plan::Planners())
    if (s.planner != kind.id) idle.push_back(kind.id);
  return idle;
}

std::vector<const nets::PartInfo& (*)()> Parts() {
  std::vector<const nets::PartInfo& (*)()> parts = Models();
  parts.push_back(MpcInfo);
  return parts;
}

// `by_policy`: of planners that begin with a policy, or of the others.
std::vector<std::string> Sections(bool by_policy) {
  std::vector<std::string> sections = {MpcSettings::kSection};
  for (const auto& info : Models())
    if (info().kind == nets::PartInfo::Kind::kModel) sections.push_back(info().id);
  for (const plan::PlannerKind& kind : plan::Planners())
    if (kind.by_policy == by_policy) sections.push_back(kind.id);
  return sections;
}

Recipe HybridLearning(const char* name, const char* title, const char* sentence, const char* deviation,
                      config::Overrides settings) {
  std::vector<const nets::PartInfo& (*)()> parts = Models();
  parts.insert(parts.end(), {learn::SacInfo, MpcInfo});
  std::vector<std::string> sections = Sections(true);
  sections.emplace_back(learn::SacSettings::kSection);
  return {name,
          title,
          name,
          sentence,
          "Abraham, Broad, Pinosky, Argall, Murphey 2020; Pinosky, Abraham, Broad, Argall, Murphey 2023",
          deviation,
          parts,
          sections,
          std::move(settings),
          Hybrid,
          Idle};
}

Recipe Imitating() {
  std::vector<const nets::PartInfo& (*)()> parts = Models();
  parts.insert(parts.end(), {learn::CloneInfo, learn::PpoInfo, MpcInfo});
  std::vector<std::string> sections = Sections(false);
  sections.insert(sections.end(), {PhasesSettings::kSection, learn::CloneSettings::kSection, "ppo"});
  return {"mb-mf",
          "MB-MF",
          "MB-MF",
          "Plans with a model first, then a policy copies the planner, then PPO goes on from there without the model.",
          "Nagabandi, Kahn, Fearing, Levine 2018; labels of visited states as Ross, Gordon, Bagnell 2011 have it",
          "PPO that stops at a KL in place of TRPO; its value is trained alone at first. The model learns rewards as "
          "well, from all data alike and without noise on them; mlp.loss_steps says over how many steps.",
          parts,
          sections,
          {{"mpc.planner", "cem"}, {"ppo.start_sd", "0.5"}, {"ppo.value_first", "2"}, {"ppo.target_kl", "0.05"}},
          Imitation,
          Idle,
          PhasesOfImitation};
}

// The same with other settings before anybody sets anything.
Recipe Planning(const char* name, const char* title, const char* sentence, const char* source, const char* deviation,
                config::Overrides settings) {
  return {name, title, name, sentence, source, deviation, Parts(), Sections(false), std::move(settings), Mpc, Idle};
}

constexpr const char* kBetweenEpisodes =
    "The model is fitted between episodes. All candidates share particles and noise, and a plan counts no reward from "
    "behind the end of the episode.";
constexpr const char* kLecture = "Levine 2023, lectures on model-based reinforcement learning";

}  // namespace

std::vector<Recipe> PlanningFamily() {
  return {
      Planning(
          "mpc", "Model predictive control",
          "Plans in a model that it learns, or in the true simulator, acts the beginning of the plan and plans again.",
          "Rubinstein 1999; Kocsis, Szepesvari 2006; Williams and others 2017; Nagabandi, Kahn, Fearing, Levine 2018",
          kBetweenEpisodes, {}),
      Planning("mpc-0.5", "Planning once, from random data",
               "Fits a model to random episodes, once, and trusts it: a whole episode is planned at its beginning and "
               "acted blindly.",
               kLecture, "The plan is made by the cross-entropy method.",
               {{"mpc.replan", "0"}, {"mpc.horizon", "to_end"}, {"mpc.data", "random"}}),
      Planning("mpc-1.0", "Planning once an episode",
               "Plans a whole episode at its beginning and acts it blindly; then fits its model to that episode too.",
               kLecture, "The plan is made by the cross-entropy method.",
               {{"mpc.replan", "0"}, {"mpc.horizon", "to_end"}}),
      Planning(
          "mpc-1.5", "Planning again and again",
          "Acts only the beginning of every plan before it plans again from where it really is, and fits its model "
          "after every episode.",
          kLecture, "The model is fitted after whole episodes.", {{"mpc.replan", "1"}}),
      Planning(
          "pets", "PETS",
          "Plans in an ensemble of probabilistic networks that knows what it does not know, averages over its "
          "particles, acts the beginning of the plan and plans again.",
          "Chua, Calandra, McAllister, Levine 2018",
          "Rewards are learned as well, observations are the task's own, all candidates share particles and noise, "
          "and the model is fitted by a number of steps instead of passes over the data.",
          {{"mpc.model", "ensemble"}, {"mpc.planner", "cem"}, {"mpc.particles", "20"}}),
      HybridLearning("hybrid", "Hybrid learning",
                     "At every step a model re-weights what SAC's policy would try, and acts the weighted mean.",
                     "The model is fitted by squared error and after whole episodes, as SAC is. mix.unit says what "
                     "returns are weighed in.",
                     {{"mpc.planner", "mix"}, {"mpc.knots", "10"}}),
      HybridLearning(
          "hybrid-d", "Hybrid learning, deterministic",
          "At every step a model's gradient pushes what SAC's policy would do, as far as its spread allows.",
          "The model is fitted by squared error and after whole episodes, as SAC is. Steps are multiplied by "
          "the policy's variance, rewards counted in their spread.",
          {{"mpc.planner", "nudge"}, {"mpc.knots", "10"}}),
      Imitating(),
  };
}

}  // namespace equipoise::agent
