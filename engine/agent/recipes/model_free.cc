// Agents of one learner that learns from recorded steps alone.
#include "engine/agent/controllers/encoded.h"
#include "engine/agent/controllers/greedy.h"
#include "engine/agent/recipes/families.h"
#include "engine/learn/alm/alm_settings.h"
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

// One deterministic actor, with noise on it.
Agent NoisyMeanAlone(const Workshop& w, const nets::PartInfo& info) {
  Agent a;
  auto* td3 = a.Add(NewTd3(w, info));
  a.lanes = {{td3}};
  a.arbiter = Always(a.Act(NewNoisyMean(w, *td3)), nullptr);
  return a;
}
Agent Td3Alone(const Workshop& w) { return NoisyMeanAlone(w, learn::Td3Info()); }
Agent DdpgAlone(const Workshop& w) { return NoisyMeanAlone(w, learn::DdpgInfo()); }

Agent PpoAlone(const Workshop& w) {
  Agent a;
  auto* ppo = a.Add(NewPpo(w));
  a.keeps_latents = true;
  a.lanes = {{ppo}};
  a.arbiter = Always(a.Act(ppo), nullptr);
  return a;
}

Agent AlmAlone(const Workshop& w) {
  Agent a;
  auto* alm = a.Add(std::make_unique<learn::AlmLearner>(w.states, w.actions, w.settings, w.backend.parts()));
  a.lanes = {{alm}};
  a.arbiter = Always(a.Act(std::make_unique<Encoded>(*alm, w.settings)), nullptr);
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
      {"td3",
       "TD3",
       "TD3",
       "DDPG with three repairs: two critics, smoothed targets, a slower actor.",
       "Fujimoto, van Hoof, Meger 2018",
       "All updates happen between episodes: as many as the episode had steps, times td3.updates_per_step.",
       {learn::Td3Info},
       {"td3"},
       {},
       Td3Alone},
      {"ddpg",
       "DDPG",
       "DDPG",
       "One deterministic actor climbs one critic; noise is added only to explore.",
       "Lillicrap, Hunt, Pritzel, Heess, Erez, Tassa, Silver, Wierstra 2015, as tuned by Fujimoto, van Hoof, Meger "
       "2018",
       "All updates happen between episodes: as many as the episode had steps, times ddpg.updates_per_step.",
       {learn::DdpgInfo},
       {"ddpg"},
       {},
       DdpgAlone},
      {"ppo",
       "PPO",
       "PPO",
       "Learns only from its own newest episodes and never moves far in one go.",
       "Schulman, Wolski, Dhariwal, Radford, Klimov 2017; advantages of Schulman, Moritz, Levine, Jordan, Abbeel 2016",
       "It learns once in ppo.batch_steps steps, so a few hundred episodes are a few dozen updates and hardly show. "
       "Its actions are squashed by tanh, so that they can be imagined; time limits count as none.",
       {learn::PpoInfo},
       {"ppo"},
       {},
       PpoAlone},
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
      {"alm",
       "ALM",
       "ALM",
       "Learns an encoder, a model of what is encoded and an actor on one objective: a lower bound on the return.",
       "Ghugare, Bharadhwaj, Eysenbach, Levine, Salakhutdinov 2022",
       "All updates happen between episodes, and what is fitted over several steps never crosses an episode's end. The "
       "noise on actions falls over a share of run.episodes. Reward, classifier and critics have layer normalisation "
       "and ReLU in every layer, and learn from the same latents as the actor. It acts on latents, so it can neither "
       "be imagined nor checked.",
       {learn::AlmInfo},
       {learn::AlmSettings::kSection},
       {},
       AlmAlone},
  };
}

}  // namespace equipoise::agent
