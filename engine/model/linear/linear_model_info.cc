// What the locally linear model is called, what it tells, and what can be wrong with it.
#include <cmath>

#include "engine/model/linear/linear_model.h"
#include "engine/model/linear/linear_model_settings.h"
#include "engine/model/model_info.h"
#include "engine/nets/part_info.h"

namespace equipoise::model {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;
using nets::Trouble;

// Errors are in sds of the data: guessing the mean errs by 1.
constexpr double kLearnedNothing = 0.95;
constexpr double kByHeart = 4, kUnseenMatters = 0.3;  // times the fit's error, and least error on unseen episodes

bool Learns(const config::Settings& s) { return s.Of<LinearModelSettings>().episodes > 0; }

std::vector<Finding> Findings(const Readings& r) {
  const LinearModelSettings& s = r.settings.Of<LinearModelSettings>();
  const double error = r.Last("linear.train_error");
  if (!Learns(r.settings) || !r.comparable || !std::isfinite(error)) return {};
  if (error > kLearnedNothing)
    return {{"linear.learned-nothing",
             Format("The model has learned next to nothing: it errs by %.3g sd of the data, guessing their mean by 1.",
                    error),
             Helping({{s.ridge > 1e-3, "lower linear.ridge"}, {s.window > 0, "lower linear.window"}}), true}};
  const double unseen = r.Mean("linear.unseen_error"), fit = r.Mean("linear.train_error");
  if (!(unseen > kUnseenMatters && unseen > kByHeart * fit)) return {};
  return {{"linear.by-heart",
           Format("The model knows its data by heart: it errs by %.3g sd on episodes that are new to it, by %.3g on "
                  "those that it was fitted to.",
                  unseen, fit),
           {"raise linear.ridge", "raise linear.window", "raise linear.episodes"}}};
}

std::vector<std::string> Remedies(const Readings& r, Trouble trouble) {
  const bool learns = Learns(r.settings);
  const nets::Remedy wait{r.goes_on && learns, "wait for data"}, more{learns, "raise linear.episodes"},
      thaw{!learns, "let the model learn again (linear.episodes)"}, hold{learns, "raise linear.ridge"};
  switch (trouble) {
    case Trouble::kLeavesData:
      return Helping({hold, wait, thaw});
    case Trouble::kOverratesOwn:
    case Trouble::kOverrates:
    case Trouble::kUnderrates:
      return Helping({thaw, hold, more, wait});
    case Trouble::kGivesNoAnswer:
      return Helping({hold});
    case Trouble::kTooSure:  // it knows no spread
    case Trouble::kUnsure:
      return {};
  }
  return {};
}

nets::PartInfo Info() {
  nets::PartInfo info = LearnedModelInfo("linear");
  info.unit = "regression";
  info.scalars = [](const config::Settings*) -> std::vector<std::string> {
    return {"linear.train_nll", "linear.train_error", "linear.unseen_error"};
  };
  info.dials = [](const config::Settings&) -> std::vector<nets::Dial> {
    return {{"linear.episodes", "Fitted to", nets::Dial::kWork}};
  };
  info.charts = []() -> std::vector<nets::PartChart> {
    return {{"error",
             "One-step error",
             "sd of the data",
             "Of the newest episode, unseen, and of those that the model was fitted to.",
             {{"linear.unseen_error", "unseen"}, {"linear.train_error", "fitted"}},
             nets::PartChart::kLogarithmic}};
  };
  info.new_model = NewLinearModel;
  info.freezes = "linear.episodes";
  info.findings = Findings;
  info.remedies = Remedies;
  return info;
}

}  // namespace

const nets::PartInfo& LinearModelInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::model
