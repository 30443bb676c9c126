// What an aligned latent model is called, what it tells, and what can be wrong with it.
#include <cmath>

#include "engine/learn/alm/alm.h"

namespace equipoise::learn {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;
using nets::Trend;

constexpr double kCollapsed = 0.9;  // of the latents: at the ends of what they can be
constexpr double kCertain = 0.99;   // share of steps that the classifier tells apart: the model fools it nowhere
constexpr double kGuessing = 0.55;
constexpr double kFar = 10;  // of KL for each latent: far from what the encoder says
constexpr double kSaturated = 0.9;

std::vector<Finding> Findings(const Readings& r) {
  const AlmSettings& s = r.settings.Of<AlmSettings>();
  if (s.updates_per_step <= 0) return {};
  std::vector<Finding> found;
  const nets::Remedy slower{s.model_lr > 0, "lower alm.model_lr"}, smoother{s.tau > 0, "lower alm.tau"};
  const double floor = r.Mean("alm.sd_at_floor"), edge = r.Mean("alm.mean_at_edge"), kl = r.Mean("alm.kl");
  if (floor >= kCollapsed && edge >= kCollapsed)
    found.push_back(
        {"alm.collapsed",
         Format("%.0f %% of the latents are as sure as they can be, and %.0f %% as far out: what the encoder "
                "says no longer tells states apart.",
                100 * floor, 100 * edge),
         Helping({slower, smoother}), true});
  if (r.TrendOf("alm.kl") == Trend::kRising && r.TrendOf("alm.reward_loss") == Trend::kFalling && kl > kFar * s.latent)
    found.push_back({"alm.drifts",
                     Format("KL is %.3g and grows while rewards are fitted better: encoder and latent model part.", kl),
                     Helping({slower, smoother})});
  const double accuracy = r.Mean("alm.accuracy");
  if (accuracy >= kCertain)
    found.push_back(
        {"alm.model-useless",
         Format("The classifier tells %.0f %% of imagined steps from real ones: the latent model is no help.",
                100 * accuracy),
         Helping({{s.updates_per_step < 100, "raise alm.updates_per_step"},
                  {s.model_lr > 0 && s.model_lr < 1, "raise alm.model_lr"}})});
  if (accuracy <= kGuessing && kl > kFar * s.latent)
    found.push_back(
        {"alm.classifier-guesses",
         Format("The classifier is right about %.0f %% of the steps, although KL is %.3g: it guesses, and the actor "
                "does not pay for what cannot happen.",
                100 * accuracy, kl),
         Helping({{s.reward_lr > 0 && s.reward_lr < 1, "raise alm.reward_lr"}})});
  if (const double saturated = r.Mean("alm.saturated"); saturated >= kSaturated)
    found.push_back(
        {"alm.saturated",
         Format("%.0f %% of ALM's actions lie at their bounds, where tanh is flat and the actor hardly learns.",
                100 * saturated),
         Helping({{s.actor_lr > 0, "lower alm.actor_lr"}})});
  const double q = r.Mean("alm.q"), best = r.Mean("alm.best_return");
  if (q > best + std::fabs(best))
    found.push_back({"alm.overestimates",
                     Format("ALM values the steps that it learns from at %.3g on average, and the best that was ever "
                            "recorded is worth %.3g: its critics overestimate them.",
                            q, best),
                     Helping({{s.critic_lr > 0, "lower alm.critic_lr"}, smoother})});
  return found;
}

std::vector<nets::PartChart> Charts() {
  return {{"kl",
           "Latent model from encoder",
           "nats",
           "How far the model's next latent lies from what the encoder says of the next observation.",
           {{"alm.kl", "KL, one step"}},
           nets::PartChart::kLogarithmic},
          {"shares",
           "Shares",
           "of a batch; of the latents",
           "What the classifier gets right, where 0.5 is guessing, and latents at the ends of what they can be.",
           {{"alm.accuracy", "classifier right"},
            {"alm.sd_at_floor", "sd at its floor"},
            {"alm.mean_at_edge", "mean at its edge"}},
           nets::PartChart::kShare,
           0.5},
          {"bound",
           "Bound and return",
           "discounted raw reward",
           "The lower bound that the actor climbs, in recorded states, and what followed in the episode that it acted.",
           {{"alm.bound", "bound"}, {"alm.monte_carlo", "return"}}},
          {"noise",
           "Noise on actions",
           "standard deviation",
           "In the episode that was acted: it falls by a schedule.",
           {{"alm.noise_sd", "sd"}}}};
}

nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = AlmSettings::kSection;
  info.title = info.name = info.short_name = "ALM";
  info.unit = "update";
  info.kind = nets::PartInfo::Kind::kModelFree;
  info.scalars = [](const config::Settings*) -> std::vector<std::string> {
    std::vector<std::string> names;
    for (const char* what : {"accuracy",
                             "actor_gradient_norm",
                             "best_return",
                             "bound",
                             "classifier_loss",
                             "critic_gradient_norm",
                             "critic_loss",
                             "critics_apart",
                             "encoder_gradient_norm",
                             "kl",
                             "likeness",
                             "mean_at_edge",
                             "model_gradient_norm",
                             "model_loss",
                             "monte_carlo",
                             "monte_carlo_tail",
                             "noise_sd",
                             "q",
                             "q_acted",
                             "q_minus_return",
                             "reward_loss",
                             "saturated",
                             "sd_at_floor"})
      names.push_back(std::string("alm.") + what);
    return names;
  };
  info.charts = Charts;
  info.dials = [](const config::Settings&) -> std::vector<nets::Dial> {
    return {{"alm.noise_sd_final", "ALM noise", nets::Dial::kFirst},
            {"alm.cost", "Cost of the unlikely", nets::Dial::kOften},
            {"alm.updates_per_step", "ALM updates", nets::Dial::kWork}};
  };
  info.step_sizes = [](const config::Settings& s) -> std::vector<std::string> {
    if (s.Of<AlmSettings>().updates_per_step <= 0) return {};
    return {"alm.model_lr", "alm.reward_lr", "alm.critic_lr", "alm.actor_lr"};
  };
  info.findings = Findings;
  return info;
}

}  // namespace

const nets::PartInfo& AlmInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::learn
