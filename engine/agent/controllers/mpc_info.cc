#include "engine/agent/controllers/mpc_info.h"

#include <cmath>

#include "engine/agent/controllers/mpc_settings.h"
#include "engine/plan/planners.h"

namespace equipoise::agent {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;

constexpr double kExploited = 0.3;  // share of what is claimed that is not earned
constexpr double kJumps = 0.5;      // mean change of an action from plan to plan: of two random ones it is 2/3

std::vector<std::string> Scalars(const config::Settings* settings) {
  std::vector<std::string> names = {"mpc.claimed", "mpc.claimed_minus_realised", "mpc.clamped", "mpc.unsound"};
  // Of one plan an episode there is none to compare it with.
  const MpcSettings* s = settings != nullptr ? &settings->Of<MpcSettings>() : nullptr;
  if (s == nullptr || s->replan > 0 || s->horizon != "to_end") names.emplace_back("mpc.plan_change");
  for (const plan::PlannerKind& kind : plan::Planners())
    if (s == nullptr || s->planner == kind.id) names.insert(names.end(), kind.numbers.begin(), kind.numbers.end());
  return names;
}

std::vector<Finding> Findings(const nets::Readings& r) {
  const MpcSettings& s = r.settings.Of<MpcSettings>();
  std::vector<Finding> found;
  const double unsound = r.Last("mpc.unsound");
  if (unsound > 0)
    found.push_back({"mpc.unsound",
                     Format("%.0f plans of the last episode were to do nothing: the model gave no candidate a finite "
                            "return.",
                            unsound),
                     {"roll back to a checkpoint from before, where one was kept"},
                     true});
  const double gap = r.Mean("mpc.claimed_minus_realised"), claimed = r.Mean("mpc.claimed");
  if (gap > kExploited * std::fabs(claimed) && gap > 0)
    found.push_back({"mpc.exploits",
                     Format("The plans promise more than they earn: %.3g instead of %.3g an episode. They go where the "
                            "model errs.",
                            claimed, claimed - gap),
                     Helping({{r.goes_on, "wait for data"},
                              {s.replan != 1, "lower mpc.replan"},
                              {true, "raise mpc.particles"},
                              {s.knots > 1 && s.horizon == "knots", "lower mpc.knots"}})});
  const double change = r.Mean("mpc.plan_change");
  if (change > kJumps)
    found.push_back(
        {"mpc.jumps",
         Format("Each plan is another one: an action changes by %.2g on average from plan to plan.", change),
         Helping({{true, "more candidates or iterations of " + s.planner}})});
  for (Finding& f :
       plan::PlannerOf(s.planner).findings != nullptr ? plan::PlannerOf(s.planner).findings(r) : std::vector<Finding>())
    found.push_back(std::move(f));
  return found;
}

nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = "mpc";
  info.title = "planner";
  info.name = "the planner";
  info.short_name = "Plan";
  info.unit = "plan";
  info.kind = nets::PartInfo::Kind::kModelBased;
  info.plans = true;
  info.scalars = Scalars;
  info.findings = Findings;
  return info;
}

}  // namespace

const nets::PartInfo& MpcInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::agent
