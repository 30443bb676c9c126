#include "ui/panels/curves/curve_legend.h"

#include <string>

#include <algorithm>
#include <cmath>

#include "engine/agent/recipes.h"
#include "ui/figure/ticks.h"
#include "ui/kit/explain.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/plot/legend.h"

namespace equipoise::ui {

unsigned MarksOf(int slot) {
  constexpr unsigned kFurther = 6;
  return slot < 2 ? 2u - static_cast<unsigned>(slot) : kFurther + static_cast<unsigned>(slot) - 2;
}

std::vector<LegendEntry> ActorEntries(const nets::PartList& parts, bool forces) {
  using Sign = LegendEntry::Sign;
  std::vector<LegendEntry> entries;
  std::vector<const nets::PartInfo*> learners = parts.Learners();
  for (auto part = learners.rbegin(); part != learners.rend(); ++part) {
    const int slot = parts.SlotOf((*part)->id);
    entries.push_back({Sign::kActor, (*part)->name, MarksOf(slot), {slot}, 0, (*part)->short_name});
  }
  // A forced episode is its learner's; the sign is in the colour of the first one that may be.
  if (forces) entries.push_back({Sign::kActor, "forced", kForcedMarks, {parts.SlotOf(learners.front()->id), true}});
  entries.push_back({Sign::kActor, "random", kRandomMarks, {}});
  return entries;
}

std::vector<LegendEntry> LineEntries(const CurvesFrame& frame) {
  using Sign = LegendEntry::Sign;
  std::vector<LegendEntry> entries;
  if (frame.data.smoothing_window > 1) {
    const bool apart = frame.state.view.curves.by_actor;
    const std::string smoothed =
        (apart ? "each policy over " : "smoothed over ") + std::to_string(frame.data.smoothing_window);
    entries.push_back({Sign::kLine, smoothed, kSmoothed, Actor{}, Colors().text, apart ? "by policy" : "smoothed"});
  }
  // Of who acts, by more than one belief.
  if (Applies(TableOf(frame.parts(), CurveChart::kPrediction), frame.parts()) && !frame.parts().OneBelief()) {
    const std::string masks = frame.parts().Beliefs();
    const std::string interval =
        ", 5\xe2\x80\x93"
        "95 %";
    entries.push_back(
        {Sign::kBand, "predicted by " + masks + interval, kPredicted, Actor{}, Colors().text, masks + interval});
  }
  return entries;
}

std::vector<LegendEntry> OverlayEntries(const CurvesFrame& frame) {
  using Sign = LegendEntry::Sign;
  std::vector<LegendEntry> entries;
  if (frame.state.view.curves.others.empty()) return entries;
  for (const OverlayGroup& group : OverlayOf(frame, CurveChart::kReturn, 0).groups) {
    const run::RunGroup& of = OverlaidGroups(frame)[group.group];
    const std::string name = GroupName(of);
    const std::string band = name + ": " + (group.band.runs > 1 ? run::BandName(group.band) : std::string("1 run"));
    std::string shorter = name + " " + std::to_string(group.band.runs);
    for (const run::FewerRuns& fewer : group.band.fewer)
      if (&fewer == &group.band.fewer.back()) shorter += " to " + std::to_string(fewer.runs);
    entries.push_back({agent::PartsOf(of.agent).learners() > 1 ? Sign::kLine : Sign::kDashes, band,
                       GroupBit(group.group), Actor{}, GroupColor(frame, group.group), shorter});
  }
  return entries;
}

void AddToFigure(const std::vector<LegendEntry>& entries, uint32_t hidden, ChartSpec* spec) {
  for (const LegendEntry& entry : entries)
    if (Shown(hidden, entry.bit)) spec->legend.push_back(entry);
}

float DrawOverlaidRuns(const CurvesFrame& frame, ImVec2 at, float width) {
  constexpr size_t kMost = 8;
  const std::vector<OverlaidRun> runs = OverlaidRuns(frame);
  if (runs.empty()) return 0;
  ImFont* font = GetFonts().small;
  const float row = FontSize(font) + Px(4), cell = 0.5f * (width - Px(12));
  const size_t shown = std::min(kMost, runs.size());
  for (size_t i = 0; i < shown; ++i) {
    const OverlaidRun& run = runs[i];
    const size_t line = i / 2;
    const ImVec2 p{at.x + (i % 2 == 0 ? 0 : cell + Px(12)), at.y + row * static_cast<float>(line)};
    Line({p.x, p.y + 0.5f * row}, {p.x + Px(14), p.y + 0.5f * row}, run.color, Px(2.5f));
    const std::string value = std::isfinite(run.value) ? Brief(run.value) : "\xe2\x80\x93";
    const std::string difference = std::isfinite(run.difference) ? " (" + SignedBrief(run.difference) + ")" : "";
    const float words = TextWidth(GetFonts().mono_small, value + difference);
    TextElided(font, {p.x + Px(19), p.y}, Colors().text, run.name, cell - Px(25) - words);
    TextRight(GetFonts().mono_small, {p.x + cell, p.y + Px(1)}, Colors().secondary, value + difference);
    TraceWidget("curves.run." + run.name, p, {p.x + cell, p.y + row});
    Explain(p, {p.x + cell, p.y + row}, "Other runs",
            run.name + ": smoothed return " + value + " here" +
                (std::isfinite(run.difference) ? ", " + SignedBrief(run.difference) + " from this run's." : "."));
  }
  const size_t lines = (shown + 1) / 2;
  float height = row * static_cast<float>(lines);
  if (shown < runs.size()) {
    Text(font, {at.x, at.y + height}, Colors().secondary,
         Format("and %d more runs", static_cast<int>(runs.size() - shown)));
    height += row;
  }
  return height + Px(4);
}

void DrawOverlayLegend(const CurvesFrame& frame, ImVec2 at, float width) {
  ImFont* font = GetFonts().small;
  if (!frame.problems.empty()) {
    TextElided(font, at, Colors().bad, frame.problems.front(), width);
    return;
  }
  std::vector<LegendEntry> entries = OverlayEntries(frame);
  if (entries.empty()) {
    Text(font, at, Colors().secondary,
         frame.reading ? "Reading the other runs." : "The other runs have no episode yet.");
    return;
  }
  // All bands are of one kind, whose name stands once.
  const std::string kind = "mean \xc2\xb1 1 sd over the runs that reach a point";
  for (LegendEntry& entry : entries) entry.label = entry.shorter;
  const float begins =
      DrawLegend("overlay", {at.x + width, at.y}, at.x, entries, &frame.View(CurveChart::kReturn).hidden);
  if (at.x + TextWidth(font, kind) + Px(10) <= begins) Text(font, {at.x, at.y - Px(1)}, Colors().secondary, kind);
}

}  // namespace equipoise::ui
