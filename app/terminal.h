// terminal.h: a run as text: one line for each episode, and on a terminal a last line that shows the work going on.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "engine/record/snapshot.h"

namespace equipoise::app {

// Prints what is new in each snapshot it is shown.
class TerminalReport {
 public:
  TerminalReport();
  void Header(const config::Settings& settings, const std::string& folder) const;
  // What is in there already (the past of a resumed run) is not news.
  void Skip(const run::Snapshot& past);
  void Show(const run::Snapshot& snapshot);
  void ClearProgress();  // removes the last line, before anything else is printed

 private:
  bool is_terminal_;
  bool progress_shown_ = false;
  size_t episodes_shown_ = 0, events_shown_ = 0;
  double wall_seconds_ = 0;         // at the last episode shown
  double said_;                     // when the last line was printed
  std::set<std::string> findings_;  // said already, and still so
};

// "  12/60  return   34.12   1.9 s  All 20 masks favour model-based: proved. Model-based acts."
std::string EpisodeLine(const run::EpisodeSummary& record, double seconds, const config::Settings& settings,
                        const nets::PartList& parts);
// "[=====>        ] episode 12/60 | model fit 120/200 | SAC 310/400 | 1:32 left"
std::string ProgressLine(const run::Snapshot& snapshot);
int TerminalWidth();                   // of standard output, in characters; 80 when it is no terminal
std::string Duration(double seconds);  // "0:07", "12:30", "3 h 05 min"

}  // namespace equipoise::app
