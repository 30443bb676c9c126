// What SAC is called, what it tells, and what can be wrong with it.
#include <cmath>

#include "engine/learn/expanded/looking_ahead.h"
#include "engine/learn/imagined/imagined_pool_settings.h"
#include "engine/learn/sac.h"
#include "engine/learn/sac_settings.h"
#include "engine/learn/svg/svg_settings.h"

namespace equipoise::learn {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;

constexpr double kAlphaCollapsed = 1e-3;
constexpr double kGrown = 10;            // times: a derivative that is mostly made by the model's own
constexpr double kNearlyUniform = 0.66;  // nats an action; log 2 is the most there is

std::vector<Finding> Findings(const Readings& r) {
  const config::Settings& s = r.settings;
  const SacSettings& sac = s.Of<SacSettings>();
  if (sac.updates_per_step <= 0) return {};
  std::vector<Finding> found;
  const double alpha = r.Last("sac.alpha");
  if (sac.entropy_auto && alpha < kAlphaCollapsed)
    found.push_back(
        {"sac.alpha-collapsed",
         Format("SAC's alpha has collapsed to %.2g: entropy is worth nothing to it any more. If it explores too "
                "little, switch sac.entropy_auto off and set sac.entropy_bonus, or raise sac.target_entropy.",
                alpha),
         {}});
  // Told only where the value holds entropy.
  const double entropy = r.Mean("sac.entropy_per_action");
  if (entropy > kNearlyUniform)
    found.push_back({"sac.all-entropy",
                     Format("SAC acts nearly at random: %.2f nats an action of at most %.2f. At %.2g a nat entropy is "
                            "worth more to it than its reward.",
                            entropy, std::log(2.0), alpha),
                     Helping({{!sac.entropy_auto, "lower sac.entropy_bonus"},
                              {sac.entropy_auto, "raise sac.entropy_lr"},
                              {sac.entropy_auto && sac.target_entropy > -1, "lower sac.target_entropy"}})});
  const double q = r.Mean("sac.q") - std::fmax(0.0, alpha * r.Mean("sac.entropy")) / (1 - sac.gamma),
               best = r.Mean("sac.best_return");
  if (q > best + std::fabs(best))
    found.push_back({"sac.overestimates",
                     Format("SAC values its own actions at %.3g on average, entropy apart, and the best that was ever "
                            "recorded is worth %.3g: its critics overestimate them.",
                            q, best),
                     Helping({{sac.critic_lr > 0, "lower sac.critic_lr"}, {sac.tau > 0, "lower sac.tau"}})});
  return found;
}

nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = "sac";
  info.title = info.name = info.short_name = "SAC";
  info.unit = "update";
  info.kind = nets::PartInfo::Kind::kModelFree;
  info.scalars = [](const config::Settings* s) {
    std::vector<std::string> names = {"sac.actor_gradient_norm",
                                      "sac.alpha",
                                      "sac.critic_gradient_norm",
                                      "sac.critic_loss",
                                      "sac.entropy",
                                      "sac.max_q",
                                      "sac.q"};
    const bool soft = s != nullptr && s->Of<SacSettings>().entropy_in_target;
    if (s == nullptr || !soft)
      names.insert(names.end(), {"sac.monte_carlo", "sac.monte_carlo_tail", "sac.q_acted", "sac.q_minus_return"});
    if (s == nullptr || soft) names.insert(names.end(), {"sac.best_return", "sac.entropy_per_action"});
    if (s == nullptr || s->Of<MixtureSettings>().unit == "update") names.emplace_back("sac.imagined_critic_loss");
    return names;
  };
  info.new_policy = NewSacPolicy;
  info.dials = [](const config::Settings&) -> std::vector<nets::Dial> {
    return {{"sac.entropy_bonus", "\xce\xb1 model-free", nets::Dial::kFirst},
            {"sac.updates_per_step", "SAC updates", nets::Dial::kWork}};
  };
  info.step_sizes = [](const config::Settings& s) -> std::vector<std::string> {
    if (s.Of<SacSettings>().updates_per_step <= 0) return {};
    return {"sac.critic_lr", "sac.actor_lr"};
  };
  info.findings = Findings;
  return info;
}

// What an actor that climbs a model tells besides.
std::vector<std::string> ScalarsClimbing(const config::Settings* s) {
  std::vector<std::string> names = SacInfo().scalars(s);
  const int horizon = s != nullptr ? s->Of<SvgSettings>().horizon : kLongestClimb;
  if (horizon > 1) names.emplace_back("sac.clamped_fraction");
  for (int i = 1; i < horizon; ++i) names.push_back("sac.value_gradient_" + std::to_string(i));
  return names;
}

std::vector<Finding> FindingsClimbing(const Readings& r) {
  std::vector<Finding> found = Findings(r);
  const SvgSettings& s = r.settings.Of<SvgSettings>();
  if (s.horizon < 2 || r.settings.Of<SacSettings>().updates_per_step <= 0) return found;
  const double leaves = r.Mean("sac.clamped_fraction");
  if (leaves >= nets::kLeavesDataShare)
    found.push_back({"sac.climbs-beyond-data",
                     Format("%.1f %% of the state entries that SAC's actor is trained at lie beyond anything recorded: "
                            "it climbs what the model makes up.",
                            100 * leaves),
                     {"lower svg.horizon"}});
  const double first = r.Mean("sac.value_gradient_1"),
               last = r.Mean("sac.value_gradient_" + std::to_string(s.horizon - 1));
  if (s.horizon > 2 && last > 0 && first > kGrown * last)
    found.push_back(
        {"sac.value-gradient-grows",
         Format("What a change of state is worth grows from %.3g to %.3g on its way back through the model: "
                "SAC's actor follows the model's derivatives, not the critics'.",
                last, first),
         {"lower svg.horizon"}});
  return found;
}

}  // namespace

const nets::PartInfo& ClimbingSacInfo() {
  static const nets::PartInfo info = [] {
    nets::PartInfo ahead = SacInfo();
    ahead.title = "SAC through a model";
    ahead.scalars = ScalarsClimbing;
    ahead.unit_of = [](const std::string& scalar, const config::Settings&, int) -> std::string {
      return scalar.rfind("sac.value_gradient_", 0) == 0 ? "raw reward per sd of the state" : "";
    };
    ahead.dials = [](const config::Settings& s) {
      std::vector<nets::Dial> dials = SacInfo().dials(s);
      dials.push_back({"svg.horizon", "Look-ahead", nets::Dial::kOften});
      return dials;
    };
    ahead.findings = FindingsClimbing;
    return ahead;
  }();
  return info;
}

const nets::PartInfo& ExpandedSacInfo() {
  static const nets::PartInfo info = [] {
    nets::PartInfo ahead = SacInfo();
    ahead.title = "SAC that looks ahead";
    ahead.scalars = [](const config::Settings* s) {
      std::vector<std::string> names = SacInfo().scalars(s);
      AddScalarsAhead("sac", s, &names);
      return names;
    };
    ahead.charts = [] {
      std::vector<nets::PartChart> charts;
      AddChartsAhead("sac", &charts);
      return charts;
    };
    ahead.findings = [](const Readings& r) {
      std::vector<Finding> found = Findings(r);
      AddFindingsAhead("sac", r, &found);
      return found;
    };
    ahead.dials = [](const config::Settings& s) {
      std::vector<nets::Dial> dials = SacInfo().dials(s);
      AddDialsAhead(&dials);
      return dials;
    };
    return ahead;
  }();
  return info;
}

const nets::PartInfo& SacInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::learn
