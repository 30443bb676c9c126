// What proximal policy optimisation is called, what it tells, and what can be wrong with it.
#include "engine/learn/imagined/imagined_batch.h"
#include "engine/learn/ppo.h"

namespace equipoise::learn {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;
using nets::Trend;
using nets::Trouble;

constexpr double kOftenClipped = 0.5;  // of the rows
constexpr double kFarMoved = 0.1;      // nats
constexpr double kWideSpread = 1.5;    // of an action before tanh; it starts at 1

struct Real {
  static constexpr const char *kId = "ppo", *kTitle = "PPO", *kName = "PPO", *kShort = "PPO";
  static constexpr bool kImagined = false, kHeld = false;
};
struct Imagined {
  static constexpr const char *kId = "pg", *kTitle = "policy gradient in the model", *kName = "the policy gradient",
                              *kShort = "PG";
  static constexpr bool kImagined = true, kHeld = false;
};
struct Held {
  static constexpr const char *kId = "kl", *kTitle = "trust region in the model", *kName = "the trust region",
                              *kShort = "KL";
  static constexpr bool kImagined = true, kHeld = true;
};

template <class Kind>
std::string Named(const char* what) {
  return std::string(Kind::kId) + "." + what;
}

template <class Kind>
std::vector<Finding> Findings(const Readings& r) {
  const auto named = [](const char* what) { return Named<Kind>(what); };
  const PpoSettings& s = r.settings.Of<PpoSettings>(Kind::kId);
  if (s.epochs == 0 || s.lr <= 0) return {};
  const std::string who = Kind::kImagined ? "The policy in the model" : "PPO";
  std::vector<Finding> found;
  const std::vector<std::string> slower = Helping({{true, "lower " + named("lr")},
                                                   {s.epochs > 1, "lower " + named("epochs")},
                                                   {s.target_kl <= 0, "set " + named("target_kl") + " to 0.02"}});
  const double clipped = r.Mean(named("clipped")), kl = r.Mean(named("kl"));
  if (clipped > kOftenClipped)
    found.push_back(
        {named("clipped"),
         who + Format(" has moved beyond %s in %.0f %% of the steps that it learns from: they are of no use.",
                      named("clip_ratio").c_str(), 100 * clipped),
         slower});
  else if (kl > kFarMoved)
    found.push_back({named("far"),
                     who + Format(" moves by %.2g nats in one batch: its advantages are those of another policy.", kl),
                     slower});
  if (const double explained = r.Mean(named("explained")); explained < 0)
    found.push_back(
        {named("value-unexplained"),
         who + Format(" has a value that explains nothing of what was earned: %.2f of its variance, where a "
                      "constant explains 0.",
                      explained),
         {"raise " + named("value_weight"), "raise " + named("batch_steps")}});
  const double sd = r.Mean(named("sd"));
  if (sd > kWideSpread && r.TrendOf(named("sd")) == Trend::kRising)
    found.push_back(
        {named("spread-grows"),
         who + Format(" acts ever more widely, by %.2f before tanh: nothing that it earns tells its actions "
                      "apart.",
                      sd),
         {"raise " + named("batch_steps"), "lower " + named("lr")}});
  return found;
}

template <class Kind>
std::vector<std::string> Remedies(const Readings& r, Trouble trouble) {
  if (trouble != Trouble::kLeavesData && trouble != Trouble::kOverratesOwn) return {};
  const TrustSettings& trust = r.settings.Of<TrustSettings>();
  return Helping({{Kind::kHeld && trust.target > 0, "lower trust.target so that the policy stays closer"},
                  {r.settings.Of<ImagineSettings>().iterations > 1, "lower imagine.iterations"},
                  {r.settings.Of<PpoSettings>(Kind::kId).lr > 0, "lower " + Named<Kind>("lr")}});
}

template <class Kind>
std::vector<nets::PartChart> Charts() {
  using nets::PartChart;
  const auto named = [](const char* what) { return Named<Kind>(what); };
  std::vector<PartChart> charts = {
      {"kl",
       "Policy step",
       "nats",
       "How far one batch moved the policy: KL divergence of the new from the old.",
       {{named("kl"), "KL"}},
       PartChart::kLogarithmic},
      {"clipped",
       "Clipped ratios",
       "share",
       "Steps of the batch that were of no further use, as their probability had moved too far.",
       {{named("clipped"), "of the batch"}},
       PartChart::kShare},
      {"explained",
       "Explained variance",
       "1: all of it",
       "What the value knew of the returns before it was fitted to them; below 0 less than their mean.",
       {{named("explained"), "of the returns"}},
       PartChart::kLinear,
       0},
      {"sd",
       "Spread of actions",
       "before tanh",
       "Standard deviation of the actions: it should not grow.",
       {{named("sd"), "mean"}, {named("sd_most"), "largest"}}}};
  if (Kind::kImagined)
    charts.push_back({"batch",
                      "Imagined return",
                      "raw reward",
                      "What the trajectories of the batches earned in the model.",
                      {{named("batch_return"), "imagined"}}});
  if (Kind::kHeld)
    charts.push_back({"trust",
                      "Trust region",
                      "nats, and the weight of them",
                      "How far the policy went from the one that acted last, and what a nat of that costs.",
                      {{named("kl_to_acted"), "KL to the policy that acted"}, {named("beta"), "weight"}},
                      PartChart::kLogarithmic});
  return charts;
}

template <class Kind>
nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = Kind::kId;
  info.title = Kind::kTitle;
  info.name = Kind::kName;
  info.short_name = Kind::kShort;
  info.unit = "gradient step";
  info.kind = Kind::kImagined ? nets::PartInfo::Kind::kModelBased : nets::PartInfo::Kind::kModelFree;
  info.scalars = [](const config::Settings*) {
    std::vector<std::string> names;
    for (const char* what : {"batch_return", "clipped", "clipped_share", "explained", "gathered", "gradient_norm", "kl",
                             "policy_loss", "return_sd", "sd", "sd_most", "step_size", "value", "value_loss"})
      names.push_back(Named<Kind>(what));
    if (Kind::kHeld)
      for (const char* what : {"beta", "kl_to_acted", "rounds"}) names.push_back(Named<Kind>(what));
    return names;
  };
  info.new_policy = [](int64_t states, int64_t actions, const config::Settings& s) {
    return NewPpoPolicy(Kind::kId, states, actions, s);
  };
  info.dials = [](const config::Settings&) -> std::vector<nets::Dial> {
    std::vector<nets::Dial> dials = {{Named<Kind>("lr"), std::string(Kind::kShort) + " step size", nets::Dial::kFirst},
                                     {Named<Kind>("epochs"), std::string(Kind::kShort) + " passes", nets::Dial::kWork}};
    if (Kind::kImagined) dials.push_back({"imagine.iterations", "Imagined batches", nets::Dial::kWork});
    if (Kind::kHeld) dials.push_back({"trust.target", "Trust region", nets::Dial::kFirst});
    return dials;
  };
  info.step_sizes = [](const config::Settings& s) -> std::vector<std::string> {
    const bool frozen =
        s.Of<PpoSettings>(Kind::kId).epochs == 0 || (Kind::kImagined && s.Of<ImagineSettings>().iterations == 0);
    return frozen ? std::vector<std::string>{} : std::vector<std::string>{Named<Kind>("lr")};
  };
  info.charts = Charts<Kind>;
  info.findings = Findings<Kind>;
  if (Kind::kImagined) info.remedies = Remedies<Kind>;
  return info;
}

}  // namespace

const nets::PartInfo& PpoInfo() {
  static const nets::PartInfo info = Info<Real>();
  return info;
}
const nets::PartInfo& PgInfo() {
  static const nets::PartInfo info = Info<Imagined>();
  return info;
}
const nets::PartInfo& KlInfo() {
  static const nets::PartInfo info = Info<Held>();
  return info;
}

}  // namespace equipoise::learn
