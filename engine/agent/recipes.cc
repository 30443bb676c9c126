#include "engine/agent/recipes.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/agent/recipes/families.h"

namespace equipoise::agent {

const std::vector<Recipe>& Recipes() {
  static const std::vector<Recipe> recipes = [] {
    std::vector<Recipe> all;
    for (std::vector<Recipe> family : {UnifiedFamily(), ModelFreeFamily(), ModelBasedFamily()})
      std::move(family.begin(), family.end(), std::back_inserter(all));
    return all;
  }();
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
