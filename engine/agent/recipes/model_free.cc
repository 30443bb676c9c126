// Agents of one learner that learns from recorded steps alone.
#include "engine/agent/controllers/greedy.h"
#include "engine/agent/recipes/families.h"
#include "engine/learn/sac_settings.h"
#include "engine/learn/table/table_settings.h"

namespace equipoise::agent {
namespace {

Agent DynaTable(const Workshop& w) {
  Agent a;
  auto* table = a.Add(std::make_unique<learn::TableLearner>(w.settings));
  a.lanes = {{table}};
  a.arbiter = Always(a.Act(std::make_unique<Greedy>(*table, w.settings)), nullptr);
  return a;
}

Agent SacAlone(const Workshop& w) {
  Agent a;
  auto* sac = a.Add(NewSac(w));
  a.lanes = {{sac}};
  a.arbiter = Always(a.Act(sac), nullptr);
  return a;
}

}  // namespace

std::vector<Recipe> ModelFreeFamily() {
  return {
      {"sac",
       "SAC",
       "SAC",
       "Soft actor-critic alone: learns from recorded steps, without a model.",
       "Haarnoja, Zhou, Abbeel, Levine 2018; with the changes of Ball, Smith, Kostrikov, Levine 2023",
       "All updates happen between episodes: as many as the episode had steps, times sac.updates_per_step.",
       {learn::SacInfo},
       {learn::SacSettings::kSection},
       {},
       SacAlone},
      {"dyna-table",
       "Dyna, tabular",
       "Dyna",
       "Learns a table of action values, and replays a table of what followed what between real episodes.",
       "Sutton 1990; Watkins 1989 for the values",
       "A teaching agent: the cart-pole alone, cut into 2880 cells and three pushes that are held; values are planned "
       "between episodes instead of after each step.",
       {learn::TableInfo},
       {learn::TableSettings::kSection},
       {},
       DynaTable},
  };
}

}  // namespace equipoise::agent
