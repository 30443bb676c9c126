#include "ui/panels/curves/curves_panel.h"

#include <algorithm>
#include <cmath>

#include "engine/eps/check_settings.h"
#include "ui/figure/ticks.h"
#include "ui/kit/explain.h"
#include "ui/kit/layout.h"
#include "ui/kit/picture.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/panels/curves/curve_caption.h"
#include "ui/panels/curves/curve_chooser.h"
#include "ui/panels/curves/curve_frame.h"
#include "ui/panels/curves/curve_legend.h"
#include "ui/panels/large_control.h"
#include "ui/plot/chart_frame.h"
#include "ui/plot/legend.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

float Row() { return FontSize(GetFonts().small) + Px(5); }

// Of the learners there are, the model-based ones first.
std::vector<int> LearnerSlots(const CurveData& data) {
  std::vector<int> slots;
  for (const nets::PartInfo* part : data.options.parts.Learners())
    slots.insert(slots.begin(), data.options.parts.SlotOf(part->id));
  return slots;
}

void AddReturns(const CurvesFrame& frame, uint32_t hidden, ChartSpec* spec) {
  const CurveData& data = frame.data;
  const CurveSeries& all = data.Series(CurveChart::kReturn);
  if (Shown(hidden, kPredicted)) {
    const ImU32 grey = Ink(Colors().light ? 0.13f : 0.15f);
    for (const CurveBounds& band : data.predicted)
      if (!band.lo.empty())
        spec->bands.push_back({&data.x, &band.lo, &band.hi, grey, &band.lo_levels, &band.hi_levels});
  }
  ChartMarks marks;
  marks.x = &all.x;
  marks.y = &all.y;
  marks.actor = &data.actor;
  if (!Shown(hidden, kRandomMarks)) marks.hidden.push_back({});
  for (int slot = 0; slot < nets::kSlots; ++slot) {
    if (!Shown(hidden, MarksOf(slot))) marks.hidden.push_back({slot});
    if (!Shown(hidden, kForcedMarks)) marks.hidden.push_back({slot, true});
  }
  const auto stroke = [&](unsigned bit, const CurveSeries& series, ImU32 color) {
    if (Shown(hidden, bit)) marks.strokes.push_back({&series.x, &series.y, &series.levels, WithAlpha(color, 0.35f)});
  };
  stroke(kRandomMarks, data.random, Colors().random);
  for (const int slot : LearnerSlots(data))
    stroke(MarksOf(slot), data.learner[static_cast<size_t>(slot)], ActorColor({slot}));
  spec->marks.push_back(std::move(marks));
  if (!Shown(hidden, kSmoothed) || data.smoothing_window <= 1) return;
  const auto line = [&](const CurveSeries& series, ImU32 color) {
    spec->lines.push_back({&series.x, &series.smoothed, color, 1.8f});
    spec->lines.back().levels = &series.smoothed_levels;
    spec->lines.back().missing = false;
  };
  if (frame.state.view.curves.by_actor) {
    const std::vector<int> slots = LearnerSlots(data);
    for (auto slot = slots.rbegin(); slot != slots.rend(); ++slot)
      line(data.learner[static_cast<size_t>(*slot)], ActorColor({*slot}));
  } else {
    line(all, Colors().text);
  }
}

// The floor that forced episodes make; 0: there is none.
double ForcedFloor(const CurvesFrame& frame) {
  const config::Settings* settings = frame.snapshot.settings.get();
  const bool has_floor = settings && settings->Of<eps::CheckSettings>().force_every > 0 && Compares(frame.snapshot);
  return has_floor ? 1.0 / settings->Of<eps::CheckSettings>().force_every : 0;
}

void DrawReturn(const CurvesFrame& frame, ImVec2 at, ImVec2 size, bool last, bool heads) {
  ImFont* font = GetFonts().small;
  const CurveData& data = frame.data;
  const ChartTable& table = TableOf(frame.parts(), CurveChart::kReturn);
  ChartView& view = frame.View(CurveChart::kReturn);
  const float right = at.x + size.x, row = Row();
  float left =
      at.x + Text(font, at, Colors().text, ShowsDifference(frame) ? "Return minus this run's" : table.title) + Px(6);
  const bool logarithmic = frame.Logarithmic(table);
  if (!DrawingPicture() || logarithmic) {
    if (DrawScaleWord("curves.log.return", {left, at.y}, logarithmic)) {
      view.logarithmic = !logarithmic;
      view.y.fit = true;
    }
    left += ScaleWordWidth();
  }
  DrawLegend("actors", {right, at.y}, left + Px(6), ActorEntries(frame.parts(), ForcedFloor(frame) > 0), &view.hidden);
  std::string latest;
  if (data.size() > 0) {
    const double smoothed = data.Series(CurveChart::kReturn).SmoothedAt(frame.focus).value_or(NAN);
    latest = CurveReadOut(*(*frame.snapshot.episodes)[frame.focus], smoothed);
    if (frame.focus_is_newest) {
      latest = "latest " + Brief(data.Series(CurveChart::kReturn).y.back());
      if (std::isfinite(smoothed)) latest += ", smoothed " + Brief(smoothed);
    }
  }
  const ImU32 color = frame.focus_is_newest ? Colors().secondary : Colors().text;
  const float latest_width = TextElided(font, {at.x, at.y + row}, color, latest, size.x);
  DrawLegend("lines", {right, at.y + row}, at.x + latest_width + Px(10), LineEntries(frame), &view.hidden);

  ChartSpec spec = LinkedSpec(frame, table);
  spec.x_labels = last;
  spec.flag_heads = heads;
  if (ShowsDifference(frame)) {
    AddDifferences(frame, &spec);
  } else {
    AddOverlay(frame, CurveChart::kReturn, 0, &spec);
    AddReturns(frame, view.hidden, &spec);
  }
  for (const auto& entries :
       {ActorEntries(frame.parts(), ForcedFloor(frame) > 0), LineEntries(frame), OverlayEntries(frame)})
    AddToFigure(entries, view.hidden, &spec);
  ImGui::SetCursorScreenPos({at.x, at.y + 2 * row});
  TraceWidget("curves.return", {at.x, at.y + 2 * row}, {at.x + size.x, at.y + size.y});
  Explain(at, {at.x + size.x, at.y + size.y}, table.title, "Here: " + latest + ". A click chooses the episode.",
          table.about);
  FollowCurves(frame, DrawLineChart("return", {size.x, size.y - 2 * row}, spec, &frame.state.view.curves.x, &view.y));
}

ImU32 ToneColor(const SeriesSpec& series, const nets::PartList& parts) {
  switch (series.tone) {
    case SeriesSpec::Tone::kPlain:
      return Colors().text;
    case SeriesSpec::Tone::kSecondary:
      return Colors().secondary;
    case SeriesSpec::Tone::kLearner:
      return ActorColor(LearnerOf(parts, series.learner));
  }
  return Colors().text;
}

std::string ValueText(const ChartTable& table, std::optional<double> value) {
  if (!value) return "";
  if (table.percent) return std::isfinite(*value) ? Percent(*value) : "";
  return table.chart == CurveChart::kNll && std::isfinite(*value) ? Fixed(*value, 2) : Brief(*value);
}

std::string Note(const CurvesFrame& frame, const ChartTable& table) {
  if (table.chart == CurveChart::kFraction) {
    const double floor_share = ForcedFloor(frame);
    std::string note = "last " + std::to_string(frame.data.options.fraction_window);
    if (floor_share > 0) note += " \xc2\xb7 dashed: forced floor " + Percent(floor_share);
    return note;
  }
  const bool distracted = frame.snapshot.settings && frame.snapshot.settings->distractors.active;
  if (table.chart == CurveChart::kNll && distracted) return "physics alone decides \xc2\xb7 newest, unseen";
  return UnitOf(table, PartsOf(frame.snapshot), frame.snapshot.settings.get(),
                frame.snapshot.info ? frame.snapshot.info->horizon : 0);
}

CaptionSpec Caption(const CurvesFrame& frame, const ChartTable& table) {
  CaptionSpec caption;
  caption.id = std::to_string(static_cast<int>(table.chart));
  caption.title = table.title;
  caption.note = Note(frame, table);
  caption.has_scale = !table.percent;
  caption.logarithmic = frame.Logarithmic(table);
  caption.quiet = DrawingPicture();
  const auto& all = frame.data.series[static_cast<size_t>(table.chart)];
  size_t filled = 0;
  for (const CurveSeries& series : all) filled += !series.y.empty();
  const std::optional<size_t> overlaid = OverlaidSeries(all, frame.View(table.chart).overlaid);
  for (size_t k = 0; k < all.size(); ++k) {
    if (all[k].y.empty()) continue;  // this run has no such number
    const SeriesSpec& series = table.series[k];
    std::optional<double> value = all[k].ValueAt(frame.focus);
    // The newest of each series, however long ago: policies take turns.
    if (!value && frame.focus_is_newest) value = all[k].y.back();
    const bool single = filled == 1 && k == 0;  // the title says it
    caption.entries.push_back({single ? std::string() : series.name, ValueText(table, value),
                               ToneColor(series, frame.parts()), series.dashed, static_cast<unsigned>(k)});
  }
  if (!frame.state.view.curves.others.empty() && filled > 1 && overlaid) caption.others = table.series[*overlaid].name;
  return caption;
}

void DrawOther(const CurvesFrame& frame, const ChartTable& table, ImVec2 at, ImVec2 size, bool last, bool heads) {
  ChartView& view = frame.View(table.chart);
  const auto& all = frame.data.series[static_cast<size_t>(table.chart)];
  Explain(at, {at.x + size.x, at.y + size.y}, table.title, "", table.about);
  if (DrawCaption(Caption(frame, table), at, size.x, &view))
    view.overlaid = NextOverlaid(all, OverlaidSeries(all, view.overlaid).value_or(0));
  ChartSpec spec = LinkedSpec(frame, table);
  spec.x_labels = last;
  spec.flag_heads = heads;
  if (const auto overlaid = OverlaidSeries(all, view.overlaid)) AddOverlay(frame, table.chart, *overlaid, &spec);
  for (size_t k = 0; k < all.size(); ++k) {
    if (all[k].y.empty() || !Shown(view.hidden, static_cast<unsigned>(k))) continue;
    const SeriesSpec& series = table.series[k];
    const ImU32 color = ToneColor(series, frame.parts());
    const bool filled = table.chart == CurveChart::kFraction;
    using Sign = LegendEntry::Sign;
    if (all.size() > 1)
      spec.legend.push_back(
          {series.dashed ? Sign::kDashes : Sign::kLine, series.name, static_cast<unsigned>(k), Actor{}, color});
    ChartLine raw{&all[k].x,
                  &all[k].y,
                  all[k].smooths ? WithAlpha(color, 0.3f) : color,
                  all[k].smooths ? 1.0f : 1.6f,
                  series.dashed && !all[k].smooths,
                  filled,
                  &all[k].levels};
    spec.lines.push_back(raw);
    if (!all[k].smooths) continue;
    ChartLine smooth{&all[k].x, &all[k].smoothed, color, 1.7f, series.dashed, false, &all[k].smoothed_levels};
    smooth.missing = false;
    spec.lines.push_back(smooth);
  }
  AddToFigure(OverlayEntries(frame), frame.View(CurveChart::kReturn).hidden, &spec);
  if (table.chart == CurveChart::kFraction && ForcedFloor(frame) > 0) {
    spec.references.push_back(ForcedFloor(frame));
    spec.legend.push_back({LegendEntry::Sign::kDashes, "forced floor", 0, Actor{}, Colors().text});
  }
  ImGui::SetCursorScreenPos({at.x, at.y + Row()});
  FollowCurves(frame,
               DrawLineChart(table.id.c_str(), {size.x, size.y - Row()}, spec, &frame.state.view.curves.x, &view.y));
}

std::vector<const ChartTable*> Wanted(const CurvesFrame& frame) {
  std::vector<const ChartTable*> wanted;
  for (const ChartTable& table : ChartTables(frame.parts())) {
    if (frame.state.view.curves.Shows(table) && Applies(table, frame.parts())) wanted.push_back(&table);
  }
  // All that was chosen belongs to other agents.
  if (wanted.empty()) wanted.push_back(&TableOf(frame.parts(), CurveChart::kReturn));
  return wanted;
}

// Charts from top to bottom; the first counts for more than the others when it is the return.
void DrawColumn(const CurvesFrame& frame, const std::vector<const ChartTable*>& charts, ImVec2 at, ImVec2 room) {
  const auto captions = [](const ChartTable& t) { return t.chart == CurveChart::kReturn ? 2 : 1; };
  const auto weight = [](const ChartTable& t) { return t.chart == CurveChart::kReturn ? 2.55f : 1.0f; };
  float rows = 0, weights = 0;
  for (const ChartTable* table : charts) {
    rows += static_cast<float>(captions(*table));
    weights += weight(*table);
  }
  const float boxes = std::max(room.y - rows * Row() - TickRowHeight(), Px(46) * weights);
  float y = at.y;
  for (size_t i = 0; i < charts.size(); ++i) {
    const bool last = i + 1 == charts.size(), first = i == 0;
    float height = std::floor(boxes * weight(*charts[i]) / weights) + static_cast<float>(captions(*charts[i])) * Row();
    if (last) height += TickRowHeight();
    if (charts[i]->chart == CurveChart::kReturn) {
      DrawReturn(frame, {at.x, y}, {room.x, height}, last, first);
    } else {
      DrawOther(frame, *charts[i], {at.x, y}, {room.x, height}, last, first);
    }
    y += height;
  }
}

float LeastHeight(const std::vector<const ChartTable*>& charts) {
  float height = TickRowHeight();
  for (const ChartTable* table : charts) {
    const bool is_return = table->chart == CurveChart::kReturn;
    height += Px(46) * (is_return ? 2.55f : 1.0f) + Row() * (is_return ? 2.0f : 1.0f);
  }
  return height;
}

}  // namespace

std::string CurveReadOut(const run::EpisodeSummary& record, double smoothed) {
  std::string text = record.episode > 0 ? "episode " + std::to_string(record.episode) : "random episode";
  text += ": " + Brief(record.episode_return);
  if (std::isfinite(record.predicted_lo) && std::isfinite(record.predicted_hi)) {
    text += " (" + Brief(record.predicted_lo) + " to " + Brief(record.predicted_hi) + ")";
  } else if (std::isfinite(smoothed)) {
    text += ", smoothed " + Brief(smoothed);
  }
  return text;
}

void DrawCurvesPanel(PanelContext& context, ImVec2 size) {
  UiState& state = context.state;
  BeginCard("curves", icon::kChart, "Curves", size);
  DrawLargeControl(&state, Page::kCurves);
  // Right of the card's icon and name.
  const float from = ImGui::GetCursorScreenPos().x + Px(25 + 10) + TextWidth(GetFonts().strong, "Curves");
  const std::string hand = icon::kHand;
  const float badge = context.snapshot.steered ? TextWidth(GetFonts().small, hand) + Px(10) : 0;
  const float left_of_choice = DrawCurveChoices(context, from + badge);
  if (context.snapshot.steered) {
    ImFont* font = GetFonts().small;
    const std::string words = hand + "  steered";
    const bool whole = left_of_choice - Px(10) - TextWidth(font, words) >= from;
    const std::string& shown = whole ? words : hand;
    const ImVec2 at{left_of_choice - Px(10) - TextWidth(font, shown),
                    CardTitleRight().y - FontSize(font) * 0.5f - Px(1)};
    Text(font, at, Colors().note, shown);
    if (!whole && !DrawingPicture() &&
        ImGui::IsMouseHoveringRect(at, {left_of_choice - Px(10), at.y + FontSize(font) + Px(4)}))
      Tooltip("This run was steered by hand.");
  }
  const CurvesFrame frame = PrepareCurves(context);
  ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  if (!state.view.curves.others.empty()) {
    DrawOverlayLegend(frame, at, room.x);
    at.y += Row();
    room.y -= Row();
    if (frame.reading) state.clock.WakeIn(0.2);
    const float taken = DrawOverlaidRuns(frame, at, room.x);
    at.y += taken;
    room.y -= taken;
  }
  const std::vector<const ChartTable*> charts = Wanted(frame);
  const bool two = room.x > Px(760) && charts.size() > 3;
  const size_t split = two ? (charts.size() + 1) / 2 : charts.size();
  const std::vector<const ChartTable*> left(charts.begin(), charts.begin() + static_cast<std::ptrdiff_t>(split));
  const std::vector<const ChartTable*> right(charts.begin() + static_cast<std::ptrdiff_t>(split), charts.end());
  const float least = std::max(LeastHeight(left), LeastHeight(right));
  const bool scrolls = least > room.y;
  if (scrolls) {  // more charts than fit: they keep a height at which they can be read
    ImGui::SetCursorScreenPos(at);
    BeginChild("charts", room, false, false, ImGuiWindowFlags_NoScrollWithMouse);  // the wheel zooms
    at = ImGui::GetCursorScreenPos();
    room = {ImGui::GetContentRegionAvail().x - Px(4), least};
  }
  const float width = two ? (room.x - Px(20)) / 2 : room.x;
  DrawColumn(frame, left, at, {width, room.y});
  if (two) DrawColumn(frame, right, {at.x + width + Px(20), at.y}, {width, room.y});
  if (scrolls) {
    ImGui::SetCursorScreenPos({at.x, at.y + least});
    ImGui::Dummy({1, 1});
    ImGui::EndChild();
  }
  EndCard();
}

}  // namespace equipoise::ui
