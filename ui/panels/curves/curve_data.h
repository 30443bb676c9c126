// curve_data.h: the columns behind the curves, made from the records of executed episodes.
//
// Pure: no ImGui call, so that every number that is drawn can be tested. A run that grows costs what it gained:
// columns, smoothing and pyramids take in the new episodes and no frame looks at the old ones again.
//
// Smoothing comes before decimation. A chosen smoothing of n episodes weighs the past by 1 - 1/n; "by length" is 12 up
// to 2,400 episodes and doubles whenever the run does. Each policy's own curve is smoothed over its own episodes.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "engine/record/fraction_counter.h"
#include "engine/record/snapshot.h"
#include "ui/figure/axis.h"
#include "ui/figure/chart.h"
#include "ui/figure/event_marks.h"
#include "ui/figure/min_max_pyramid.h"
#include "ui/figure/smoothing.h"
#include "ui/kit/draw.h"
#include "ui/view/curve_charts.h"
#include "ui/view/ui_state.h"

namespace equipoise::ui {

struct CurveOptions {
  XAxis x_axis = XAxis::kEpisode;
  uint64_t charts = kUsualCharts;
  int smoothing = 0;  // as CurvesView
  int fraction_window = 20;
  nets::PartList parts = {};  // of the agent whose episodes they are
  bool operator==(const CurveOptions& o) const {
    return x_axis == o.x_axis && charts == o.charts && smoothing == o.smoothing &&
           fraction_window == o.fraction_window && parts.SameIds(o.parts);
  }
};

struct CurveSeries {            // one number for each episode to which it applies
  std::vector<uint32_t> entry;  // index of the episode
  std::vector<double> x, y;
  std::vector<double> smoothed;  // empty unless it is to be smoothed
  MinMaxPyramid levels, smoothed_levels;
  Smoother smoother{0};
  bool smooths = false;

  void Reserve(size_t episodes);
  void Add(size_t which, double at, double value);
  void Level();  // after the last Add
  // Of the episode with this index; nothing where the series does not apply.
  std::optional<double> ValueAt(size_t which) const;
  std::optional<double> SmoothedAt(size_t which) const;
};

struct CurveBounds {  // 5 and 95 % of what the masks predicted for a policy; NaN where another one acted
  std::vector<double> lo, hi;
  MinMaxPyramid lo_levels, hi_levels;
};

struct CurveData {
  CurveOptions options;
  std::vector<int> episode;
  std::vector<Actor> actor;
  std::vector<double> x;  // rising
  int smoothing_window = 0;
  std::array<std::vector<CurveSeries>, kCurveCharts> series;  // empty for charts that are not wanted
  std::array<CurveSeries, nets::kSlots> learner;              // returns by who acted, forced or not: by slot
  CurveSeries random;
  std::array<CurveBounds, nets::kSlots> predicted;
  std::vector<ChartPhase> phases;  // of an agent whose parts act in turn, each to where the next begins
  AxisView x_fit;
  struct Fit {
    AxisView linear, logarithmic, symmetric;
    bool has_nonpositive = false, has_negative = false;
    double straight = 1;  // of the symmetric one: Axis::linear
  };
  std::array<Fit, kCurveCharts> fit;

  size_t size() const { return episode.size(); }
  const CurveSeries& Series(CurveChart chart, size_t which = 0) const {
    return series[static_cast<size_t>(chart)][which];
  }
  bool Empty(CurveChart chart) const;   // not a single value, missing ones included
  std::string NameOf(Actor who) const;  // of a learner
  // Index of the entry nearest to `at` on the x axis; size() when there is none.
  size_t Nearest(double at) const;
  // Index of an episode; size() when it was not executed.
  size_t IndexOf(int wanted_episode) const;

  run::FractionCounter fraction{run::kFractionWindow};
};

using EpisodeList = run::List<run::EpisodeSummary>;

CurveData BuildCurves(const EpisodeList& episodes, const CurveOptions& options);
// Takes in what `episodes` has beyond those in `data`.
void ExtendCurves(const EpisodeList& episodes, CurveData* data);
int SmoothingWindow(int chosen, size_t episodes);  // 1: none

// The curves of one run, kept between frames.
class CurveCache {
 public:
  const CurveData& Of(const run::SharedList<run::EpisodeSummary>& episodes, const CurveOptions& options);
  uint64_t version() const { return version_; }  // another one whenever the data changed

 private:
  run::SharedList<run::EpisodeSummary> episodes_;  // kept, so that an address is not used twice
  CurveData data_;
  uint64_t version_ = 0;
};

// "episode", "env steps", "gradient steps", "wall clock, minutes".
const char* Label(XAxis x_axis);

// Where an event lies on the x axis: just before the first episode that it touched.
double FlagPosition(const CurveData& data, int episode);
// Interventions, guards and errors: the flags. Lifecycle, notes and kept checkpoints join the ticks of the episodes.
EventMarks FlagsOf(const run::Snapshot& snapshot, const CurveData& data);
EventMarks TicksOf(const run::Snapshot& snapshot, const CurveData& data);

}  // namespace equipoise::ui
