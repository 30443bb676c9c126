// sections.cc: the settings of every part, and which of them an agent has: the one list that engine/config asks for.
#include <algorithm>

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
#include "engine/plan/planners.h"

namespace equipoise {
namespace {

std::vector<std::string> AgentNames() {
  std::vector<std::string> names;
  for (const agent::Recipe& recipe : agent::Recipes()) names.emplace_back(recipe.name);
  return names;
}

// Those of the planners behind that of planning.
std::vector<config::Section> WithPlanners(std::vector<config::Section> all) {
  auto at = std::find_if(all.begin(), all.end(),
                         [](const config::Section& s) { return s.id == agent::MpcSettings::kSection; });
  for (const plan::PlannerKind& kind : plan::Planners()) at = all.insert(at + 1, kind.section());
  return all;
}

}  // namespace

namespace config {

const std::vector<Section>& Sections() {
  static const std::vector<Section> sections = WithPlanners({RunSection(AgentNames()),
                                                             EnvSection(),
                                                             DistractorSection(),
                                                             model::DropoutLstmSection(),
                                                             model::DeterministicMlpSection(),
                                                             model::BootstrapEnsembleSection(),
                                                             model::BayesMlpSection(),
                                                             model::LinearModelSection(),
                                                             learn::ImaginedPoolSection(),
                                                             learn::MixtureSection(),
                                                             learn::ModelBasedSection(),
                                                             learn::SacSection(),
                                                             learn::SvgSection(),
                                                             learn::HeessSection(),
                                                             learn::Td3Section(),
                                                             learn::DdpgSection(),
                                                             learn::ValueExpansionSection(),
                                                             learn::NafSection(),
                                                             learn::PpoSection(),
                                                             learn::PgSection(),
                                                             learn::KlSection(),
                                                             learn::ImagineSection(),
                                                             learn::TrustSection(),
                                                             learn::TableSection(),
                                                             learn::AlmSection(),
                                                             learn::CloneSection(),
                                                             agent::MpcSection(),
                                                             agent::PhasesSection(),
                                                             eps::CheckSection(),
                                                             LogSection()});
  return sections;
}

std::vector<const Section*> SectionsOf(const std::string& name) {
  const agent::Recipe* recipe = agent::FindRecipe(name);
  const auto uses = [recipe](const std::string& id) {
    return std::find(recipe->sections.begin(), recipe->sections.end(), id) != recipe->sections.end();
  };
  std::vector<const Section*> out;
  for (const Section& section : Sections())
    if (section.central || recipe == nullptr || uses(section.id)) out.push_back(&section);
  return out;
}

std::vector<const Section*> SectionsOf(const Settings& settings) {
  const agent::Recipe* recipe = agent::FindRecipe(settings.run.agent);
  std::vector<const Section*> out = SectionsOf(settings.run.agent);
  const auto idle = [&](const Section* section) {
    return !section->central && recipe != nullptr && agent::IsIdle(*recipe, section->id, settings);
  };
  out.erase(std::remove_if(out.begin(), out.end(), idle), out.end());
  return out;
}

const Overrides& SettingsOfAgent(const std::string& name) {
  static const Overrides kNone;
  const agent::Recipe* recipe = agent::FindRecipe(name);
  return recipe != nullptr ? recipe->settings : kNone;
}

}  // namespace config
}  // namespace equipoise
