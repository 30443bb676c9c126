#include "engine/plan/planners.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/plan/cem.h"
#include "engine/plan/gradient_plan.h"
#include "engine/plan/mppi.h"
#include "engine/plan/policy_mppi.h"
#include "engine/plan/shooting.h"
#include "engine/plan/uct.h"

namespace equipoise::plan {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;

template <class Kind>
std::unique_ptr<Planner> Make(const nets::Policy*) {
  return std::make_unique<Kind>();
}
template <class Kind>
std::unique_ptr<Planner> MakeByPolicy(const nets::Policy* policy) {
  EQ_CHECK(policy != nullptr, "a planner that begins with a policy, and there is none");
  return std::make_unique<Kind>(*policy);
}

constexpr double kNoSpread = 1e-9;
constexpr double kCollapsed = 0.02;       // share of the first round's standard deviation
constexpr double kOneAlone = 1.5;         // effective samples
constexpr double kHardlyPreferred = 1.1;  // times what an action would get if all were tried alike
constexpr double kAllAlike = 0.95;        // effective samples, as a share of the candidates
constexpr double kGrows = 0.3;            // of what is pushed: pushes that rise all along an episode give 0.5
constexpr double kMostPay = 0.5;          // of the switches to what was planned

std::vector<Finding> CemFindings(const Readings& r) {
  const CemSettings& s = r.settings.Of<CemSettings>();
  std::vector<Finding> found;
  const double scores = r.Mean("cem.score_spread"), elites = r.Mean("cem.elite_spread");
  if (scores < kNoSpread) {
    found.push_back({"cem.all-alike", "All candidates of the plans score the same: nothing can be planned.", {}});
  } else if (elites < kCollapsed * s.sd) {
    found.push_back(
        {"cem.collapsed",
         Format("The elites have become one: their spread ends at %.2g of the first round's.", elites / s.sd),
         Helping({{s.elites < s.candidates / 4, "raise cem.elites"},
                  {s.iterations > 2, "lower cem.iterations"},
                  {true, "raise cem.sd_floor"}})});
  }
  return found;
}

std::vector<Finding> MppiFindings(const Readings& r) {
  const MppiSettings& s = r.settings.Of<MppiSettings>();
  std::vector<Finding> found;
  const double effective = r.Mean("mppi.effective_samples");
  if (effective < kOneAlone && s.candidates > 2) {
    found.push_back({"mppi.one-alone",
                     Format("One candidate alone decides the plans: %.2g of %d count.", effective, s.candidates),
                     Helping({{true, "raise mppi.temperature"}})});
  } else if (effective > kAllAlike * s.candidates) {
    found.push_back({"mppi.all-alike",
                     Format("The scores hardly matter: %.0f of %d candidates count alike.", effective, s.candidates),
                     Helping({{s.temperature > 0, "lower mppi.temperature"}, {true, "raise mppi.sigma"}})});
  }
  return found;
}

std::vector<Finding> PolicyMppiFindings(const Readings& r) {
  const PolicyMppiSettings& s = r.settings.Of<PolicyMppiSettings>();
  std::vector<Finding> found;
  const double effective = r.Mean("mix.effective_samples");
  if (effective < kOneAlone && s.candidates > 2) {
    found.push_back({"mix.one-alone",
                     Format("One of the policy's ways alone decides: %.2g of %d count.", effective, s.candidates),
                     Helping({{true, "raise mix.temperature"}})});
  } else if (effective > kAllAlike * s.candidates) {
    found.push_back(
        {"mix.all-alike",
         Format("The model says nothing: %.0f of %d ways of the policy count alike.", effective, s.candidates),
         Helping({{s.temperature > 0, "lower mix.temperature"}, {true, "raise mpc.knots"}})});
  }
  return found;
}

std::vector<Finding> GradientPlanFindings(const Readings& r) {
  const GradientPlanSettings& s = r.settings.Of<GradientPlanSettings>();
  std::vector<Finding> found;
  const double pushed = r.Mean("nudge.du"), growth = r.Mean("nudge.growth"), pays = r.Mean("nudge.insertion_pays");
  if (growth > kGrows * pushed && pushed > 0)
    found.push_back({"nudge.grows",
                     Format("The pushes grow along the episode: at each plan they are %.2g above those before, of %.2g "
                            "on average.",
                            growth, pushed),
                     Helping({{s.lr > 0 && s.form == "descent", "lower nudge.lr"},
                              {s.reach == 0 || s.reach > 1, "set nudge.reach to 1"}})});
  if (pays < kMostPay)
    found.push_back(
        {"nudge.does-not-pay",
         Format("By the model's own word most pushes lose: %.0f %% of them would raise the return.", 100 * pays),
         Helping({{s.lr > 0 && s.form == "descent", "lower nudge.lr"},
                  {s.form == "descent", "set nudge.form to adjoint"}})});
  return found;
}

std::vector<Finding> UctFindings(const Readings& r) {
  std::vector<Finding> found;
  const double depth = r.Mean("uct.depth"), share = r.Mean("uct.visit_share");
  const UctSettings& s = r.settings.Of<UctSettings>();
  if (depth <= 1)
    found.push_back({"uct.shallow", "The tree never grows beyond its first actions.",
                     Helping({{true, "raise uct.simulations"}, {s.levels > 2, "lower uct.levels"}})});
  else if (share < kHardlyPreferred / s.levels)
    found.push_back({"uct.undecided",
                     Format("No action at the root is tried more than the others: the first one gets %.0f %% of the "
                            "simulations.",
                            100 * share),
                     Helping({{s.exploration > 0, "lower uct.exploration"}, {true, "raise uct.simulations"}})});
  return found;
}

}  // namespace

const std::vector<PlannerKind>& Planners() {
  static const std::vector<PlannerKind> all = {
      {ShootingSettings::kSection, Make<Shooting>, ShootingSection, {}, nullptr},
      {CemSettings::kSection, Make<Cem>, CemSection, {"cem.elite_spread", "cem.score_spread"}, CemFindings},
      {MppiSettings::kSection, Make<Mppi>, MppiSection, {"mppi.effective_samples"}, MppiFindings},
      {UctSettings::kSection, Make<Uct>, UctSection, {"uct.depth", "uct.visit_share"}, UctFindings},
      {PolicyMppiSettings::kSection,
       MakeByPolicy<PolicyMppi>,
       PolicyMppiSection,
       {"mix.effective_samples", "mix.moved"},
       PolicyMppiFindings,
       true},
      {GradientPlanSettings::kSection,
       MakeByPolicy<GradientPlan>,
       GradientPlanSection,
       {"nudge.du", "nudge.growth", "nudge.insertion", "nudge.insertion_pays"},
       GradientPlanFindings,
       true,
       true},
  };
  return all;
}

const PlannerKind& PlannerOf(const std::string& id) {
  const auto found =
      std::find_if(Planners().begin(), Planners().end(), [&](const PlannerKind& k) { return k.id == id; });
  EQ_CHECK(found != Planners().end(), "there is no planner " + id);
  return *found;
}

}  // namespace equipoise::plan
