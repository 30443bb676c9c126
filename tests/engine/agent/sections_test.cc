// Which settings there are, and which of them an agent has.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/agent/controllers/mpc_settings.h"
#include "engine/agent/phases_settings.h"
#include "engine/agent/recipes.h"
#include "engine/config/section.h"
#include "engine/eps/check_settings.h"
#include "engine/learn/alm/alm_settings.h"
#include "engine/learn/clone_settings.h"
#include "engine/learn/expanded/value_expansion_settings.h"
#include "engine/learn/imagined/imagined_batch.h"
#include "engine/learn/imagined/imagined_pool_settings.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/naf/naf_settings.h"
#include "engine/learn/ppo_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/learn/svg/heess_settings.h"
#include "engine/learn/svg/svg_settings.h"
#include "engine/learn/table/table_settings.h"
#include "engine/learn/td3_settings.h"
#include "engine/learn/trust_region.h"
#include "engine/model/dropout_lstm_settings.h"
#include "engine/model/feedforward/bayes_mlp_settings.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "engine/model/feedforward/deterministic_mlp_settings.h"
#include "engine/model/linear/linear_model_settings.h"
#include "engine/plan/cem.h"
#include "engine/plan/gradient_plan.h"
#include "engine/plan/mppi.h"
#include "engine/plan/policy_mppi.h"
#include "engine/plan/shooting.h"
#include "engine/plan/uct.h"

namespace equipoise::config {
namespace {

// Becomes whatever a member of a struct is.
struct Anything {
  template <class T>
  operator T() const;  // NOLINT: implicit on purpose
};

template <class S, class... Members>
constexpr auto TakesMembers(int) -> decltype(S{Members{}...}, true) {
  return true;
}
template <class S, class... Members>
constexpr bool TakesMembers(...) {
  return false;
}

// How many members the struct S has.
template <class S, class... Members>
constexpr size_t MembersOf() {
  if constexpr (TakesMembers<S, Members..., Anything>(0)) {
    return MembersOf<S, Members..., Anything>();
  } else {
    return sizeof...(Members);
  }
}

struct Three {
  int a = 1;
  std::string b;
  bool c = false;
};
static_assert(MembersOf<Three>() == 3, "members are counted");

const Section& Find(const std::string& id) {
  for (const Section& section : Sections())
    if (section.id == id) return section;
  ADD_FAILURE() << "there is no section " << id;
  return Sections().front();
}

std::vector<std::string> Ids(const std::vector<const Section*>& sections) {
  std::vector<std::string> ids;
  for (const Section* section : sections) ids.push_back(section->id);
  return ids;
}

// A table has a line for each member of its struct, and each line is about a member of its own.
template <class S>
void ExpectALineForEachMember(const std::string& id) {
  const Section& section = Find(id);
  EXPECT_EQ(section.specs.size(), MembersOf<S>()) << id;
  for (size_t i = 0; i < section.specs.size(); ++i) {
    Settings settings;
    EXPECT_TRUE(section.get(settings, i) == section.specs[i].fallback) << section.specs[i].key;
    Value other = section.specs[i].fallback;
    if (int* number = std::get_if<int>(&other)) *number += 1;
    if (double* number = std::get_if<double>(&other)) *number += 1;
    if (bool* flag = std::get_if<bool>(&other)) *flag = !*flag;
    if (std::string* text = std::get_if<std::string>(&other)) *text += "x";
    section.put(settings, i, other);
    for (size_t j = 0; j < section.specs.size(); ++j)
      EXPECT_TRUE(section.get(settings, j) == (j == i ? other : section.specs[j].fallback))
          << section.specs[i].key << " wrote " << section.specs[j].key;
  }
}

TEST(Sections, EveryMemberHasALineInTheTableAndEveryLineAMember) {
  ExpectALineForEachMember<RunSettings>("run");
  ExpectALineForEachMember<EnvSettings>("env");
  ExpectALineForEachMember<DistractorSettings>("distractors");
  ExpectALineForEachMember<LogSettings>("log");
  ExpectALineForEachMember<model::DropoutLstmSettings>("model");
  ExpectALineForEachMember<model::DeterministicMlpSettings>("mlp");
  ExpectALineForEachMember<model::BootstrapEnsembleSettings>("ensemble");
  ExpectALineForEachMember<model::BayesMlpSettings>("bayes");
  ExpectALineForEachMember<learn::ImaginedPoolSettings>("pool");
  ExpectALineForEachMember<learn::MixtureSettings>("mixture");
  ExpectALineForEachMember<learn::ModelBasedSettings>("mb");
  ExpectALineForEachMember<learn::SacSettings>("sac");
  ExpectALineForEachMember<learn::SvgSettings>("svg");
  ExpectALineForEachMember<learn::HeessSettings>("heess");
  ExpectALineForEachMember<learn::Td3Settings>("td3");
  ExpectALineForEachMember<learn::Td3Settings>("ddpg");
  ExpectALineForEachMember<learn::NafSettings>("naf");
  ExpectALineForEachMember<learn::PpoSettings>("ppo");
  ExpectALineForEachMember<learn::PpoSettings>("pg");
  ExpectALineForEachMember<learn::PpoSettings>("kl");
  ExpectALineForEachMember<learn::ValueExpansionSettings>("expansion");
  ExpectALineForEachMember<learn::ImagineSettings>("imagine");
  ExpectALineForEachMember<learn::TrustSettings>("trust");
  ExpectALineForEachMember<eps::CheckSettings>("eps");
  ExpectALineForEachMember<learn::TableSettings>("table");
  ExpectALineForEachMember<learn::AlmSettings>("alm");
  ExpectALineForEachMember<agent::MpcSettings>("mpc");
  ExpectALineForEachMember<plan::ShootingSettings>("shooting");
  ExpectALineForEachMember<plan::CemSettings>("cem");
  ExpectALineForEachMember<plan::MppiSettings>("mppi");
  ExpectALineForEachMember<plan::UctSettings>("uct");
  ExpectALineForEachMember<plan::PolicyMppiSettings>("mix");
  ExpectALineForEachMember<learn::CloneSettings>("clone");
  ExpectALineForEachMember<agent::PhasesSettings>("mbmf");
  ExpectALineForEachMember<plan::GradientPlanSettings>("nudge");
  ExpectALineForEachMember<model::LinearModelSettings>("linear");
  EXPECT_EQ(Sections().size(), 36u) << "the new one belongs into this list";
}

TEST(Sections, HaveNamesThatTellThemApart) {
  std::set<std::string> ids, titles, keys;
  for (const Section& section : Sections()) {
    EXPECT_TRUE(ids.insert(section.id).second) << section.id;
    EXPECT_TRUE(titles.insert(section.title).second) << section.title;
    for (const Spec& spec : section.specs) {
      EXPECT_TRUE(keys.insert(spec.key).second) << spec.key;
      EXPECT_EQ(spec.key.rfind(section.id + ".", 0), 0u) << spec.key;
    }
  }
  EXPECT_EQ(keys.size(), Table().size());
}

TEST(Sections, AnAgentHasThoseOfItsPartsOfItsArbiterAndTheCentralOnes) {
  EXPECT_EQ(Ids(SectionsOf("unified")),
            (std::vector<std::string>{"run", "env", "distractors", "model", "mb", "sac", "eps", "log"}));
  EXPECT_EQ(Ids(SectionsOf("sac")), (std::vector<std::string>{"run", "env", "distractors", "sac", "log"}));
  EXPECT_EQ(Ids(SectionsOf("mbrl")),
            (std::vector<std::string>{"run", "env", "distractors", "model", "mb", "eps", "log"}));
  EXPECT_EQ(SectionsOf("nobody").size(), Sections().size()) << "of an agent that is not known nothing is hidden";
  for (const agent::Recipe& recipe : agent::Recipes()) {
    const std::vector<std::string> ids = Ids(SectionsOf(recipe.name));
    for (const std::string& id : recipe.sections) EXPECT_FALSE(Find(id).central) << recipe.name << " names " << id;
    for (const auto& part : recipe.parts) {
      const int has = part().kind == nets::PartInfo::Kind::kGiven ? 0 : 1;  // what is given has nothing to be set
      EXPECT_EQ(std::count(ids.begin(), ids.end(), part().id), has) << recipe.name << ", settings of " << part().id;
    }
  }
}

// What is set where it changes nothing contradicts nothing.
TEST(Sections, ARelationHoldsWhereThePartIs) {
  struct Case {
    const char* agent;
    std::vector<std::pair<const char*, const char*>> changes;
    bool refused;
  };
  const Case cases[] = {
      {"unified", {{"mb.mode", "dreamer"}, {"env.horizon", "10"}}, true},
      {"mbrl", {{"mb.mode", "dreamer"}, {"env.horizon", "10"}}, true},
      {"sac", {{"mb.mode", "dreamer"}, {"env.horizon", "10"}}, false},
      {"sac", {{"sac.entropy_bonus", "0"}}, true},
      {"mbrl", {{"sac.entropy_bonus", "0"}}, false},
      {"sac", {{"distractors.longest_period", "2"}}, true},
      {"mbrl", {{"distractors.longest_period", "2"}}, true},
  };
  for (const Case& c : cases) {
    Settings settings;
    settings.run.agent = c.agent;
    for (const auto& [key, text] : c.changes) ASSERT_TRUE(SetFromText(settings, key, text).ok()) << key;
    EXPECT_EQ(!Validate(settings).ok(), c.refused) << c.agent << ", " << c.changes[0].first;
  }
}

TEST(Settings, AreAValue) {
  Settings a;
  a.Of<learn::SacSettings>().batch = 7;
  Settings b = a;
  b.Of<learn::SacSettings>().batch = 8;
  b.Of<learn::ModelBasedSettings>().mode = "dreamer";
  const Settings &ca = a, &cb = b;
  EXPECT_EQ(ca.Of<learn::SacSettings>().batch, 7);
  EXPECT_EQ(cb.Of<learn::SacSettings>().batch, 8);
  EXPECT_EQ(ca.Of<learn::ModelBasedSettings>().mode, "full") << "never written: as it is by default";
  a = b;
  EXPECT_EQ(ca.Of<learn::SacSettings>().batch, 8);
  EXPECT_EQ(ca.Of<learn::ModelBasedSettings>().mode, "dreamer");
  a = Settings();
  EXPECT_EQ(ca.Of<learn::SacSettings>().batch, learn::SacSettings().batch);
  EXPECT_EQ(cb.Of<learn::SacSettings>().batch, 8);
}

struct Impostor {
  static constexpr const char* kSection = "sac";
  int batch = 1;
};

TEST(Settings, OneStructHasASection) {
  Settings settings;
  settings.Of<learn::SacSettings>().batch = 7;
  EXPECT_THROW(settings.Of<Impostor>(), InternalError);
}

}  // namespace
}  // namespace equipoise::config
