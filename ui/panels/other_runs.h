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

#include "engine/run/run_curves.h"
#include "engine/run/snapshot.h"
#include "ui/panels/curve_data.h"

namespace equipoise::ui {

struct OtherRun {
  std::string folder, name, task, agent, preset, problem;
  int seed = 0;
  bool steered = false;
  run::SharedList<run::EpisodeRecord> episodes;
};
std::shared_ptr<const OtherRun> ReadOtherRun(const std::string& folder);

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

// The runs of one agent on one chart: each faintly, their mean and a band of one standard deviation.
struct OverlayGroup {
  std::string agent;
  std::vector<run::CurveLine> lines;  // of the other runs
  run::CurveBand band;                // this run included when it has the same agent
  RangeOf reach;                      // of the band
};
struct OverlaySeries {
  std::vector<OverlayGroup> groups;
};
// For series `which` of a chart. `own` may be null; `agent` is its agent.
OverlaySeries Overlay(const std::vector<std::pair<std::string, const CurveData*>>& others, const CurveData* own,
                      const std::string& agent, CurveChart chart, size_t which);

}  // namespace equipoise::ui
