// The scalars of an episode as a row of progress.csv and as TensorBoard numbers (declared in records.h).
#include <cmath>

#include "engine/config/settings.h"
#include "engine/record/records.h"

namespace equipoise::run {
namespace {

const std::string kImaginedReturn = "imagined_return_";

std::string Cell(double value) { return std::isnan(value) ? "" : config::ToText(value); }

}  // namespace

std::vector<std::string> ProgressColumns(const nets::PartList& parts, const config::Settings& settings) {
  std::vector<std::string> columns = {"episode",        "pick",
                                      "reason",         "proved",
                                      "episode_return", "environment_steps",
                                      "gradient_steps", "fraction_model_free",
                                      "masks_positive", "delta_least",
                                      "delta_mean",     "delta_spread"};
  if (parts.HasModel())
    for (const nets::PartInfo* part : parts.Learners()) columns.push_back(kImaginedReturn + part->id);
  for (const char* name :
       {"predicted_mean", "predicted_lo", "predicted_hi", "nll", "nll_distractors", "coverage", "guard_tripped"})
    columns.emplace_back(name);
  for (const nets::PartInfo& part : parts.all()) {
    const std::vector<std::string> scalars = part.scalars(settings);
    columns.insert(columns.end(), scalars.begin(), scalars.end());
  }
  columns.push_back("clock.wall_seconds");
  return columns;
}

store::Row ProgressRow(const EpisodeRecord& r) {
  store::Row row;
  for (const auto& [name, number] : r.scalars) row[name] = Cell(number);
  row["episode"] = std::to_string(r.episode);
  row["pick"] = r.decision.pick.id();
  row["reason"] = eps::Name(r.decision.reason);
  row["episode_return"] = Cell(r.episode_return);
  row["environment_steps"] = std::to_string(r.environment_steps);
  row["gradient_steps"] = std::to_string(r.gradient_steps);
  row["fraction_model_free"] = Cell(r.fraction_model_free);
  if (r.decision.checked) {
    const eps::DecisionSummary summary = eps::Summarise(r.decision);
    row["proved"] = r.decision.proved ? "1" : "0";
    row["masks_positive"] = std::to_string(summary.positive);
    row["delta_least"] = Cell(summary.least);
    row["delta_mean"] = Cell(summary.mean);
    row["delta_spread"] = Cell(summary.spread);
    for (const auto& imagined : summary.mean_returns) row[kImaginedReturn + imagined.policy.id()] = Cell(imagined.mean);
  }
  row["predicted_mean"] = Cell(r.predicted_mean);
  row["predicted_lo"] = Cell(r.predicted_lo);
  row["predicted_hi"] = Cell(r.predicted_hi);
  row["nll"] = Cell(r.nll);
  row["nll_distractors"] = Cell(r.nll_distractors);
  row["coverage"] = Cell(r.coverage);
  row["guard_tripped"] = r.guard_tripped ? "1" : "0";
  row["clock.wall_seconds"] = Cell(r.wall_seconds);
  return row;
}

std::map<std::string, double> ScalarsOf(const EpisodeRecord& r) {
  std::map<std::string, double> out = r.scalars;
  out["episode.return"] = r.episode_return;
  out["episode.return_" + r.decision.pick.id()] = r.episode_return;
  out["episode.predicted_return"] = r.predicted_mean;
  out["episode.fraction_model_free"] = r.fraction_model_free;
  out["model.nll_new_episode"] = r.nll;
  out["model.nll_distractors"] = r.nll_distractors;
  out["model.coverage"] = r.coverage;
  if (r.decision.checked) {
    const eps::DecisionSummary summary = eps::Summarise(r.decision);
    out["check.delta_least"] = summary.least;
    out["check.delta_mean"] = summary.mean;
    out["check.delta_spread"] = summary.spread;
    out["check.masks_positive"] = summary.positive;
    for (const auto& imagined : summary.mean_returns) out["check.return_" + imagined.policy.id()] = imagined.mean;
  }
  return out;
}

}  // namespace equipoise::run
