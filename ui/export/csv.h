// csv.h: what the window shows as tables for a spreadsheet (RFC 4180, a point in numbers, one header line).
//
// A number that does not apply or is not finite is an empty cell. Units stand in the header.
// Pure: no ImGui call
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/record/snapshot.h"

namespace equipoise::ui {

struct EpisodeRange {  // both ends included; random episodes count up to 0
  int first, last;
};

// Is there an episode, in the range if one is given?
bool HasEpisodes(const run::Snapshot& snapshot, std::optional<EpisodeRange> range);
// One line for each executed episode: who acted and why, return, prediction, check, model, counters.
std::string EpisodesCsv(const run::Snapshot& snapshot, std::optional<EpisodeRange> range);
// One line for each executed episode of several runs, the run's name first.
struct NamedEpisodes {
  std::string name;
  run::SharedList<run::EpisodeSummary> episodes;
};
std::string RunsCsv(const std::vector<NamedEpisodes>& runs, std::optional<EpisodeRange> range);
// One line for each mask of a decision.
std::string DecisionCsv(const eps::Decision& decision);
// One line for each imagined step: open-loop error in sd of the data, median over masks and 5-95 %.
std::string OpenLoopCsv(const run::EpisodeRecord& record);
// One line for each environment step of an episode: reward and its terms, generalised positions.
std::string TraceCsv(const run::EpisodeTrace& trace, const env::TaskInfo& task);
// One line for each intervention, guard and error.
std::string EventsCsv(const run::Snapshot& snapshot);

}  // namespace equipoise::ui
