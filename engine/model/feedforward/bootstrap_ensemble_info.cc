// What the ensemble is called, what it tells, and what can be wrong with it.
#include <cmath>

#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "engine/model/model_info.h"
#include "engine/nets/part_info.h"

namespace equipoise::model {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;
using nets::Trend;
using nets::Trouble;

constexpr double kLearnedNothing = 0.95, kUnsettled = 2;  // times what guessing costs
constexpr double kLargeStep = 0.01;
constexpr double kSame = 1e-5;          // spread of the members, in sds of the data, that rounding could give
constexpr double kAtBounds = 0.5;       // of the log-variances
constexpr double kOverfitShare = 0.25;  // of what guessing costs: NLL on unseen episodes above that of the fit

bool Learns(const config::Settings& s) {
  const BootstrapEnsembleSettings& ensemble = s.Of<BootstrapEnsembleSettings>();
  return ensemble.steps > 0 && ensemble.lr > 0;
}

bool ByHeart(const Readings& r) { return r.comparable && r.unseen_minus_fit > kOverfitShare * GuessingNll(r); }

std::vector<Finding> FindUnfit(const Readings& r) {
  const BootstrapEnsembleSettings& s = r.settings.Of<BootstrapEnsembleSettings>();
  const double nll = r.Last("ensemble.train_nll"), guessing = GuessingNll(r);
  if (!Learns(r.settings) || !r.comparable || !std::isfinite(nll) || nll < kLearnedNothing * guessing) return {};
  const std::string numbers = Format("its NLL is %.3g a step, guessing the data's mean gives %.3g", nll, guessing);
  if (nll > kUnsettled * guessing || s.lr > kLargeStep)
    return {{"ensemble.unsettled", "The model does not settle: " + numbers + ".", {"lower ensemble.lr"}, true}};
  const bool better = r.TrendOf("ensemble.train_nll") == Trend::kFalling;
  return {{"ensemble.learned-nothing",
           "The model has learned next to nothing: " + numbers + (better ? ". It is getting better." : "."),
           Helping({{r.goes_on, "wait for data"},
                    {true, "raise ensemble.steps"},
                    {2 * s.lr <= kLargeStep, "raise ensemble.lr"}}),
           true}};
}

std::vector<Finding> Findings(const Readings& r) {
  const BootstrapEnsembleSettings& s = r.settings.Of<BootstrapEnsembleSettings>();
  std::vector<Finding> found = FindUnfit(r);
  if (const double spread = r.Last("ensemble.epistemic"); s.members > 1 && s.elites != 1 && spread < kSame)
    found.push_back({"ensemble.one-mind",
                     Format("All members predict the same (they differ by %.2g sd of the data): together they know no "
                            "more than one, and every check is one world's.",
                            spread),
                     Helping({{!s.bootstrap, "switch ensemble.bootstrap on"}})});
  if (const double share = r.Mean("ensemble.at_upper_bound"); share >= kAtBounds)
    found.push_back(
        {"ensemble.at-upper-bound",
         Format("%.0f %% of the predicted variances lie at their upper bound, where they learn no more.", 100 * share),
         {"start a run with a higher ensemble.log_variance_high"}});
  if (s.holdout > 0 && r.TrendOf("ensemble.holdout_error") == Trend::kRising &&
      r.TrendOf("ensemble.train_nll") == Trend::kFalling)
    found.push_back(
        {"ensemble.by-heart",
         "The model learns its data by heart: its likelihood rises on what it is fitted to, and its error on "
         "what is held out rises too.",
         Helping({{s.patience == 0, "set ensemble.patience"},
                  {true, "raise ensemble.decay_hidden"},
                  {r.goes_on, "wait for data"}})});
  return found;
}

std::vector<std::string> Remedies(const Readings& r, Trouble trouble) {
  const BootstrapEnsembleSettings& s = r.settings.Of<BootstrapEnsembleSettings>();
  const bool learns = Learns(r.settings);
  const nets::Remedy wait{r.goes_on && learns, "wait for data"}, more{learns && !ByHeart(r), "raise ensemble.steps"},
      decay{learns && ByHeart(r), "raise ensemble.decay_hidden"},
      resample{learns && !s.bootstrap, "switch ensemble.bootstrap on"},
      thaw{!learns, s.steps == 0 ? "let the model learn again (ensemble.steps)" : "set ensemble.lr above 0"};
  switch (trouble) {
    case Trouble::kLeavesData:
      return Helping({wait, thaw});
    case Trouble::kOverratesOwn:
      return Helping({thaw, more, resample, decay, wait});
    case Trouble::kOverrates:
    case Trouble::kUnderrates:
      return Helping({thaw, more, decay, wait});
    case Trouble::kTooSure:
      return Helping({resample, decay, thaw});
    case Trouble::kUnsure:
      return Helping({thaw, more, wait});
    case Trouble::kGivesNoAnswer:
      return Helping({{learns, "lower ensemble.lr"}});
  }
  return {};
}

nets::PartInfo Info() {
  nets::PartInfo info = LearnedModelInfo("ensemble");
  info.scalars = [](const config::Settings* s) {
    std::vector<std::string> names = {"ensemble.train_nll",     "ensemble.gradient_norm", "ensemble.clipped_share",
                                      "ensemble.unseen_error",  "ensemble.epistemic",     "ensemble.aleatoric",
                                      "ensemble.at_upper_bound"};
    if (s == nullptr || s->Of<BootstrapEnsembleSettings>().holdout > 0) names.emplace_back("ensemble.holdout_error");
    if (s == nullptr || s->Of<BootstrapEnsembleSettings>().patience > 0) names.emplace_back("ensemble.fit_steps");
    return names;
  };
  info.dials = [](const config::Settings& s) {
    std::vector<nets::Dial> dials = {{"ensemble.steps", "Model fit", nets::Dial::kWork}};
    if (s.Of<BootstrapEnsembleSettings>().holdout > 0)
      dials.push_back({"ensemble.elites", "Elites", nets::Dial::kOften});
    return dials;
  };
  info.belief = "member";
  info.charts = []() -> std::vector<nets::PartChart> {
    return {
        {"spread",
         "What the model does not know",
         "sd of the data",
         "One step ahead in the newest episode, unseen: where the members differ, what each calls noise, and how far "
         "they are wrong.",
         {{"ensemble.epistemic", "members differ"},
          {"ensemble.aleatoric", "called noise"},
          {"ensemble.unseen_error", "error"}},
         nets::PartChart::kLogarithmic}};
  };
  info.new_model = NewBootstrapEnsemble;
  info.step_sizes = [](const config::Settings& s) -> std::vector<std::string> {
    return Learns(s) ? std::vector<std::string>{"ensemble.lr"} : std::vector<std::string>{};
  };
  info.freezes = "ensemble.steps";
  info.findings = Findings;
  info.remedies = Remedies;
  return info;
}

}  // namespace

const nets::PartInfo& BootstrapEnsembleInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::model
