// The scalars of an episode as a row of progress.csv and as TensorBoard numbers (declared in records.h).
#include <cmath>
#include <cstdlib>

#include "engine/config/settings.h"
#include "engine/record/episode_fields.h"
#include "engine/record/older_names.h"
#include "engine/record/records.h"

namespace equipoise::run {
namespace {

const std::string kImaginedReturn = "imagined_return_";

std::string Cell(double value) { return std::isnan(value) ? "" : config::ToText(value); }
std::string Cell(int64_t value) { return std::to_string(value); }
std::string Cell(int value) { return std::to_string(value); }
std::string Cell(bool value) { return value ? "1" : "0"; }

const std::string kClock = "clock.";

// Missing and empty cells are numbers that do not apply.
double NumberIn(const store::Row& row, const std::string& column) {
  const auto it = row.find(column);
  return it == row.end() || it->second.empty() ? std::nan("") : std::strtod(it->second.c_str(), nullptr);
}
void Read(const store::Row& row, const std::string& column, double& to) { to = NumberIn(row, column); }
void Read(const store::Row& row, const std::string& column, int64_t& to) {
  to = static_cast<int64_t>(NumberIn(row, column));
}
void Read(const store::Row& row, const std::string& column, bool& to) { to = NumberIn(row, column) == 1; }

}  // namespace

std::vector<std::string> ProgressColumns(const nets::PartList& parts, const config::Settings& settings) {
  std::vector<std::string> columns = {"episode", "pick", "reason", "proved"};
  const auto add = [&columns](const Field& field) { columns.emplace_back(field.name); };
  VisitCourse(add);
  VisitCheck(add);
  if (parts.HasModel())
    for (const nets::PartInfo* part : parts.Learners())
      if (part->imaginable()) columns.push_back(kImaginedReturn + part->id);
  VisitMeasured(add);
  for (const nets::PartInfo& part : parts.all()) {
    if (part.scalars == nullptr) continue;
    const std::vector<std::string> scalars = part.scalars(&settings);
    columns.insert(columns.end(), scalars.begin(), scalars.end());
  }
  VisitClock([&columns](const Field& field) { columns.push_back(kClock + field.name); });
  return columns;
}

store::Row ProgressRow(const EpisodeRecord& r) {
  store::Row row;
  for (const auto& [name, number] : r.scalars) row[name] = Cell(number);
  row["episode"] = std::to_string(r.episode);
  row["pick"] = r.decision.pick.id();
  row["reason"] = eps::Name(r.decision.reason);
  const auto put = [&row](const Field& field, const auto& value) { row[field.name] = Cell(value); };
  VisitCourse(put, r);
  VisitMeasured(put, r);
  VisitClock([&row](const Field& field, const auto& value) { row[kClock + field.name] = Cell(value); }, r);
  if (r.decision.checked) {
    const eps::DecisionSummary summary = eps::Summarise(r.decision);
    row["proved"] = Cell(r.decision.proved);
    VisitCheck(put, summary);
    for (const auto& imagined : summary.mean_returns) row[kImaginedReturn + imagined.policy.id()] = Cell(imagined.mean);
  }
  return row;
}

EpisodeRecord EpisodeFromRow(const store::Row& row) {
  EpisodeRecord r;
  r.episode = static_cast<int>(NumberIn(row, "episode"));
  r.decision.episode = r.episode;
  r.decision.pick = PickFrom(row.at("pick"));
  r.decision.reason = ReasonFrom(row.at("reason")).value_or(r.decision.reason);
  const auto read = [&row](const Field& field, auto& to) { Read(row, field.name, to); };
  VisitCourse(read, r);
  VisitMeasured(read, r);
  VisitClock([&row](const Field& field, auto& to) { Read(row, kClock + field.name, to); }, r);
  for (const auto& [name, text] : row)
    if (name.find('.') != std::string::npos && name.rfind(kClock, 0) != 0 && !text.empty())
      r.scalars[name] = std::strtod(text.c_str(), nullptr);  // a part's own, by its id
  return r;
}

std::map<std::string, double> ScalarsOf(const EpisodeRecord& r) {
  std::map<std::string, double> out = r.scalars;
  const auto put = [&out](const Field& field, const auto& value) {
    if (field.scalar != nullptr) out[field.scalar] = static_cast<double>(value);
  };
  VisitEpisode(put, r);
  out["episode.return_" + r.decision.pick.id()] = r.episode_return;
  if (r.decision.checked) {
    const eps::DecisionSummary summary = eps::Summarise(r.decision);
    VisitCheck(put, summary);
    for (const auto& imagined : summary.mean_returns) out["check.return_" + imagined.policy.id()] = imagined.mean;
  }
  return out;
}

}  // namespace equipoise::run
