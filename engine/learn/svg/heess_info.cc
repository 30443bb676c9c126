// What value gradients along recorded steps are called, what they tell, and what can be wrong with them.
#include <cmath>

#include "engine/learn/svg/heess.h"
#include "engine/learn/svg/heess_settings.h"
#include "engine/learn/svg/svg_settings.h"

namespace equipoise::learn {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;

constexpr double kFarAway = 0.05;  // mean weight: what is recorded says little of the policy
constexpr double kAllCapped = 0.9;
constexpr double kWrongSpread = 3;  // times too wide, or too narrow
constexpr double kGrown = 1000;     // times along an episode

bool Frozen(const config::Settings& s) {
  const HeessSettings& own = s.Of<HeessSettings>();
  return s.Of<SvgSettings>().kind == "inf" ? own.steps <= 0 : own.updates_per_step <= 0;
}

std::vector<std::string> Scalars(const config::Settings* s) {
  std::vector<std::string> names = {"heess.actor_gradient_norm", "heess.alpha", "heess.entropy"};
  const std::string kind = s != nullptr ? s->Of<SvgSettings>().kind : "";
  if (kind != "inf") names.insert(names.end(), {"heess.value", "heess.value_loss"});
  if (kind.empty() || kind == "inf") names.insert(names.end(), {"heess.gathered", "heess.policy_noise"});
  if (kind != "0") {
    names.insert(names.end(), {"heess.value_gradient_first", "heess.value_gradient_last"});
    if (s == nullptr || s->Of<SvgSettings>().model == "ensemble")
      names.insert(names.end(), {"heess.model_noise", "heess.within_one", "heess.within_two"});
  }
  if (kind.empty() || kind == "1") names.insert(names.end(), {"heess.weight", "heess.weight_capped"});
  return names;
}

std::vector<Finding> Findings(const Readings& r) {
  if (Frozen(r.settings)) return {};
  std::vector<Finding> found;
  const HeessSettings& own = r.settings.Of<HeessSettings>();
  const double weight = r.Mean("heess.weight"), capped = r.Mean("heess.weight_capped");
  if (weight < kFarAway || capped > kAllCapped)
    found.push_back({"heess.far-from-data",
                     Format("Recorded actions count %.2g on average, and %.0f %% of them as much as they may: the "
                            "policy is far from what was done, and learns of it from a few steps alone.",
                            weight, 100 * capped),
                     Helping({{own.actor_lr > 0, "lower heess.actor_lr"},
                              {!own.entropy_auto, "raise heess.entropy_bonus"},
                              {own.entropy_auto && own.target_entropy < 0, "raise heess.target_entropy"}})});
  const double xi = r.Mean("heess.model_noise");
  if (xi > kWrongSpread || xi < 1 / kWrongSpread)
    found.push_back(
        {"heess.model-spread",
         Format("What happened lies %.2g of the model's standard deviations from its mean: its spread is %s.", xi,
                xi > 1 ? "too narrow" : "too wide"),
         {"raise ensemble.steps"}});
  const double first = r.Mean("heess.value_gradient_first"), last = r.Mean("heess.value_gradient_last");
  if (r.settings.Of<SvgSettings>().kind == "inf" && last > 0 && first > kGrown * last)
    found.push_back({"heess.exploding",
                     Format("What a change of state is worth grows from %.3g at the end of an episode to %.3g at its "
                            "start: gradients through whole episodes explode here.",
                            last, first),
                     {"lower heess.gamma", "start a run with svg.kind = 1 or h"}});
  return found;
}

std::vector<nets::PartChart> Charts() {
  return {
      {"noise",
       "Inferred noise",
       "sd",
       "Root mean square of the noise under which policy and model would have done what was recorded. 1: what "
       "happens is as spread as they say.",
       {{"heess.policy_noise", "policy"}, {"heess.model_noise", "model"}},
       nets::PartChart::kLinear,
       1},
      {"within",
       "Steps within the model's spread",
       "share",
       "Of the states that followed: a model whose spread is right has 0.68 of them within one standard deviation of "
       "its mean, and 0.95 within two.",
       {{"heess.within_one", "within 1 sd"}, {"heess.within_two", "within 2 sd"}},
       nets::PartChart::kShare},
      {"weights",
       "Weights of recorded actions",
       "times",
       "How much likelier the policy is to do now what was done then. Near 0: what is recorded says little of it.",
       {{"heess.weight", "mean"}, {"heess.weight_capped", "share at the cap"}}},
      {"value-gradient",
       "What a change of state is worth",
       "raw reward per sd of the state",
       "At the last recorded state, and at the first, to which it comes back through model and policy.",
       {{"heess.value_gradient_first", "first"}, {"heess.value_gradient_last", "last"}},
       nets::PartChart::kLogarithmic}};
}

nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = "heess";
  info.title = "value gradients";
  info.name = info.short_name = "SVG";
  info.unit = "update";
  info.kind = nets::PartInfo::Kind::kModelFree;
  info.scalars = Scalars;
  info.unit_of = [](const std::string& scalar, const config::Settings&, int) -> std::string {
    return scalar.rfind("heess.value_gradient_", 0) == 0 ? "raw reward per sd of the state" : "";
  };
  info.new_policy = NewHeessPolicy;
  info.dials = [](const config::Settings& s) -> std::vector<nets::Dial> {
    const bool whole = s.Of<SvgSettings>().kind == "inf";
    return {{"heess.entropy_bonus", "\xce\xb1", nets::Dial::kFirst},
            {whole ? "heess.steps" : "heess.updates_per_step", "Updates", nets::Dial::kWork}};
  };
  info.step_sizes = [](const config::Settings& s) -> std::vector<std::string> {
    if (Frozen(s)) return {};
    if (s.Of<SvgSettings>().kind == "inf") return {"heess.actor_lr"};
    return {"heess.value_lr", "heess.actor_lr"};
  };
  info.charts = Charts;
  info.findings = Findings;
  return info;
}

}  // namespace

const nets::PartInfo& HeessInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::learn
