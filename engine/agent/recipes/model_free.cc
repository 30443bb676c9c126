// Agents of one learner that learns from recorded steps alone.
#include "engine/agent/recipes/families.h"
#include "engine/learn/sac_settings.h"

namespace equipoise::agent {
namespace {

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
  };
}

}  // namespace equipoise::agent
