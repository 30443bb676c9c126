// What NAF is called, what it tells, and what can be wrong with it.
#include <cmath>

#include "engine/learn/naf/naf.h"

namespace equipoise::learn {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;

constexpr double kFlat = 1e-2;      // of L's diagonal: every action is worth the same to it
constexpr double kSteep = 1e2;      // no action but its own is worth anything
constexpr double kSaturated = 0.9;  // of the best actions: they hardly move where tanh is flat

std::vector<Finding> Findings(const Readings& r) {
  const NafSettings& s = r.settings.Of<NafSettings>();
  if (s.updates_per_step <= 0) return {};
  std::vector<Finding> found;
  const nets::Remedy slower{s.lr > 0, "lower naf.lr"};
  const double curvature = r.Mean("naf.curvature");
  if (curvature < kFlat || curvature > kSteep)
    found.push_back({"naf.curvature",
                     Format("NAF's advantage is too %s to tell actions apart: the diagonal of L is %.2g on average.",
                            curvature < kFlat ? "flat" : "steep", curvature),
                     Helping({slower})});
  if (const double saturated = r.Mean("naf.saturated"); saturated >= kSaturated)
    found.push_back(
        {"naf.saturated",
         Format("%.0f %% of NAF's best actions lie at their bounds, where tanh is flat and they hardly move.",
                100 * saturated),
         Helping({slower})});
  const double q = r.Mean("naf.q"), best = r.Mean("naf.best_return");
  if (q > best + std::fabs(best))
    found.push_back({"naf.overestimates",
                     Format("NAF values the steps that it learns from at %.3g on average, and the best that was ever "
                            "recorded is worth %.3g: it overestimates them.",
                            q, best),
                     Helping({slower, {s.tau > 0, "lower naf.tau"}})});
  return found;
}

nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = "naf";
  info.title = info.name = info.short_name = "NAF";
  info.unit = "update";
  info.kind = nets::PartInfo::Kind::kModelFree;
  info.scalars = [](const config::Settings*) -> std::vector<std::string> {
    return {"naf.advantage",      "naf.best_return",    "naf.critic_loss", "naf.curvature",        "naf.gradient_norm",
            "naf.imagined_share", "naf.max_q",          "naf.monte_carlo", "naf.monte_carlo_tail", "naf.q",
            "naf.q_acted",        "naf.q_minus_return", "naf.saturated"};
  };
  info.charts = []() -> std::vector<nets::PartChart> {
    return {{"curvature",
             "Curvature of Q",
             "raw reward for an action squared",
             "Across the best action: at 0 every action is as good.",
             {{"naf.curvature", "mean"}},
             nets::PartChart::kLogarithmic},
            {"share",
             "Shares",
             "of a batch; of the actions",
             "Steps that were imagined, and best actions at their bounds.",
             {{"naf.imagined_share", "imagined"}, {"naf.saturated", "saturated"}},
             nets::PartChart::kShare}};
  };
  info.new_policy = NewNafPolicy;
  info.dials = [](const config::Settings&) -> std::vector<nets::Dial> {
    return {{"naf.noise_sd", "NAF noise", nets::Dial::kFirst},
            {"naf.updates_per_step", "NAF updates", nets::Dial::kWork}};
  };
  info.step_sizes = [](const config::Settings& s) -> std::vector<std::string> {
    if (s.Of<NafSettings>().updates_per_step <= 0) return {};
    return {"naf.lr"};
  };
  info.findings = Findings;
  return info;
}

}  // namespace

const nets::PartInfo& NafInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::learn
