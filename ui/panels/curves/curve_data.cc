#include "ui/panels/curves/curve_data.h"

#include <algorithm>
#include <cmath>

#include "ui/panels/curves/curve_fit.h"
#include "ui/view/setting_words.h"

namespace equipoise::ui {
namespace {

constexpr int kUsualSmoothing = 12;

double Position(const run::EpisodeSummary& record, XAxis x_axis) {
  switch (x_axis) {
    case XAxis::kEpisode:
      return record.episode;
    case XAxis::kEnvironmentSteps:
      return static_cast<double>(record.environment_steps);
    case XAxis::kGradientSteps:
      return static_cast<double>(record.gradient_steps);
    case XAxis::kWallTime:
      return record.wall_seconds / 60;
  }
  return 0;
}

void FitAxes(CurveData* data) {
  RangeOf x;
  if (!data->x.empty()) {
    x.Add(data->x.front());
    x.Add(data->x.back());
  }
  x.Add(data->options.x_axis == XAxis::kEpisode ? 1 : 0);
  data->x_fit = x.View(0.015);
  for (size_t chart = 0; chart < kCurveCharts; ++chart) {
    if (data->series[chart].empty()) continue;
    data->fit[chart] = FitWithin(*data, ChartTables(data->options.parts)[chart], -INFINITY, INFINITY);
  }
}

// The returns of each policy, and of random actions.
std::vector<CurveSeries*> ByActor(CurveData* data) {
  std::vector<CurveSeries*> all = {&data->random};
  for (CurveSeries& series : data->learner) all.push_back(&series);
  return all;
}

void PrepareSeries(CurveData* data) {
  const double weight = 1 - 1.0 / data->smoothing_window;
  for (const ChartTable& table : ChartTables(data->options.parts)) {
    if ((data->options.charts & Bit(table.chart)) == 0) continue;
    auto& all = data->series[static_cast<size_t>(table.chart)];
    all.resize(table.series.size());
    for (CurveSeries& series : all) {
      series.smooths = table.smoothed && data->smoothing_window > 1;
      series.smoother = Smoother(weight);
    }
  }
  for (CurveSeries* series : ByActor(data)) {
    series->smooths = data->smoothing_window > 1;
    series->smoother = Smoother(weight);
  }
}

// The last of them grows with its episodes; one begins where the one before it ends.
void AddToPhases(const Actor& actor, const std::string& name, double at, std::vector<ChartPhase>* phases) {
  const bool goes_on = !phases->empty() && phases->back().name == name;
  if (!phases->empty()) phases->back().to = at;
  if (!goes_on) phases->push_back({at, at, {actor.slot}, name});
}

std::vector<EventMark> SwitchMarks(const CurveData& data) {
  std::vector<EventMark> marks;
  for (size_t i = 0; i < data.size(); ++i) {
    EventMark mark;
    mark.x = data.x[i];
    mark.episode = data.episode[i];
    mark.actor = data.actor[i];
    mark.who = data.NameOf(mark.actor);
    if (mark.actor.forced) {
      mark.kind = MarkKind::kForced;
    } else if (i > 0 && !mark.actor.random() && mark.actor.slot != data.actor[i - 1].slot) {
      mark.kind = MarkKind::kTakesOver;
    } else {
      continue;
    }
    marks.push_back(mark);
  }
  return marks;
}

std::vector<EventMark> EventMarksOf(const run::Snapshot& snapshot, const CurveData& data, bool flags) {
  std::vector<EventMark> marks;
  if (!snapshot.events || data.size() == 0) return marks;
  for (const auto& event : *snapshot.events) {
    EventMark mark;
    mark.kind = event->number > 0 ? MarkKind::kIntervention : MarkKind::kLifecycle;
    if (event->kind == run::Event::Kind::kGuard || event->kind == run::Event::Kind::kError)
      mark.kind = MarkKind::kGuard;
    if ((mark.kind != MarkKind::kLifecycle) != flags) continue;
    mark.x = FlagPosition(data, event->episode);
    mark.number = event->number;
    mark.episode = event->episode;
    mark.text = EventSentence(*event);
    marks.push_back(mark);
  }
  return marks;
}

// Interventions that were made at once share the checkpoint from before them.
std::vector<EventMark> CheckpointMarks(const run::Snapshot& snapshot, const CurveData& data) {
  std::vector<EventMark> marks;
  if (!snapshot.events || data.size() == 0) return marks;
  std::string newest;
  for (const auto& event : *snapshot.events) {
    if (event->number <= 0 || event->checkpoint.empty() || event->checkpoint == newest) continue;
    newest = event->checkpoint;
    EventMark mark;
    mark.kind = MarkKind::kCheckpoint;
    mark.x = FlagPosition(data, event->episode);
    mark.episode = event->episode;
    mark.text =
        "Checkpoint " + newest + ": the state before episode " + std::to_string(event->episode) + ", to roll back to.";
    marks.push_back(mark);
  }
  return marks;
}

}  // namespace

void CurveSeries::Reserve(size_t episodes) {
  entry.reserve(episodes);
  x.reserve(episodes);
  y.reserve(episodes);
  if (smooths) smoothed.reserve(episodes);
}

void CurveSeries::Add(size_t which, double at, double value) {
  entry.push_back(static_cast<uint32_t>(which));
  x.push_back(at);
  y.push_back(value);
  if (smooths) smoothed.push_back(smoother.Add(value));
}

void CurveSeries::Level() {
  levels.Extend(y);
  smoothed_levels.Extend(smoothed);
}

std::optional<double> CurveSeries::ValueAt(size_t which) const {
  const auto at = std::lower_bound(entry.begin(), entry.end(), which);
  if (at == entry.end() || *at != which) return std::nullopt;
  return y[static_cast<size_t>(at - entry.begin())];
}

std::optional<double> CurveSeries::SmoothedAt(size_t which) const {
  const auto at = std::lower_bound(entry.begin(), entry.end(), which);
  if (!smooths || at == entry.end() || *at != which) return std::nullopt;
  return smoothed[static_cast<size_t>(at - entry.begin())];
}

int SmoothingWindow(int chosen, size_t episodes) {
  if (chosen > 0) return chosen;
  int window = kUsualSmoothing;
  while (static_cast<size_t>(window) * 200 < episodes) window *= 2;
  return window;
}

CurveData BuildCurves(const EpisodeList& episodes, const CurveOptions& options) {
  CurveData data;
  data.options = options;
  data.smoothing_window = SmoothingWindow(options.smoothing, episodes.size());
  data.fraction = run::FractionCounter(options.fraction_window);
  PrepareSeries(&data);
  // Columns that grow by doubling would take half as much again.
  data.episode.reserve(episodes.size());
  data.actor.reserve(episodes.size());
  data.x.reserve(episodes.size());
  for (std::vector<CurveSeries>& all : data.series)
    for (CurveSeries& series : all) series.Reserve(episodes.size());
  for (const nets::PartInfo* part : options.parts.Learners()) {
    CurveBounds& bounds = data.predicted[static_cast<size_t>(options.parts.SlotOf(part->id))];
    bounds.lo.reserve(episodes.size());
    bounds.hi.reserve(episodes.size());
  }
  ExtendCurves(episodes, &data);
  return data;
}

void ExtendCurves(const EpisodeList& episodes, CurveData* data) {
  const double nan = std::nan("");
  const std::vector<ChartTable>& tables = ChartTables(data->options.parts);
  for (size_t i = data->size(); i < episodes.size(); ++i) {
    const run::EpisodeSummary& record = *episodes[i];
    // A clock that was set back must not break the order that the charts rely on.
    const double at = std::max(data->x.empty() ? -1e300 : data->x.back(), Position(record, data->options.x_axis));
    const Actor actor = ActorOf(data->options.parts, record.decision.pick, record.decision.reason);
    data->episode.push_back(record.episode);
    data->actor.push_back(actor);
    data->x.push_back(at);
    if (!data->options.parts.phases().empty() && !actor.random())
      AddToPhases(actor, data->options.parts.PhaseOf(record.decision.pick.id()), at, &data->phases);
    (actor.random() ? data->random : data->learner[static_cast<size_t>(actor.slot)]).Add(i, at, record.episode_return);
    // The prediction is for the policy that acted: where another one takes over, a new band begins.
    for (const nets::PartInfo* part : data->options.parts.Learners()) {
      const int slot = data->options.parts.SlotOf(part->id);
      CurveBounds& bounds = data->predicted[static_cast<size_t>(slot)];
      const bool its = actor.slot == slot;
      bounds.lo.push_back(its ? record.predicted_lo : nan);
      bounds.hi.push_back(its ? record.predicted_hi : nan);
    }
    const double fraction = actor.random()
                                ? data->fraction.value()
                                : data->fraction.Add(data->options.parts.ModelFree(record.decision.pick.id()));
    for (size_t chart = 0; chart < kCurveCharts; ++chart) {
      std::vector<CurveSeries>& all = data->series[chart];
      for (size_t k = 0; k < all.size(); ++k) {
        std::optional<double> value = ValueOf(tables[chart].series[k], record);
        if (!value) continue;
        if (tables[chart].chart == CurveChart::kFraction) value = fraction;
        all[k].Add(i, at, *value);
      }
    }
  }
  for (auto& all : data->series) {
    for (CurveSeries& series : all) series.Level();
  }
  for (CurveSeries* series : ByActor(data)) series->Level();
  for (CurveBounds& bounds : data->predicted) {
    bounds.lo_levels.Extend(bounds.lo);
    bounds.hi_levels.Extend(bounds.hi);
  }
  FitAxes(data);
}

const CurveData& CurveCache::Of(const run::SharedList<run::EpisodeSummary>& episodes, const CurveOptions& options) {
  static const EpisodeList kNone;
  if (version_ > 0 && episodes == episodes_ && options == data_.options) return data_;
  const EpisodeList& now = episodes ? *episodes : kNone;
  const size_t had = data_.size();
  const bool grown = version_ > 0 && options == data_.options && had > 0 && now.size() >= had &&
                     now[had - 1] == (*episodes_)[had - 1] && now.front() == episodes_->front() &&
                     SmoothingWindow(options.smoothing, now.size()) == data_.smoothing_window;
  if (grown) {
    ExtendCurves(now, &data_);
  } else {
    data_ = BuildCurves(now, options);
  }
  episodes_ = episodes;
  ++version_;
  return data_;
}

std::string CurveData::NameOf(Actor who) const {
  for (const nets::PartInfo* part : options.parts.Learners())
    if (options.parts.SlotOf(part->id) == who.slot) return part->name;
  return "";
}

bool CurveData::Empty(CurveChart chart) const {
  const auto& all = series[static_cast<size_t>(chart)];
  return std::all_of(all.begin(), all.end(), [](const CurveSeries& s) { return s.y.empty(); });
}

size_t CurveData::Nearest(double at) const {
  if (x.empty()) return 0;
  const size_t above = static_cast<size_t>(std::lower_bound(x.begin(), x.end(), at) - x.begin());
  if (above == 0) return 0;
  if (above == x.size()) return above - 1;
  return at - x[above - 1] < x[above] - at ? above - 1 : above;
}

size_t CurveData::IndexOf(int wanted_episode) const {
  const auto found = std::lower_bound(episode.begin(), episode.end(), wanted_episode);
  return found != episode.end() && *found == wanted_episode ? static_cast<size_t>(found - episode.begin()) : size();
}

const char* Label(XAxis x_axis) {
  switch (x_axis) {
    case XAxis::kEpisode:
      return "episode";
    case XAxis::kEnvironmentSteps:
      return "env steps";
    case XAxis::kGradientSteps:
      return "gradient steps";
    case XAxis::kWallTime:
      return "wall clock, minutes";
  }
  return "";
}

double FlagPosition(const CurveData& data, int episode) {
  const auto found = std::lower_bound(data.episode.begin(), data.episode.end(), episode);
  const size_t i = static_cast<size_t>(found - data.episode.begin());
  if (i == data.size()) return data.x.empty() ? 0 : data.x.back();
  return i == 0 ? data.x[0] : 0.5 * (data.x[i - 1] + data.x[i]);
}

EventMarks FlagsOf(const run::Snapshot& snapshot, const CurveData& data) {
  return EventMarks(EventMarksOf(snapshot, data, true));
}

EventMarks TicksOf(const run::Snapshot& snapshot, const CurveData& data) {
  std::vector<EventMark> marks = SwitchMarks(data);
  for (const std::vector<EventMark>& more : {EventMarksOf(snapshot, data, false), CheckpointMarks(snapshot, data)})
    marks.insert(marks.end(), more.begin(), more.end());
  return EventMarks(std::move(marks));
}

}  // namespace equipoise::ui
