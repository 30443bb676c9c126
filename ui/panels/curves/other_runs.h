// other_runs.h: other run folders, read beside the window's work and drawn behind this run's curves.
//
// Reading happens on a thread of its own, so that a long log holds up no frame; a folder that grows is read again, at
// most every few seconds. A folder that cannot be read says so in `problem` and draws nothing.
//
// Thread   window thread
#pragma once

#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/browse/run_curves.h"
#include "engine/record/episode_reader.h"
#include "engine/record/snapshot.h"
#include "engine/store/run_description.h"
#include "ui/panels/curves/curve_data.h"

namespace equipoise::ui {

struct OtherRun {
  std::string folder, name, problem;
  run::RunIdentity identity;
  std::optional<store::ForkedFrom> forked;
  run::SharedList<run::EpisodeSummary> episodes;
};
// One of them, read again when it has grown: the episodes that were there stay the same ones, so that curves of them
// are only extended. One thread at a time.
class OtherRunReader {
 public:
  explicit OtherRunReader(const std::string& folder) : folder_(folder), reader_(folder) {}
  std::shared_ptr<const OtherRun> Read();

 private:
  const std::string folder_;
  run::EpisodeReader reader_;
  EpisodeList episodes_;
};

struct RunChoice {  // a folder that might be drawn too
  std::string folder, name, agent, preset;
  int seed = 0;
};
// Run folders beside `directory` with the same task, by name; itself left out.
std::vector<RunChoice> RunsBeside(const std::string& directory, const std::string& task);

class OtherRuns {
 public:
  // The runs of `folders` that have been read so far, in that order. `wait`: read them before returning.
  std::vector<std::shared_ptr<const OtherRun>> Of(const std::vector<std::string>& folders, double now_seconds,
                                                  bool wait);
  bool reading() const;

 private:
  struct Entry {
    std::shared_ptr<const OtherRun> run;
    std::shared_ptr<OtherRunReader> reader;  // of the thread while `next` is valid
    std::future<std::shared_ptr<const OtherRun>> next;
    uintmax_t bytes = 0;  // of the log when it was last read
    double looked_at = -1e9;
  };
  std::map<std::string, Entry> entries_;
};

// Which series of a chart the other runs draw: one, or they would hide what this run does. It is the one chosen in the
// legend when this run has it, else the first that this run has; none when it has none.
std::optional<size_t> OverlaidSeries(const std::vector<CurveSeries>& own, size_t chosen);
// The one that a click in the legend leads to: the next that this run has, the first after the last.
size_t NextOverlaid(const std::vector<CurveSeries>& own, size_t now);

// How this run was started, whatever was changed since; and what it was forked from.
run::RunIdentity IdentityOf(const run::Snapshot& snapshot);
std::optional<store::ForkedFrom> ForkedFromOf(const run::Snapshot& snapshot);

// The runs of one group (engine/browse/run_groups.h) on one chart: each faintly, their mean and a band of one standard
// deviation.
struct OverlayGroup {
  size_t group = 0;                   // index in the list of groups
  std::vector<run::CurveLine> lines;  // of the other runs
  std::vector<size_t> runs;           // whose they are: index in the list of runs, this run being 0
  run::CurveBand band;                // this run included when it is of the group
  RangeOf reach;                      // of the band
};
struct OverlaySeries {
  std::vector<OverlayGroup> groups;
};
// For series `which` of a chart. `runs`: this run first, or null, then the others; `groups` is of the same runs.
// `other` minus `own` wherever both have a value, at the x of `other`.
run::CurveLine Difference(const run::CurveLine& other, const run::CurveLine& own);
// What such a series draws: smoothed where it is smoothed.
run::CurveLine LineOf(const CurveSeries& series);
OverlaySeries Overlay(const std::vector<const CurveData*>& runs, const std::vector<run::RunGroup>& groups,
                      CurveChart chart, size_t which);

}  // namespace equipoise::ui
