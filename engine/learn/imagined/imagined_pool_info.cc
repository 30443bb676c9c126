// What imagined steps are called, what is told of them, and what can be wrong with them.
#include "engine/learn/imagined/imagined_pool.h"
#include "engine/learn/imagined/imagined_pool_settings.h"

namespace equipoise::learn {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;
using nets::Trouble;

constexpr double kManyDropped = 0.1;

std::vector<Finding> Findings(const Readings& r) {
  const ImaginedPoolSettings& s = r.settings.Of<ImaginedPoolSettings>();
  std::vector<Finding> found;
  const nets::Remedy shorter{s.length_last > 1, "lower pool.length_last"};
  if (const double dropped = r.Mean("pool.dropped_share"); dropped > kManyDropped)
    found.push_back({"pool.not-finite",
                     Format("%.0f %% of the imagined steps are not finite and are left out.", 100 * dropped),
                     Helping({shorter})});
  if (const double clamped = r.Mean("pool.clamped_fraction"); clamped >= nets::kLeavesDataShare)
    found.push_back(
        {"pool.leaves-data",
         Format("Branches leave the data: %.2g %% of their states lie beyond anything seen.", 100 * clamped),
         Helping({shorter, {r.goes_on, "wait for data"}})});
  return found;
}

nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = "pool";
  info.title = info.name = "imagined steps";
  info.short_name = "Pool";
  info.unit = "branch";
  info.kind = nets::PartInfo::Kind::kData;
  info.scalars = [](const config::Settings*) -> std::vector<std::string> {
    return {"pool.rows",          "pool.length", "pool.age",         "pool.clamped_fraction",
            "pool.dropped_share", "pool.reward", "pool.real_reward", "pool.disagreement"};
  };
  info.dials = [](const config::Settings&) -> std::vector<nets::Dial> {
    return {{"pool.branches_per_step", "Branches", nets::Dial::kWork},
            {"pool.length_last", "Branch length", nets::Dial::kLast}};
  };
  info.charts = []() -> std::vector<nets::PartChart> {
    return {{"length",
             "Branches",
             "steps, and fits of the model",
             "How long new branches are, and how old the oldest kept one is.",
             {{"pool.length", "length"}, {"pool.age", "age"}}},
            {"reward",
             "Reward of imagined steps",
             "raw, mean of a step",
             "Of the newest branches, beside that of recorded steps.",
             {{"pool.reward", "imagined"}, {"pool.real_reward", "recorded"}}},
            {"disagreement",
             "Disagreement",
             "sd of the data",
             "How far the beliefs are apart at the ends of branches.",
             {{"pool.disagreement", "at the ends"}},
             nets::PartChart::kLogarithmic}};
  };
  info.findings = Findings;
  return info;
}

}  // namespace

const nets::PartInfo& ImaginedPoolInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::learn
