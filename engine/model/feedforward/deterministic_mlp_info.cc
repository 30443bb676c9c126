// What the deterministic network is called, what it tells, and what can be wrong with it.
#include <cmath>

#include "engine/model/feedforward/deterministic_mlp.h"
#include "engine/model/feedforward/deterministic_mlp_settings.h"
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

// Errors are in sds of the data: guessing the mean errs by 1.
constexpr double kLearnedNothing = 0.95, kUnsettled = 2;
constexpr double kLargeStep = 0.01;
constexpr double kByHeart = 4, kUnseenMatters = 0.3;  // times the fit's error, and least error on unseen episodes

bool Learns(const config::Settings& s) {
  const DeterministicMlpSettings& mlp = s.Of<DeterministicMlpSettings>();
  return mlp.steps > 0 && mlp.lr > 0;
}

std::vector<Finding> Findings(const Readings& r) {
  const DeterministicMlpSettings& mlp = r.settings.Of<DeterministicMlpSettings>();
  const double error = r.Last("mlp.train_error");
  if (!Learns(r.settings) || !r.comparable || !std::isfinite(error)) return {};
  const std::string numbers = Format("it errs by %.3g sd of the data, guessing their mean by 1", error);
  if (error > kUnsettled || (error > kLearnedNothing && mlp.lr > kLargeStep))
    return {{"mlp.unsettled", "The model does not settle: " + numbers + ".", {"lower mlp.lr"}, true}};
  if (error > kLearnedNothing) {
    const bool better = r.TrendOf("mlp.train_error") == Trend::kFalling;
    return {
        {"mlp.learned-nothing",
         "The model has learned next to nothing: " + numbers + (better ? ". It is getting better." : "."),
         Helping({{r.goes_on, "wait for data"}, {true, "raise mlp.steps"}, {2 * mlp.lr <= kLargeStep, "raise mlp.lr"}}),
         true}};
  }
  const double unseen = r.Mean("mlp.unseen_error"), fit = r.Mean("mlp.train_error");
  if (!(unseen > kUnseenMatters && unseen > kByHeart * fit)) return {};
  if (r.TrendOf("mlp.unseen_error") == Trend::kFalling) return {};
  return {
      {"mlp.by-heart",
       Format("The model knows its data by heart: it errs by %.3g sd on episodes that are new to it, by %.3g on those "
              "that it was fitted to.",
              unseen, fit),
       Helping({{r.goes_on, "wait for data"}, {true, "raise mlp.decay"}, {mlp.steps > 1, "lower mlp.steps"}})}};
}

std::vector<std::string> Remedies(const Readings& r, Trouble trouble) {
  const DeterministicMlpSettings& mlp = r.settings.Of<DeterministicMlpSettings>();
  const bool learns = Learns(r.settings);
  const nets::Remedy wait{r.goes_on && learns, "wait for data"}, more{learns, "raise mlp.steps"},
      thaw{!learns, mlp.steps == 0 ? "let the model learn again (mlp.steps)" : "set mlp.lr above 0"};
  switch (trouble) {
    case Trouble::kLeavesData:
      return Helping({wait, thaw});
    case Trouble::kOverratesOwn:
    case Trouble::kOverrates:
    case Trouble::kUnderrates:
      return Helping({thaw, more, wait});
    case Trouble::kGivesNoAnswer:
      return Helping({{learns, "lower mlp.lr"}});
    case Trouble::kTooSure:  // it knows no spread
    case Trouble::kUnsure:
      return {};
  }
  return {};
}

nets::PartInfo Info() {
  nets::PartInfo info = LearnedModelInfo("mlp");
  info.scalars = [](const config::Settings* s) {
    std::vector<std::string> names = {"mlp.train_nll", "mlp.train_error", "mlp.unseen_error", "mlp.gradient_norm",
                                      "mlp.clipped_share"};
    if (s == nullptr || s->Of<DeterministicMlpSettings>().loss_steps > 1) names.emplace_back("mlp.far_error");
    return names;
  };
  info.dials = [](const config::Settings&) -> std::vector<nets::Dial> {
    return {{"mlp.steps", "Model fit", nets::Dial::kWork}};
  };
  info.charts = []() -> std::vector<nets::PartChart> {
    return {{"error",
             "Model error",
             "sd of the data",
             "After one step, of the newest episode, unseen, and of the data that the model was fitted to; of those, "
             "after the last of mlp.loss_steps, where there are several.",
             {{"mlp.unseen_error", "unseen"}, {"mlp.train_error", "fitted"}, {"mlp.far_error", "after several steps"}},
             nets::PartChart::kLogarithmic}};
  };
  info.new_model = NewDeterministicMlp;
  info.step_sizes = [](const config::Settings& s) -> std::vector<std::string> {
    return Learns(s) ? std::vector<std::string>{"mlp.lr"} : std::vector<std::string>{};
  };
  info.freezes = "mlp.steps";
  info.findings = Findings;
  info.remedies = Remedies;
  return info;
}

}  // namespace

const nets::PartInfo& DeterministicMlpInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::model
