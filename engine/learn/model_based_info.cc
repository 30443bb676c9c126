// What the model-based learner is called, what it tells, and what can be wrong with it.
#include <cmath>

#include "engine/learn/model_based.h"
#include "engine/learn/model_based_settings.h"

namespace equipoise::learn {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;
using nets::Trend;
using nets::Trouble;

constexpr double kClippedShare = 0.9;  // of the gradient steps
constexpr double kLargeNorm = 500;     // times the limit

bool ThroughShortOnes(const config::Settings& s) { return s.Of<ModelBasedSettings>().mode == "dreamer"; }
bool PolicyLearns(const config::Settings& s) {
  const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
  return mb.steps > 0 && mb.lr > 0;
}

// Clipping alone is normal (Adam undoes a common factor), so what it imagines to earn must say so too.
std::vector<Finding> Findings(const Readings& r) {
  const config::Settings& s = r.settings;
  const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
  const double share = r.Mean("mb.clipped_share"), norm = r.Mean("mb.gradient_norm"), limit = mb.clip;
  if (!PolicyLearns(s) || !(limit > 0 && share >= kClippedShare && norm >= kLargeNorm * limit)) return {};
  if (r.TrendOf("mb.imagined_return") == Trend::kRising) return {};
  std::string what = Format(
      "Gradients of the model-based policy are clipped in %.0f %% of the steps, from a norm of %.3g to %.3g, and what "
      "it imagines to earn does not rise.",
      100 * share, norm, limit);
  if (ThroughShortOnes(s))
    return {{"mb.exploding", what, Helping({{true, "lower mb.lr"}, {mb.value_lr > 0, "lower mb.value_lr"}})}};
  what += " Back-propagation through whole trajectories explodes here.";
  return {{"mb.exploding", what, {"start a run with mb.mode = dreamer or a shorter env.horizon"}}};
}

std::vector<std::string> Remedies(const Readings& r, Trouble trouble) {
  const config::Settings& s = r.settings;
  const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
  // The check imagines other policies as well: where it is not this one that leaves the data, only data of theirs help.
  const bool here = PolicyLearns(s) && !(r.Mean("mb.clamped_fraction") < nets::kLeavesDataShare);
  if (trouble != Trouble::kLeavesData || !here) return {};
  return Helping({{!mb.entropy_auto && mb.entropy_bonus > 0, "lower mb.entropy_bonus"},
                  {mb.entropy_auto, "lower mb.target_entropy"},
                  {mb.steps > 1, "lower mb.steps so that the policy stays closer"}});
}

std::vector<std::string> Scalars(const config::Settings* s) {
  std::vector<std::string> names = {"mb.alpha",   "mb.clamped_fraction", "mb.clipped_share",
                                    "mb.entropy", "mb.gradient_norm",    "mb.imagined_return"};
  if (s == nullptr || ThroughShortOnes(*s)) names.insert(names.end(), {"mb.state_value", "mb.value", "mb.value_loss"});
  return names;
}

std::string UnitOf(const std::string& scalar, const config::Settings& s, int horizon) {
  const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
  const bool raw = mb.reward_units == "raw";
  if (scalar == "mb.imagined_return") {
    const int steps = ThroughShortOnes(s) ? mb.imagination : horizon;
    return steps > 0 ? "raw reward, sum of " + std::to_string(steps) + " steps" : "";
  }
  if (scalar == "mb.value_loss") {
    const std::string unit = raw ? "raw reward squared" : "sd of the reward, squared";
    return mb.value_scale == 1 ? unit : unit + ", over mb.value_scale squared";
  }
  if (scalar == "mb.alpha") return raw ? "raw reward per nat" : "sd of the reward per nat";
  return "";
}

nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = "mb";
  info.title = "model-based policy";
  info.name = "model-based";
  info.short_name = "MB";
  info.unit = "gradient step";
  info.kind = nets::PartInfo::Kind::kModelBased;
  info.scalars = Scalars;
  info.unit_of = UnitOf;
  info.new_policy = NewModelBasedPolicy;
  info.dials = [](const config::Settings& s) {
    std::vector<nets::Dial> dials = {{"mb.entropy_bonus", "\xce\xb1 model-based", nets::Dial::kFirst},
                                     {"mb.steps", "Policy updates", nets::Dial::kWork}};
    if (ThroughShortOnes(s)) dials.push_back({"mb.imagination", "Imagination", nets::Dial::kLast});
    return dials;
  };
  info.step_sizes = [](const config::Settings& s) -> std::vector<std::string> {
    const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
    if (mb.steps <= 0 || (mb.lr <= 0 && mb.value_lr <= 0)) return {};
    return ThroughShortOnes(s) ? std::vector<std::string>{"mb.lr", "mb.value_lr"} : std::vector<std::string>{"mb.lr"};
  };
  info.findings = Findings;
  info.remedies = Remedies;
  return info;
}

}  // namespace

const nets::PartInfo& ModelBasedInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::learn
