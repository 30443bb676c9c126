// What proximal policy optimisation is called, what it tells, and what can be wrong with it.
#include "engine/learn/ppo.h"

namespace equipoise::learn {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;
using nets::Trend;

constexpr double kOftenClipped = 0.5;  // of the rows
constexpr double kFarMoved = 0.1;      // nats
constexpr double kWideSpread = 1.5;    // of an action before tanh; it starts at 1

std::vector<Finding> Findings(const Readings& r) {
  const PpoSettings& s = r.settings.Of<PpoSettings>("ppo");
  if (s.epochs == 0 || s.lr <= 0) return {};
  std::vector<Finding> found;
  const std::vector<std::string> slower = Helping(
      {{true, "lower ppo.lr"}, {s.epochs > 1, "lower ppo.epochs"}, {s.target_kl <= 0, "set ppo.target_kl to 0.02"}});
  const double clipped = r.Mean("ppo.clipped"), kl = r.Mean("ppo.kl");
  if (clipped > kOftenClipped)
    found.push_back({"ppo.clipped",
                     Format("Of PPO's steps %.0f %% are of no use: the policy had moved beyond ppo.clip_ratio there.",
                            100 * clipped),
                     slower});
  else if (kl > kFarMoved)
    found.push_back(
        {"ppo.far",
         Format("PPO's policy moves by %.2g nats in one batch: its advantages are those of another policy.", kl),
         slower});
  if (const double explained = r.Mean("ppo.explained"); explained < 0)
    found.push_back({"ppo.value-unexplained",
                     Format("PPO's value explains nothing of what its episodes earned (%.2f of the variance; its mean "
                            "alone explains 0).",
                            explained),
                     Helping({{true, "raise ppo.value_weight"}, {true, "raise ppo.batch_steps"}})});
  const double sd = r.Mean("ppo.sd");
  if (sd > kWideSpread && r.TrendOf("ppo.sd") == Trend::kRising)
    found.push_back({"ppo.spread-grows",
                     Format("PPO's spread of actions grows and stands at %.2f before tanh: nothing that it earns tells "
                            "its actions apart.",
                            sd),
                     Helping({{true, "raise ppo.batch_steps"}, {true, "lower ppo.lr"}})});
  return found;
}

nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = "ppo";
  info.title = info.name = info.short_name = "PPO";
  info.unit = "gradient step";
  info.kind = nets::PartInfo::Kind::kModelFree;
  info.scalars = [](const config::Settings*) -> std::vector<std::string> {
    return {"ppo.clipped",   "ppo.clipped_share", "ppo.explained", "ppo.gathered", "ppo.gradient_norm",
            "ppo.kl",        "ppo.policy_loss",   "ppo.return_sd", "ppo.sd",       "ppo.sd_most",
            "ppo.step_size", "ppo.value",         "ppo.value_loss"};
  };
  info.new_policy = [](int64_t states, int64_t actions, const config::Settings& s) {
    return NewPpoPolicy("ppo", states, actions, s);
  };
  info.dials = [](const config::Settings&) -> std::vector<nets::Dial> {
    return {{"ppo.lr", "PPO step size", nets::Dial::kFirst}, {"ppo.epochs", "PPO passes", nets::Dial::kWork}};
  };
  info.step_sizes = [](const config::Settings& s) -> std::vector<std::string> {
    if (s.Of<PpoSettings>("ppo").epochs == 0) return {};
    return {"ppo.lr"};
  };
  info.findings = Findings;
  return info;
}

}  // namespace

const nets::PartInfo& PpoInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::learn
