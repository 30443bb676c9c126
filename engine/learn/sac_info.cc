// What SAC is called, what it tells, and what can be wrong with it.
#include "engine/learn/sac.h"
#include "engine/learn/sac_settings.h"

namespace equipoise::learn {
namespace {

using nets::Finding;
using nets::Format;
using nets::Readings;

constexpr double kAlphaCollapsed = 1e-3;

std::vector<Finding> Findings(const Readings& r) {
  const config::Settings& s = r.settings;
  const SacSettings& sac = s.Of<SacSettings>();
  const double alpha = r.Last("sac.alpha");
  if (!sac.entropy_auto || sac.updates_per_step <= 0 || !(alpha < kAlphaCollapsed)) return {};
  return {{"sac.alpha-collapsed",
           Format("SAC's alpha has collapsed to %.2g: entropy is worth nothing to it any more. If it explores too "
                  "little, switch sac.entropy_auto off and set sac.entropy_bonus, or raise sac.target_entropy.",
                  alpha),
           {}}};
}

nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = "sac";
  info.title = info.name = info.short_name = "SAC";
  info.unit = "update";
  info.kind = nets::PartInfo::Kind::kModelFree;
  info.scalars = [](const config::Settings*) -> std::vector<std::string> {
    return {"sac.actor_gradient_norm",
            "sac.alpha",
            "sac.critic_gradient_norm",
            "sac.critic_loss",
            "sac.entropy",
            "sac.max_q",
            "sac.monte_carlo",
            "sac.monte_carlo_tail",
            "sac.q",
            "sac.q_acted",
            "sac.q_minus_return"};
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

}  // namespace

const nets::PartInfo& SacInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::learn
