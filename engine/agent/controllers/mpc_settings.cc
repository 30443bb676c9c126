#include "engine/agent/controllers/mpc_settings.h"

#include "engine/config/section.h"
#include "engine/env/task.h"
#include "engine/plan/planners.h"
#include "engine/plan/uct.h"

namespace equipoise::agent {
namespace {

// A tree tries every combination of levels.
Status FewBranches(const config::Settings& settings) {
  const int levels = settings.Of<plan::UctSettings>().levels, actions = env::ActionSizeOf(settings.run.task);
  if (actions == 0) return {};  // a task file that nobody has read yet: whoever makes the task finds out
  const int64_t count = plan::ActionGrid{levels, actions}.Count();
  if (count <= plan::kMostBranches) return {};
  return Error{"mpc.planner = uct tries every combination of uct.levels = " + config::ToText(levels) +
               " levels of the " + std::to_string(actions) + " numbers of an action of " + settings.run.task + ": " +
               std::to_string(count) + ", more than the " + std::to_string(plan::kMostBranches) +
               " that a tree can be grown of; take another planner" +
               (plan::ActionGrid{2, actions}.Count() <= plan::kMostBranches ? ", or fewer levels" : "")};
}

// What a planner needs of the agent, and of the model that it plans in.
Status Fits(const MpcSettings& s, const config::Settings& settings) {
  const plan::PlannerKind& kind = plan::PlannerOf(s.planner);
  const std::string& agent = settings.run.agent;
  const std::string usual = config::DefaultsOf(agent).Of<MpcSettings>().planner;
  const std::string here = "mpc.planner = " + s.planner;
  if (kind.by_policy != plan::PlannerOf(usual).by_policy)
    return Error{here +
                 (kind.by_policy ? " begins with what a policy would do, and agent " + agent + " has none for it"
                                 : " has no use for the policy that agent " + agent + " learns") +
                 "; its own is " + usual};
  if (kind.by_policy && s.hold > 1)
    return Error{here + " lets a policy act anew in every step; mpc.hold = " + config::ToText(s.hold) +
                 " would hold its actions: set it to 1"};
  if (kind.by_gradients && (s.model == "simulator" || s.model == "model"))
    return Error{here + " follows the gradients of a model that remembers nothing; mpc.model = " + s.model +
                 " is none: take mlp or ensemble"};
  return {};
}

Status Relations(const MpcSettings& s, const config::Settings& settings) {
  if (Status fits = Fits(s, settings); !fits) return fits;
  if (s.planner == plan::UctSettings::kSection)
    if (Status few = FewBranches(settings); !few) return few;
  if (s.horizon == "knots" && s.replan > s.knots * s.hold)
    return Error{"mpc.replan = " + config::ToText(s.replan) +
                 " is beyond the end of a plan: mpc.knots x mpc.hold = " + config::ToText(s.knots * s.hold) + " steps"};
  return {};
}

}  // namespace

config::Section MpcSection() {
  using S = MpcSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "planning",
      {
          {EQ_FIELD(planner),
           {"shooting", "cem", "mppi", "uct", "mix", "nudge"},
           kFixed,
           "who looks for the actions: random shooting, the cross-entropy method, path integral control, tree search; "
           "or, beside a policy that is learned, re-weighting what it would do, or pushing it"},
          {EQ_FIELD(model),
           {"mlp", "ensemble", "bayes", "model", "simulator"},
           kFixed,
           "what the plans are tried in: a deterministic network, an ensemble of probabilistic ones, one of uncertain "
           "weights, the dropout LSTM, or the true simulator, which no plan can be deceived by"},
          {EQ_FIELD(knots), 1, 10000, "knots", kEpisode, "free actions of a plan, one behind the other"},
          {EQ_FIELD(hold), 1, 1000, "steps", kEpisode, "environment steps that each of them is held for"},
          {EQ_FIELD(replan), 0, 10000, "steps", kEpisode,
           "a new plan after so many steps; 0: when the old one is at its end"},
          {EQ_FIELD(horizon),
           {"knots", "to_end"},
           kEpisode,
           "how far a plan reaches: mpc.knots x mpc.hold steps, or to the end of the episode"},
          {EQ_FIELD(particles), 1, 1000, "particles", kEpisode,
           "rollouts of each candidate, each under a belief and noise of its own, that its score is the mean of; a "
           "model without either takes one"},
          {EQ_FIELD(resample), kEpisode,
           "a particle's belief is drawn anew at every step (TS1) instead of being kept (TS-infinity); not in a model "
           "that remembers"},
          {EQ_FIELD(data),
           {"all", "random"},
           kFixed,
           "what the model is fitted to: all episodes so far, after each of them; or once, to the random ones"},
      },
      Relations);
}

}  // namespace equipoise::agent
