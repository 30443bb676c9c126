#include "engine/agent/recipes.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/agent/recipes/families.h"

namespace equipoise::agent {

const std::vector<Recipe>& Recipes() {
  static const std::vector<Recipe> recipes = [] {
    std::vector<Recipe> all;
    for (std::vector<Recipe> family : {UnifiedFamily(), ModelFreeFamily(), ModelBasedFamily(), PlanningFamily()})
      std::move(family.begin(), family.end(), std::back_inserter(all));
    return all;
  }();
  return recipes;
}

const Recipe* FindRecipe(const std::string& name) {
  const auto found = std::find_if(Recipes().begin(), Recipes().end(), [&](const Recipe& r) { return name == r.name; });
  return found != Recipes().end() ? &*found : nullptr;
}

nets::PartList PartsOf(const config::Settings& settings) {
  const Recipe* recipe = FindRecipe(settings.run.agent);
  std::vector<nets::PartInfo> parts;
  if (recipe != nullptr)
    for (const auto& info : recipe->parts)
      if (!IsIdle(*recipe, info().id, settings)) parts.push_back(info());
  return nets::PartList(std::move(parts),
                        recipe != nullptr && recipe->phases != nullptr ? recipe->phases() : std::vector<nets::Phase>());
}

nets::PartList PartsOf(const std::string& agent) { return PartsOf(config::DefaultsOf(agent)); }

bool IsIdle(const Recipe& recipe, const std::string& id, const config::Settings& settings) {
  if (recipe.idle == nullptr) return false;
  const std::vector<std::string> idle = recipe.idle(settings);
  return std::find(idle.begin(), idle.end(), id) != idle.end();
}

}  // namespace equipoise::agent
