// What the network of uncertain weights is called, what it tells, and what can be wrong with it.
#include <cmath>

#include "engine/model/feedforward/bayes_mlp.h"
#include "engine/model/feedforward/bayes_mlp_settings.h"
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
constexpr double kUnmoved = 0.001;    // of the rhos in a fit: 0.1 % of their spread
constexpr double kSameOutside = 1.2;  // times the spread inside the data
constexpr double kAtBounds = 0.5;     // of the log-variances
constexpr double kPriorRules = 0.1;   // |m| / s of the median weight

bool Learns(const config::Settings& s) {
  const BayesMlpSettings& bayes = s.Of<BayesMlpSettings>();
  return bayes.steps > 0 && bayes.lr > 0;
}

std::vector<Finding> FindUnfit(const Readings& r) {
  const BayesMlpSettings& s = r.settings.Of<BayesMlpSettings>();
  const double nll = r.Last("bayes.train_nll"), guessing = GuessingNll(r), ratio = r.Last("bayes.signal_to_noise");
  if (!Learns(r.settings) || !r.comparable || !std::isfinite(nll) || nll < kLearnedNothing * guessing) return {};
  const std::string numbers = Format("its NLL is %.3g a step, guessing the data's mean gives %.3g", nll, guessing);
  // Few data do not pay for what it would cost to know the weights.
  if (ratio < kPriorRules && s.prior_weight > 0)
    return {
        {"bayes.prior-rules",
         Format("The prior outweighs the data: half of the weights lie within %.2g of their spread around 0, and ",
                ratio) +
             numbers + ".",
         Helping({{r.goes_on, "wait for data"}, {true, "lower bayes.prior_sd"}, {true, "lower bayes.prior_weight"}}),
         true}};
  if (nll > kUnsettled * guessing || s.lr > kLargeStep)
    return {{"bayes.unsettled", "The model does not settle: " + numbers + ".", {"lower bayes.lr"}, true}};
  const bool better = r.TrendOf("bayes.train_nll") == Trend::kFalling;
  return {
      {"bayes.learned-nothing",
       "The model has learned next to nothing: " + numbers + (better ? ". It is getting better." : "."),
       Helping({{r.goes_on, "wait for data"}, {true, "raise bayes.steps"}, {2 * s.lr <= kLargeStep, "raise bayes.lr"}}),
       true}};
}

std::vector<Finding> Findings(const Readings& r) {
  const BayesMlpSettings& s = r.settings.Of<BayesMlpSettings>();
  std::vector<Finding> found = FindUnfit(r);
  if (s.prior_weight < 1)
    found.push_back({"bayes.tempered",
                     Format("The model is surer than its data allow: the divergence from its prior counts %.3g times.",
                            s.prior_weight),
                     {"set bayes.prior_weight to 1"}});
  if (const double moved = r.Last("bayes.spread_moved"); Learns(r.settings) && moved < kUnmoved)
    found.push_back({"bayes.spread-stuck",
                     Format("The spreads of the weights do not move (%.2g in the last fit): they are still what they "
                            "started as, and not what the data left open.",
                            moved),
                     Helping({{s.prior_weight == 0, "set bayes.prior_weight above 0"},
                              {true, "raise bayes.steps"},
                              {2 * s.lr <= kLargeStep, "raise bayes.lr"}})});
  if (const double share = r.Mean("bayes.at_upper_bound"); share >= kAtBounds)
    found.push_back(
        {"bayes.at-upper-bound",
         Format("%.0f %% of the predicted variances lie at their upper bound, where they learn no more.", 100 * share),
         Helping({{s.bound_penalty == 0, "set bayes.bound_penalty above 0"},
                  {true, "start a run with a higher bayes.log_variance_high"}})});
  const double inside = r.Mean("bayes.epistemic"), outside = r.Mean("bayes.epistemic_outside");
  if (outside < kSameOutside * inside)
    found.push_back({"bayes.same-everywhere",
                     Format("The model is as unsure where it has data as where it has none (%.3g and %.3g sd of the "
                            "data): its spread tells nothing of what it has seen.",
                            inside, outside),
                     Helping({{Learns(r.settings), "raise bayes.steps"},
                              {Learns(r.settings), "lower bayes.prior_sd"},
                              {r.goes_on, "wait for data"}})});
  return found;
}

std::vector<std::string> Remedies(const Readings& r, Trouble trouble) {
  const BayesMlpSettings& s = r.settings.Of<BayesMlpSettings>();
  const bool learns = Learns(r.settings);
  const nets::Remedy wait{r.goes_on && learns, "wait for data"}, more{learns, "raise bayes.steps"},
      looser{learns && s.prior_weight < 1, "set bayes.prior_weight to 1"}, wider{learns, "raise bayes.prior_sd"},
      narrower{learns, "lower bayes.prior_sd"},
      thaw{!learns, s.steps == 0 ? "let the model learn again (bayes.steps)" : "set bayes.lr above 0"};
  switch (trouble) {
    case Trouble::kLeavesData:
      return Helping({wait, thaw});
    case Trouble::kOverratesOwn:
      return Helping({thaw, more, looser, wait});
    case Trouble::kOverrates:
    case Trouble::kUnderrates:
      return Helping({thaw, more, wait});
    case Trouble::kTooSure:
      return Helping({looser, wider, thaw});
    case Trouble::kUnsure:
      return Helping({thaw, more, narrower, wait});
    case Trouble::kGivesNoAnswer:
      return Helping({{learns, "lower bayes.lr"}});
  }
  return {};
}

nets::PartInfo Info() {
  nets::PartInfo info = LearnedModelInfo("bayes");
  info.scalars = [](const config::Settings*) -> std::vector<std::string> {
    return {"bayes.train_nll",      "bayes.divergence",      "bayes.gradient_norm",     "bayes.clipped_share",
            "bayes.unseen_error",   "bayes.epistemic",       "bayes.epistemic_outside", "bayes.aleatoric",
            "bayes.at_upper_bound", "bayes.signal_to_noise", "bayes.weight_sd",         "bayes.spread_moved"};
  };
  info.dials = [](const config::Settings&) -> std::vector<nets::Dial> {
    return {{"bayes.prior_weight", "Weight of prior", nets::Dial::kOften},
            {"bayes.prior_sd", "Prior sd", nets::Dial::kOften},
            {"bayes.steps", "Model fit", nets::Dial::kWork}};
  };
  info.belief = "draw";
  info.charts = []() -> std::vector<nets::PartChart> {
    return {
        {"spread",
         "What the model does not know",
         "sd of the data",
         "One step ahead in the newest episode, unseen: where draws of the weights differ, there and three times as "
         "far from all data, what they call noise, and how far they are wrong.",
         {{"bayes.epistemic", "draws differ"},
          {"bayes.epistemic_outside", "far away"},
          {"bayes.aleatoric", "called noise"},
          {"bayes.unseen_error", "error"}},
         nets::PartChart::kLogarithmic},
        {"weights",
         "What is known of the weights",
         "a ratio, and in units of weights",
         "How many of its spreads the median weight is away from 0, and the spreads' geometric mean.",
         {{"bayes.signal_to_noise", "signal to noise"}, {"bayes.weight_sd", "spread"}},
         nets::PartChart::kLogarithmic}};
  };
  info.new_model = NewBayesMlp;
  info.step_sizes = [](const config::Settings& s) -> std::vector<std::string> {
    return Learns(s) ? std::vector<std::string>{"bayes.lr"} : std::vector<std::string>{};
  };
  info.freezes = "bayes.steps";
  info.findings = Findings;
  info.remedies = Remedies;
  return info;
}

}  // namespace

const nets::PartInfo& BayesMlpInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::model
