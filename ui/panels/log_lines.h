// log_lines.h: what happened, one plain sentence a line, made from the records of a run.
//
// Pure: no ImGui call. A line is an index until it is drawn, so that a run of many thousand episodes costs no text.
#pragma once

#include <string>
#include <vector>

#include "engine/record/snapshot.h"
#include "ui/view/ui_state.h"

namespace equipoise::ui {

struct LogLine {
  enum class Kind : uint8_t { kEpisode, kCheck, kModel, kEvent } kind;
  size_t index;         // into the episodes or, for kEvent, into the events
  double wall_seconds;  // since the start of the run
  int episode;          // where a click goes
};

// Oldest first. kEverything holds a line for each executed episode, for its check and for what it told of the model,
// and all events; the other filters a part of these.
std::vector<LogLine> BuildLog(const run::Snapshot& snapshot, LogFilter filter);

// The sentence of a line.
std::string Text(const LogLine& line, const run::Snapshot& snapshot);
std::string EpisodeSentence(const run::EpisodeSummary& record, const nets::PartList& parts);

const char* Label(LogFilter filter);  // "everything", "episodes", "by hand", "problems"

}  // namespace equipoise::ui
