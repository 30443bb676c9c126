// records.h: what a run writes of an episode and of an event, and reads back to the same values.
//
// One line of JSON each, to which the folder adds a "check" (store/checked_log.h). Everything that depends on how fast
// the machine is stands under the key "clock"; without it and the check, which covers it, two runs of the same settings
// write the same bytes. Numbers that are not finite: see engine/base/json.h.
//
// Thread   any; no state
// Errors   reading: a line that is not as written, with its file and line number
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/record/snapshot.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {

std::string ToLine(const EpisodeRecord& record);
std::string ToLine(const Event& event);
// `origin` (file:line) stands in errors.
Result<EpisodeRecord> EpisodeFromLine(std::string_view line, const std::string& origin);
Result<Event> EventFromLine(const std::string& line, const std::string& origin);

// The line without its "clock" and "check": what two runs of the same settings have in common.
Result<std::string> WithoutClock(const std::string& line);

// progress.csv: the fixed columns, and the numbers that the agent's parts will report.
std::vector<std::string> ProgressColumns(const nets::PartList& parts, const config::Settings& settings);
store::Row ProgressRow(const EpisodeRecord& record);
// What a row in today's words (older_names.h) still knows of its episode. "pick" and "reason" must be in it.
EpisodeRecord EpisodeFromRow(const store::Row& row);
// TensorBoard: name -> number; NaN does not apply.
std::map<std::string, double> ScalarsOf(const EpisodeRecord& record);

// Writes a record to all of the folder's logs.
Status Log(store::RunFolder* folder, const EpisodeRecord& record);
Status Log(store::RunFolder* folder, const Event& event);

Result<std::vector<Event>> ReadEvents(const std::string& folder);

struct History {
  std::vector<EpisodeRecord> episodes;
  std::vector<Event> events;
};
// Everything that a run folder remembers of its course, running or not: 10 kB an episode. Curves and lists take the few
// numbers that an EpisodeReader (episode_reader.h) hands over.
Result<History> ReadHistory(const std::string& folder);

}  // namespace equipoise::run
