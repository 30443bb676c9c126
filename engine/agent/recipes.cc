#include "engine/agent/recipes.h"

#include <algorithm>
#include <utility>

namespace equipoise::agent {
namespace {

using eps::Pick;

std::unique_ptr<model::DropoutLstm> NewModel(const Workshop& w) {
  Stream init(static_cast<uint64_t>(w.settings.run.seed), "init.model");
  return w.backend.NewModel(model::LstmSpecOf(w.settings, w.states, w.actions, w.wrapped), w.settings.model.dropout,
                            init);
}

Agent Unified(const Workshop& w) {
  Agent a;
  auto* model = a.Add(NewModel(w));
  auto* mb = a.Add(w.backend.NewModelBased(*model, w.starts, w.settings));
  auto* sac = a.Add(w.backend.NewSac(w.states, w.actions, w.settings));
  a.model = model;
  a.lanes = {{model, mb}, {sac}};
  const Candidate free{sac, Pick::kModelFree}, based{mb, Pick::kModelBased};
  a.candidates = {free, based};
  a.arbiter = AtLeastEvery(free, Undominated(*model, free, based));
  return a;
}

Agent SacAlone(const Workshop& w) {
  Agent a;
  auto* sac = a.Add(w.backend.NewSac(w.states, w.actions, w.settings));
  a.lanes = {{sac}};
  a.candidates = {{sac, Pick::kModelFree}};
  a.arbiter = Always(a.candidates.front(), nullptr);
  return a;
}

Agent ModelBasedAlone(const Workshop& w) {
  Agent a;
  auto* model = a.Add(NewModel(w));
  auto* mb = a.Add(w.backend.NewModelBased(*model, w.starts, w.settings));
  a.model = model;
  a.lanes = {{model, mb}};
  a.candidates = {{mb, Pick::kModelBased}};
  a.arbiter = Always(a.candidates.front(), model);
  return a;
}

}  // namespace

const std::vector<Recipe>& Recipes() {
  static const std::vector<Recipe> recipes = {
      {"unified", "Unified RL",
       "A policy trained in a Bayesian model acts where the model proves it better under every mask, SAC elsewhere.",
       Unified},
      {"sac", "SAC", "Soft actor-critic alone: learns from recorded steps, without a model.", SacAlone},
      {"mbrl", "Model-based RL", "The policy trained in the Bayesian model alone, acting in every episode.",
       ModelBasedAlone},
  };
  return recipes;
}

const Recipe* FindRecipe(const std::string& name) {
  const auto found = std::find_if(Recipes().begin(), Recipes().end(), [&](const Recipe& r) { return name == r.name; });
  return found != Recipes().end() ? &*found : nullptr;
}

}  // namespace equipoise::agent
