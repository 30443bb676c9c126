#include "ui/panels/curves/curve_frame.h"
#include "engine/agent/recipes.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>

#include "ui/kit/picture.h"
#include "ui/kit/tooltip.h"
#include "ui/panels/curves/curve_fit.h"
#include "ui/panels/curves/fork_marks.h"
#include "ui/plot/legend.h"
#include "ui/view/facts.h"
#include "ui/view/setting_words.h"

namespace equipoise::ui {

struct CurvesMemory {
  CurveCache own;
  struct Other {
    std::shared_ptr<const OtherRun> run;
    CurveCache curves;
    const CurveData* data = nullptr;
  };
  std::map<std::string, Other> others;
  std::vector<const CurveData*> drawn;  // this run, then the others
  std::vector<run::RunGroup> groups;    // of drawn
  std::string identity_of;              // folder and steered or not of this run
  run::RunIdentity identity;
  std::optional<store::ForkedFrom> forked;
  std::vector<EventMark> partings;  // where others that are forks part from this run
  EventMarks flags, ticks, none;
  run::SharedList<run::Event> events;
  uint64_t events_version = 0;
  std::vector<uint64_t> overlay_version;
  std::map<std::pair<int, size_t>, OverlaySeries> overlays;
  std::map<size_t, run::CurveLine> differences;  // of returns, by run
  std::vector<std::string> names;                // of drawn
};

namespace {

// True: others than in the frame before, or they have grown.
bool PrepareOthers(const CurveOptions& options, OtherRuns* reader, CurvesFrame* frame) {
  CurvesMemory* kept = &frame->memory;
  std::vector<uint64_t> version = {kept->own.version(), frame->snapshot.steered};
  std::vector<const OtherRun*> others;
  kept->drawn = {&frame->data};
  kept->names = {RunName(frame->snapshot)};
  for (const auto& run : reader->Of(frame->state.view.curves.others, frame->state.clock.now, DrawingPicture())) {
    if (!run->problem.empty()) {
      frame->problems.push_back(run->name + ": " + run->problem);
      continue;
    }
    CurvesMemory::Other& other = kept->others[run->folder];
    other.run = run;
    other.data = &other.curves.Of(run->episodes, options);
    kept->drawn.push_back(other.data);
    kept->names.push_back(run->name);
    others.push_back(run.get());
    version.push_back(reinterpret_cast<uintptr_t>(other.data));
    version.push_back(other.curves.version());
  }
  frame->reading = reader->reading();
  if (version == kept->overlay_version) return false;
  kept->overlay_version = version;
  kept->overlays.clear();
  kept->differences.clear();
  kept->groups.clear();
  kept->partings.clear();
  if (others.empty()) return true;
  const run::RunInfo* info = frame->snapshot.info.get();
  const std::string of = (info != nullptr ? info->directory : "") + (frame->snapshot.steered ? "\nsteered" : "");
  if (kept->identity_of != of || of.empty()) {
    kept->identity = IdentityOf(frame->snapshot);
    kept->forked = ForkedFromOf(frame->snapshot);
  }
  kept->identity_of = of;
  const Relation own{info != nullptr ? info->directory : "", kept->forked};
  for (size_t i = 0; i < others.size(); ++i) {
    if (!AreForks(own, {others[i]->folder, others[i]->forked})) continue;
    if (const auto episode = FirstDiffering(frame->data, *kept->drawn[i + 1]))
      kept->partings.push_back(PartingMark(frame->data, *episode, others[i]->name));
  }
  std::vector<run::RunIdentity> identities = {kept->identity};
  for (const OtherRun* run : others) identities.push_back(run->identity);
  kept->groups = run::GroupRuns(identities);
  return true;
}

void SetFocus(CurvesFrame* frame) {
  const CurveData& data = frame->data;
  frame->focus = data.size() > 0 ? data.size() - 1 : 0;
  for (const auto& wanted : {frame->state.selection.episode, frame->state.selection.hovered}) {
    const size_t i = wanted ? data.IndexOf(*wanted) : data.size();
    if (i >= data.size()) continue;
    frame->focus = i;
    frame->focus_is_newest = false;
  }
}

void Include(const AxisView& more, AxisView* view) {
  view->lo = std::min(view->lo, more.lo);
  view->hi = std::max(view->hi, more.hi);
}

std::string WhyNothing(const CurvesFrame& frame, const ChartTable& table) {
  if (frame.data.size() == 0) return "No episode yet.";
  if (!frame.data.Empty(table.chart)) return "";
  if (table.needs_model && !frame.data.options.parts.HasModel()) return "This agent has no model.";
  return table.needs_model ? "Nothing to measure until the model has been fitted." : "Nothing has been measured yet.";
}

}  // namespace

CurvesFrame PrepareCurves(PanelContext& context) {
  UiState& state = context.state;
  CurvesMemory& kept = state.memory.OfRun<CurvesMemory>();
  CurvesView& view = state.view.curves;
  if (view.zoomed != view.x_axis) {
    view.zoomed = view.x_axis;
    view.x.fit = true;
  }
  const nets::PartList& parts = PartsOf(context.snapshot);
  uint64_t wanted = Bit(CurveChart::kReturn);
  for (const ChartTable& table : ChartTables(parts))
    if (view.Shows(table)) wanted |= Bit(table.chart);
  const CurveOptions options{view.x_axis, wanted, view.smoothing, view.fraction_window, parts};
  const CurveData& data = kept.own.Of(context.snapshot.episodes, options);
  const bool events = view.events;
  CurvesFrame frame{
      context.snapshot, state, kept, data, events ? kept.flags : kept.none, events ? kept.ticks : kept.none, {}};
  const bool others = PrepareOthers(options, &state.memory.OfWindow<OtherRuns>(), &frame);
  if (others || kept.events_version != kept.own.version() || kept.events != context.snapshot.events) {
    kept.events_version = kept.own.version();
    kept.events = context.snapshot.events;
    std::vector<EventMark> flags = FlagsOf(context.snapshot, data).all();
    flags.insert(flags.end(), kept.partings.begin(), kept.partings.end());
    kept.flags = EventMarks(std::move(flags));
    kept.ticks = TicksOf(context.snapshot, data);
  }
  SetFocus(&frame);
  return frame;
}

const OverlaySeries& OverlayOf(const CurvesFrame& frame, CurveChart chart, size_t which) {
  CurvesMemory& kept = frame.memory;
  const auto [entry, is_new] = kept.overlays.try_emplace({static_cast<int>(chart), which});
  if (is_new) entry->second = Overlay(kept.drawn, kept.groups, chart, which);
  return entry->second;
}

const std::vector<run::RunGroup>& OverlaidGroups(const CurvesFrame& frame) { return frame.memory.groups; }

std::string GroupName(const run::RunGroup& group) {
  const agent::Recipe* recipe = agent::FindRecipe(group.agent);
  const std::string agent = recipe != nullptr ? recipe->short_title : group.agent;
  const std::string distinction = InWords(run::Distinction(group), true);
  return agent + (distinction.empty() ? "" : ", " + distinction);
}

ImU32 GroupColor(const CurvesFrame& frame, size_t group) {
  const std::vector<run::RunGroup>& groups = OverlaidGroups(frame);
  size_t further = 0;  // groups up to this one that are not their agent's first
  bool is_first = true;
  for (size_t g = 0; g <= group; ++g) {
    is_first = g == 0 || groups[g].agent != groups[g - 1].agent;
    further += is_first ? 0 : 1;
  }
  const std::string& agent = groups[group].agent;
  const nets::PartList parts = agent::PartsOf(agent);
  const std::vector<const nets::PartInfo*> learners = parts.Learners();
  // The colour of its only learner; an agent of several has none of theirs.
  if (is_first) return learners.size() == 1 ? ActorColor({parts.SlotOf(learners[0]->id)}) : Colors().secondary;
  constexpr size_t kFirst = 2;  // colours that no learner of today's agents has
  const auto& colors = Colors().learner;
  return colors[kFirst + (further - 1) % (colors.size() - kFirst)];
}

ImU32 RunColor(size_t run) {
  constexpr size_t kFirst = 2;  // colours that no learner of today's agents has
  const auto& colors = Colors().learner;
  return colors[kFirst + (run - 1) % (colors.size() - kFirst)];
}

std::vector<OverlaidRun> OverlaidRuns(const CurvesFrame& frame) {
  std::vector<OverlaidRun> out;
  const CurvesMemory& kept = frame.memory;
  if (kept.drawn.size() < 2 || frame.data.size() == 0) return out;
  const double x = frame.data.x[frame.focus];
  const auto value = [&](const CurveData& run) {
    return run.Empty(CurveChart::kReturn) ? NAN : run::ValueAt(LineOf(run.Series(CurveChart::kReturn)), x);
  };
  const double own = value(frame.data);
  for (size_t i = 1; i < kept.drawn.size(); ++i) {
    const double there = value(*kept.drawn[i]);
    out.push_back({kept.names[i], RunColor(i), there, there - own});
  }
  return out;
}

bool ShowsDifference(const CurvesFrame& frame) {
  return frame.state.view.curves.difference && frame.memory.drawn.size() > 1;
}

void AddDifferences(const CurvesFrame& frame, ChartSpec* spec) {
  CurvesMemory& kept = frame.memory;
  if (frame.data.size() == 0) return;
  RangeOf range;
  range.Add(0);
  for (size_t i = 1; i < kept.drawn.size(); ++i) {
    if (kept.drawn[i]->Empty(CurveChart::kReturn)) continue;
    const auto [entry, is_new] = kept.differences.try_emplace(i);
    if (is_new)
      entry->second = Difference(LineOf(kept.drawn[i]->Series(CurveChart::kReturn)),
                                 LineOf(frame.data.Series(CurveChart::kReturn)));
    range.Add(entry->second.y);
    spec->lines.push_back({&entry->second.x, &entry->second.y, RunColor(i), 1.6f});
    spec->lines.back().missing = false;
  }
  spec->y_scale = AxisScale::kLinear;
  spec->y_strip = false;
  spec->y_fit = range.View(0.06);
  spec->references.push_back(0);
  spec->nothing.clear();
}

unsigned GroupBit(size_t group) { return 16 + static_cast<unsigned>(std::min<size_t>(group, 15)); }

AxisView WholeX(const CurvesFrame& frame) {
  AxisView whole = frame.data.x_fit;
  for (const CurveData* run : frame.memory.drawn) Include(run->x_fit, &whole);
  if (!frame.state.view.curves.x_log) return whole;
  RangeOf positive;  // random episodes have no place on it
  for (const CurveData* run : frame.memory.drawn) {
    const auto first = std::upper_bound(run->x.begin(), run->x.end(), 0.0);
    if (first == run->x.end()) continue;
    positive.Add(*first);
    positive.Add(run->x.back());
  }
  return positive.View(0.015, AxisScale::kLog);
}

ChartSpec LinkedSpec(const CurvesFrame& frame, const ChartTable& table) {
  const auto chart = static_cast<size_t>(table.chart);
  const bool zoomed = !frame.state.view.curves.x.fit;
  const AxisView& in_view = frame.state.view.curves.x;
  const auto fit_of = [&](const CurveData& run) {
    return zoomed ? FitWithin(run, table, in_view.lo, in_view.hi) : run.fit[chart];
  };
  CurveData::Fit fit = fit_of(frame.data);
  ChartSpec spec;
  spec.x_fit = WholeX(frame);
  for (const CurveData* other : frame.memory.drawn) {  // the other runs are to be seen whole too
    if (other->Empty(table.chart)) continue;
    const CurveData::Fit more = fit_of(*other);
    if (other == &frame.data) continue;
    Include(more.linear, &fit.linear);
    Include(more.logarithmic, &fit.logarithmic);
    Include(more.symmetric, &fit.symmetric);
    fit.has_negative |= more.has_negative;
    fit.has_nonpositive |= more.has_nonpositive;
    fit.straight = std::min(fit.straight, more.straight);
  }
  spec.flags = &frame.flags;
  spec.ticks = &frame.ticks;
  spec.phases = frame.data.phases;
  spec.x_whole = frame.state.view.curves.x_axis != XAxis::kWallTime;
  spec.x_label = Label(frame.state.view.curves.x_axis);
  if (frame.state.view.curves.x_log) spec.x_label += ", log";
  const bool logarithmic = frame.Logarithmic(table);
  const bool symmetric = logarithmic && fit.has_negative;  // values of both signs, or negative ones alone
  spec.y_scale = symmetric ? AxisScale::kSymmetric : logarithmic ? AxisScale::kLog : AxisScale::kLinear;
  spec.y_fit = symmetric ? fit.symmetric : logarithmic ? fit.logarithmic : fit.linear;
  spec.y_linear = fit.straight;
  spec.y_strip = logarithmic && !symmetric && fit.has_nonpositive;
  spec.x_scale = frame.state.view.curves.x_log ? AxisScale::kLog : AxisScale::kLinear;
  spec.y_fixed = spec.percent = table.percent;
  const auto position = [&](const std::optional<int>& episode) -> std::optional<double> {
    const size_t i = episode ? frame.data.IndexOf(*episode) : frame.data.size();
    if (i >= frame.data.size()) return std::nullopt;
    return frame.data.x[i];
  };
  spec.hovered_x = position(frame.state.selection.hovered);
  spec.selected_x = position(frame.state.selection.episode);
  spec.nothing = WhyNothing(frame, table);
  spec.x_is_known = frame.data.size() > 0;
  const double reference = ReferenceOf(table, frame.snapshot.settings.get());
  if (std::isfinite(reference)) spec.references.push_back(reference);
  return spec;
}

void AddOverlay(const CurvesFrame& frame, CurveChart chart, size_t which, ChartSpec* spec) {
  if (frame.state.view.curves.others.empty()) return;
  const uint32_t hidden = frame.View(CurveChart::kReturn).hidden;
  const bool may_grow = !spec->y_fixed && !TableOf(frame.data.options.parts, chart).wild;
  for (const OverlayGroup& group : OverlayOf(frame, chart, which).groups) {
    if (!Shown(hidden, GroupBit(group.group))) continue;
    const ImU32 color = GroupColor(frame, group.group);
    if (group.band.runs > 1) {
      // Two runs lie closer to their mean than one standard deviation.
      if (may_grow && !group.reach.empty())
        Include(group.reach.View(0.04, spec->y_scale, spec->y_linear), &spec->y_fit);
      spec->bands.push_back(
          {&group.band.x, &group.band.lo, &group.band.hi, WithAlpha(color, Colors().light ? 0.14f : 0.16f)});
    }
    for (size_t k = 0; k < group.lines.size(); ++k) {
      const run::CurveLine& line = group.lines[k];
      spec->lines.push_back({&line.x, &line.y, WithAlpha(RunColor(group.runs[k]), 0.9f), 1.4f});
      spec->lines.back().missing = false;
      spec->lines.back().name = frame.memory.names[group.runs[k]];
    }
    if (group.band.runs < 2) continue;
    const bool dashed = agent::PartsOf(OverlaidGroups(frame)[group.group].agent).learners() < 2;
    spec->lines.push_back({&group.band.x, &group.band.mean, color, 1.8f, dashed});
    spec->lines.back().missing = false;
  }
}

void FollowCurves(const CurvesFrame& frame, const ChartResult& result) {
  UiState& state = frame.state;
  if (result.fitted) {
    state.view.curves.FollowTheData();
    state.selection.episode.reset();
  }
  if (!result.hovered_events.empty()) Tooltip(result.hovered_events);
  if (!result.hovered || frame.data.size() == 0) return;
  const int episode = frame.data.episode[frame.data.Nearest(result.x)];
  state.selection.next_hovered = episode;
  if (result.clicked) state.selection.Toggle(episode);
}

}  // namespace equipoise::ui
