// collect.h: the runs that a report is of: read, sorted into rows and columns, and what is not counted with the reason.
//
// A folder is a sweep (sweep/manifest.h: its wanted lines), a run, or holds runs. A run belongs to the row of its agent
// and of its setting's name in the sweep. Where runs of one row and one task were started with unlike settings
// (browse/run_groups.h) they become rows of their own that say what tells them apart: unlike runs are never averaged.
//
// Of a task the first E episodes count, E being what the shortest of its runs was meant to have, or as asked for; a run
// that has not so many is not counted. Neither is one that was touched by hand, unless that is asked for: then steered
// runs are rows of their own.
//
// Units    return: undiscounted sum of raw rewards; picked episodes only
// Thread   any; reads on several
// Errors   nothing to read at all; a damaged manifest. A run that cannot be read is told among the notes
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/browse/run_curves.h"

namespace equipoise::report {

struct CollectOptions {
  std::vector<std::string> folders;
  int episodes = 0;      // 0: as far as the shortest was meant to go
  bool steered = false;  // count those too
};

struct ReportRun {
  run::RunCurve curve;
  std::string task, agent, setting, failure;  // of the sweep; `setting`, `failure` "": none
  std::string state;                          // "finished", "running", "stopped", "crashed", "cut off"
  std::string reason;                         // of a crash
  int wanted = 0;                             // episodes that it is meant to have
  bool counted = false;
};

// One chart or one column: a task, or a task with something wrong in it.
struct Column {
  std::string task, failure;
  size_t episodes = 0;  // E
};
struct Row {
  std::string name, agent;
};
// Columns and the runs in them, [row][column] -> indices of counted runs by seed. A row has a run somewhere.
struct Grid {
  std::vector<Column> columns;
  std::vector<Row> rows;
  std::vector<std::vector<std::vector<size_t>>> runs;
};

struct Collected {
  std::vector<ReportRun> runs;
  Grid scores, failures;
  size_t planned = 0;              // runs that were asked for
  std::vector<std::string> notes;  // what is missing, unfinished, crashed, steered or left out; a sentence each
};
Result<Collected> Collect(const CollectOptions& options);

}  // namespace equipoise::report
