// The list of agents against the rest of the program, and what each recipe is made of.
#include "engine/agent/recipes.h"

#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "engine/config/config_file.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "tests/engine/eps/two_policies.h"

namespace equipoise::agent {
namespace {

config::Settings Small(const char* agent) {
  config::Settings s = config::DefaultsOf(agent);
  auto& mb = s.Of<learn::ModelBasedSettings>();
  s.Of<model::DropoutLstmSettings>().hidden = mb.hidden = mb.value_hidden = s.Of<learn::SacSettings>().hidden = 8;
  return s;
}

TEST(Recipes, AreTheAgentsThatCanBeSet) {
  for (const Recipe& recipe : Recipes()) {
    config::Settings s;
    EXPECT_TRUE(config::SetFromText(s, "run.agent", recipe.name).ok()) << recipe.name;
    EXPECT_EQ(FindRecipe(recipe.name), &recipe);
    EXPECT_NE(std::string(recipe.title), "");
    EXPECT_EQ(std::string(recipe.sentence).back(), '.');
    EXPECT_TRUE(std::regex_search(recipe.source, std::regex("[A-Z].* (19|20)[0-9][0-9]"))) << recipe.name;  // who, when
    EXPECT_EQ(config::DefaultsOf(recipe.name).run.agent, recipe.name);  // and what it sets can be set
  }
  config::Settings s;
  const Status refused = config::SetFromText(s, "run.agent", "nobody");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(FindRecipe("nobody"), nullptr);
}

TEST(Recipes, TrainEveryPartOnceAndNameEachDifferently) {
  const learn::StartPool starts({0.0f, 0.0f, 0.0f}, 3);
  for (const Recipe& recipe : Recipes()) {
    const config::Settings s = Small(recipe.name);
    const Agent agent = recipe.make({s, *learn::FindBackend("cpu").value(), starts, 3, 1, {}});
    std::multiset<const nets::Trainable*> trained, parts;
    std::set<std::string> ids;
    for (const auto& lane : agent.lanes) trained.insert(lane.begin(), lane.end());
    for (const auto& part : agent.parts) {
      parts.insert(part.get());
      EXPECT_TRUE(ids.insert(part->id()).second) << recipe.name << " has two parts " << part->id();
    }
    EXPECT_EQ(trained, parts) << recipe.name;
    EXPECT_FALSE(agent.controllers.empty());
    std::vector<std::string> preferred, candidates;  // as their kinds say, and as they are
    const nets::PartList known = PartsOf(recipe.name);
    for (const nets::PartInfo* part : known.Learners()) preferred.push_back(part->id);
    for (const auto& controller : agent.controllers) {
      candidates.push_back(controller->id());
      const nets::PartInfo* part = known.Find(controller->id());
      ASSERT_NE(part, nullptr);
      ASSERT_EQ(controller->policy() != nullptr, part->new_policy != nullptr) << controller->id();
      if (controller->policy() != nullptr) {
        EXPECT_EQ(controller->policy()->states(), 3);
      }
      EXPECT_EQ(agent.Find(PickOf(controller.get())), controller.get());
    }
    EXPECT_EQ(candidates, preferred) << recipe.name;
    EXPECT_EQ(agent.Find(eps::Pick()), agent.random.get());
    EXPECT_EQ(agent.Find(eps::Pick::Of("nobody")), nullptr);
    // What is known of the parts without making them is what they are.
    EXPECT_TRUE(agent.Parts().SameIds(known)) << recipe.name;
    EXPECT_NE(agent.arbiter, nullptr);
  }
}

// A learner inside another recipe is the same learner: same id, same initial weights.
TEST(Recipes, MakeTheSameLearnersWhereverTheyStand) {
  const learn::StartPool starts({0.0f, 0.0f, 0.0f}, 3);
  const auto weights = [&](const char* name, eps::Pick pick) {
    const config::Settings s = Small(name);
    return FindRecipe(name)
        ->make({s, *learn::FindBackend("cpu").value(), starts, 3, 1, {}})
        .Find(pick)
        ->policy()
        ->net.values;
  };
  EXPECT_EQ(weights("unified", test::Free()), weights("sac", test::Free()));
  EXPECT_EQ(weights("unified", test::Based()), weights("mbrl", test::Based()));
  EXPECT_NE(weights("unified", test::Free()), weights("unified", test::Based()));
}

}  // namespace
}  // namespace equipoise::agent
