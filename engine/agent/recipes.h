// recipes.h: the agents by name: what each is made of. One list (recipes.cc) of the families in recipes/; nothing
// registers itself.
#pragma once

#include <string>
#include <vector>

#include "engine/agent/agent.h"
#include "engine/learn/backend.h"

namespace equipoise::agent {

// What the parts of an agent are made from. What is borrowed outlives the agent.
struct Workshop {
  const config::Settings& settings;
  const learn::Backend& backend;
  const learn::StartPool& starts;
  int64_t states, actions;   // of the observation, distractors included where they are active from the start
  std::vector<int> wrapped;  // states that are angles
};

struct Recipe {
  const char* name;                                // as in the setting run.agent
  const char* title;                               // for people: "Unified RL"
  const char* short_title;                         // in a legend: "unified"
  const char* sentence;                            // what it does
  const char* source;                              // whose idea it is: authors and year
  const char* deviation;                           // where it is another than theirs; "" where nothing has to be said
  std::vector<const nets::PartInfo& (*)()> parts;  // those that `make` makes, in the same order
  std::vector<std::string> sections;               // of settings: its parts' and its arbiter's; central ones go unsaid
  config::Overrides settings;                      // what it sets before configuration files do
  Agent (*make)(const Workshop& workshop);
  // Of one that settings choose the parts of: those of `parts` and `sections`, by their ids, that these settings make no
  // use of. Null: they use all.
  std::vector<std::string> (*idle)(const config::Settings& settings) = nullptr;
  // Of one whose parts act in turn, in their order.
  std::vector<nets::Phase> (*phases)() = nullptr;
};

const std::vector<Recipe>& Recipes();
// Null: there is none of that name.
const Recipe* FindRecipe(const std::string& name);
// A part or a section of that recipe.
bool IsIdle(const Recipe& recipe, const std::string& id, const config::Settings& settings);
// What the parts of a run are called; none for an agent that this version does not have. By the agent alone: those that
// it has where nothing else is set.
nets::PartList PartsOf(const config::Settings& settings);
nets::PartList PartsOf(const std::string& agent);

}  // namespace equipoise::agent
