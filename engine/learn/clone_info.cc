// What the clone is called, what it tells, and what can be wrong with it.
#include <cmath>
#include <utility>

#include "engine/learn/clone.h"

namespace equipoise::learn {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;

constexpr double kFarOff = 0.3;  // of an action in [-1, 1]: two random ones are 2/3 apart

// While it learns: who goes on from it has other troubles.
std::vector<Finding> Findings(const nets::Readings& r) {
  const CloneSettings& s = r.settings.Of<CloneSettings>();
  const double off = r.Mean("clone.disagreement"), left = r.Last("clone.loss");
  if (!(off > kFarOff) || s.epochs == 0 || std::isnan(left)) return {};
  std::string what = Format(
      "The clone does not do what the planner would where it comes to: an action is off by %.2g on average.", off);
  // What it has learned from it does not do either, so it is not that it came to where it was never told.
  const bool unlearned = left > kFarOff * kFarOff;
  if (unlearned)
    what += Format(" Nor where it was told what to do: there it is off by %.2g, root mean square.", std::sqrt(left));
  return {{"clone.far-off", std::move(what),
           Helping({{unlearned && s.most_steps > 0, "raise clone.most_steps"},
                    {unlearned, "raise clone.epochs"},
                    {true, "raise mbmf.fine_tune_at, so that more of its states are labelled"}})}};
}

nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = CloneSettings::kSection;
  info.title = "imitation of the planner";
  info.name = "the clone";
  info.short_name = "Clone";
  info.unit = "gradient step";
  info.kind = nets::PartInfo::Kind::kModelFree;
  info.scalars = [](const config::Settings*) {
    return std::vector<std::string>{"clone.disagreement", "clone.gradient_norm", "clone.loss", "clone.states"};
  };
  info.charts = []() -> std::vector<nets::PartChart> {
    return {{"disagreement",
             "Clone \xe2\x88\x92 planner",
             "of an action in [\xe2\x88\x92"
             "1, 1], mean",
             "How far the clone's actions are from what the planner would have done where the clone came to, round by "
             "round of labels, before it learned from them.",
             {{"clone.disagreement", "disagreement"}}},
            {"loss",
             "Imitation loss",
             "of an action, squared",
             "What is left of it on all labels, a mean over the steps of a phase.",
             {{"clone.loss", "loss"}},
             nets::PartChart::kLogarithmic}};
  };
  info.new_policy = NewClonePolicy;
  info.step_sizes = [](const config::Settings& s) {
    return s.Of<CloneSettings>().epochs > 0 ? std::vector<std::string>{"clone.lr"} : std::vector<std::string>();
  };
  info.findings = Findings;
  return info;
}

}  // namespace

const nets::PartInfo& CloneInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::learn
