#include "ui/panels/model_panel.h"

#include <algorithm>
#include <cmath>

#include "engine/model/diagnostics.h"
#include "engine/record/health.h"
#include "ui/figure/ticks.h"
#include "ui/kit/explain.h"
#include "ui/kit/layout.h"
#include "ui/kit/picture.h"
#include "ui/kit/trace.h"
#include "ui/panels/curves/curve_caption.h"
#include "ui/panels/model_outputs.h"
#include "ui/plot/chart_frame.h"
#include "ui/plot/line_chart.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

constexpr int kEpisodesBack = 50;

struct ErrorCurve {
  std::vector<double> step, median, lo, hi;
};

ErrorCurve Columns(const run::EpisodeRecord& record) {
  ErrorCurve curve;
  const auto entry = [](const std::vector<float>& v, size_t i) { return i < v.size() ? v[i] : std::nan(""); };
  for (size_t i = 0; i < record.open_loop_error.size(); ++i) {
    curve.step.push_back(static_cast<double>(i + 1));
    curve.median.push_back(record.open_loop_error[i]);
    curve.lo.push_back(entry(record.open_loop_lo, i));
    curve.hi.push_back(entry(record.open_loop_hi, i));
  }
  return curve;
}

// Where all rollouts are one there is no band, but for rounding.
bool HasBand(const ErrorCurve& curve) {
  for (size_t i = 0; i < curve.step.size(); ++i)
    if (curve.hi[i] - curve.lo[i] > 1e-5 * std::fabs(curve.hi[i])) return true;
  return false;
}

std::string WhyNothing(const run::Snapshot& snapshot, const UiState& state) {
  if (!PartsOf(snapshot).empty() && !PartsOf(snapshot).HasModel()) return "This agent has no model.";
  if (state.selection.episode) {
    return "Episode " + std::to_string(*state.selection.episode) + " was not compared with the model.";
  }
  return "Nothing to compare yet: the model is measured on each episode that it has not been fitted to.";
}

// The words at the right end of the row above the chart. Returns where they begin.
float Choices(ImVec2 top_right, bool has_outputs, ModelChartView* view) {
  float left = top_right.x;
  const bool steps = !(has_outputs && view->by_output);
  if (steps && (!DrawingPicture() || view->logarithmic)) {
    left -= ScaleWordWidth();
    if (DrawScaleWord("model.log", {left, top_right.y}, view->logarithmic)) {
      view->logarithmic = !view->logarithmic;
      view->error.fit = true;
    }
    left -= Px(8);
  }
  if (steps && !DrawingPicture() && (!view->x.fit || !view->error.fit)) {
    left -= WordWidth("all");
    if (DrawWord("model.fit", {left, top_right.y}, "all", true, "zoomed: back to all of it"))
      view->x.fit = view->error.fit = true;
    left -= Px(8);
  }
  if (has_outputs && !DrawingPicture()) {
    constexpr char kWord[] = "outputs";
    left -= WordWidth(kWord);
    if (DrawWord("model.outputs", {left, top_right.y}, kWord, view->by_output,
                 steps ? "Which of its outputs the model cannot do: the worst first" : "Back to the error by step"))
      view->by_output = !view->by_output;
    left -= Px(8);
  }
  return left;
}

// A few words on the chart with a ground of their own, so that the lines beneath stay lines.
void Caption(ImVec2 at, ImU32 color, const std::string& text) {
  ImFont* font = GetFonts().small;
  const float width = TextWidth(font, text);
  Rect({at.x - Px(3), at.y - Px(1)}, {at.x + width + Px(3), at.y + FontSize(font) + Px(2)},
       WithAlpha(Colors().card, 0.8f), Px(3));
  Text(font, at, color, text);
}

// The words at the upper left, in as many lines as the chart's width asks for. The room that they take.
ImVec2 DrawWords(const std::string& words, const Axis& x, const Axis& y) {
  ImFont* font = GetFonts().small;
  ImVec2 taken{0, 0};
  if (words.empty()) return taken;
  const float height = FontSize(font) + Px(3);
  for (const std::string& line : Wrap(font, words, x.to - x.from - Px(12), 2)) {
    Caption({x.from + Px(6), y.to + Px(2) + taken.y}, Colors().text, line);
    taken = {std::max(taken.x, TextWidth(font, line)), taken.y + height};
  }
  return taken;
}

// The older curve's name at the right end, above all lines if there is room beside the words at the left, else below.
void NameOlder(const std::string& name, const ErrorCurve& now, const ErrorCurve& older, const Axis& x, const Axis& y,
               ImVec2 words) {
  ImFont* font = GetFonts().small;
  const float height = FontSize(font) + Px(2), left = x.to - TextWidth(font, name) - Px(6);
  float top = y.from, bottom = y.to;  // of the lines behind the name
  const auto cover = [&](const ErrorCurve& curve, const std::vector<double>& column) {
    for (size_t i = 0; i < column.size(); ++i) {
      if (x.ToPixel(curve.step[i]) < left - Px(4) || !std::isfinite(column[i])) continue;
      top = std::min(top, y.ToPixel(column[i]));
      bottom = std::max(bottom, y.ToPixel(column[i]));
    }
  };
  cover(now, now.hi);
  cover(now, now.lo);
  cover(older, older.median);
  const bool beside_words = left > x.from + words.x + Px(24);
  if (top - height - Px(3) >= y.to + (beside_words ? 0 : words.y + Px(4))) {
    Caption({left, top - height - Px(3)}, Colors().secondary, name);
  } else if (bottom + Px(3) + height <= y.from) {
    Caption({left, bottom + Px(3)}, Colors().secondary, name);
  } else if (beside_words) {
    Caption({left, y.to + Px(2)}, Colors().secondary, name);
  }
}

std::string ReadOut(const ErrorCurve& curve, double at, const nets::PartList& parts) {
  const size_t i = static_cast<size_t>(std::clamp(std::round(at) - 1, 0.0, static_cast<double>(curve.step.size() - 1)));
  std::string text = "step " + std::to_string(i + 1) + ": " + Brief(curve.median[i]) + " sd";
  if (!HasBand(curve) || !std::isfinite(curve.lo[i]) || !std::isfinite(curve.hi[i])) return text;
  return text + ", " + parts.Beliefs() + " " + Brief(curve.lo[i]) + " to " + Brief(curve.hi[i]);
}

ChartSpec MakeSpec(const ErrorCurve& now, const ErrorCurve& older, bool logarithmic) {
  ChartSpec spec;
  spec.x_label = "imagined steps";
  spec.x_whole = true;
  RangeOf steps, errors;
  steps.Add(0);
  steps.Add(now.step);
  errors.Add(now.median);
  errors.Add(now.hi);
  errors.Add(older.median);
  spec.y_scale = logarithmic ? AxisScale::kLog : AxisScale::kLinear;
  if (logarithmic) {
    errors.Add(now.lo);
    spec.y_strip = errors.has_nonpositive();
  } else {
    errors.Add(0);
  }
  spec.x_fit = steps.View(0);
  spec.y_fit = errors.View(0.06, spec.y_scale);
  if (!logarithmic && !errors.empty()) spec.y_fit.lo = 0;  // an error has no negative side
  spec.bands.push_back({&now.step, &now.lo, &now.hi, Ink(Colors().light ? 0.13f : 0.15f)});
  if (!older.step.empty()) {
    spec.lines.push_back({&older.step, &older.median, Colors().secondary, 1.4f, true});
  }
  spec.lines.push_back({&now.step, &now.median, Colors().text, 2});
  return spec;
}

}  // namespace

std::string CoverageText(double coverage, int masks, const nets::PartList& parts) {
  if (!std::isfinite(coverage)) return "";
  std::string text =
      "reality inside the band: " + Percent(coverage) + " (" + Percent(model::CalibratedCoverage(masks)) + " is right)";
  const run::Calibration verdict = run::JudgeCoverage(coverage, masks);
  if (verdict == run::Calibration::kTooSure) text += ", the " + parts.Beliefs() + " are too sure";
  if (verdict == run::Calibration::kUnsure) text += ", the " + parts.Beliefs() + " are unsure";
  return text;
}

const run::EpisodeSummary* ShownModelError(const run::Snapshot& snapshot, std::optional<int> selected_episode) {
  if (!snapshot.episodes || (!PartsOf(snapshot).empty() && !PartsOf(snapshot).HasModel())) return nullptr;
  if (selected_episode) {
    const run::EpisodeSummary* record = FindEpisode(snapshot, *selected_episode);
    return record != nullptr && record->open_loop.steps > 0 ? record : nullptr;
  }
  for (size_t i = snapshot.episodes->size(); i-- > 0;) {
    const run::EpisodeSummary& record = *(*snapshot.episodes)[i];
    if (record.open_loop.steps > 0) return &record;
  }
  return nullptr;
}

const run::EpisodeSummary* OlderModelError(const run::Snapshot& snapshot, const run::EpisodeSummary& newer,
                                           int episodes_back) {
  const auto after = [](int wanted, const auto& record) { return wanted < record->episode; };
  const auto& all = *snapshot.episodes;
  auto at = std::upper_bound(all.begin(), all.end(), newer.episode - episodes_back, after);
  while (at != all.begin()) {
    --at;
    if ((*at)->open_loop.steps > 0) return at->get();
  }
  return nullptr;
}

void DrawModelPanel(PanelContext& context, ImVec2 size) {
  UiState& state = context.state;
  ImFont* font = GetFonts().small;
  const nets::PartList& parts = PartsOf(context.snapshot);
  const run::EpisodeSummary* record = ShownModelError(context.snapshot, state.selection.episode);
  const auto whole = record != nullptr ? run::Whole(*record) : nullptr;
  if (whole == nullptr) record = nullptr;  // its line was cut off by a roll back
  std::string hint;
  if (record != nullptr)
    hint = "episode " + std::to_string(record->episode) + (state.window.compact ? "" : ", same actions");
  BeginCard("model", icon::kEye, "Model against reality", size, hint);
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  const float row = FontSize(font) + Px(5);

  ErrorCurve now, older;
  const run::EpisodeSummary* old = nullptr;
  if (record != nullptr) {
    now = Columns(*whole);
    old = OlderModelError(context.snapshot, *record, kEpisodesBack);
    const auto whole_old = old != nullptr ? run::Whole(*old) : nullptr;
    if (whole_old == nullptr) old = nullptr;
    if (old != nullptr) older = Columns(*whole_old);
  }
  const bool banded = HasBand(now);
  ChartSpec spec = MakeSpec(now, older, record != nullptr && state.view.model_chart.logarithmic);
  if (record == nullptr) spec.nothing = WhyNothing(context.snapshot, state);
  using Sign = LegendEntry::Sign;
  const auto named = [&](Sign sign, const std::string& words, ImU32 color) {
    spec.legend.push_back({sign, words, 0, Actor{}, color});
  };
  if (record != nullptr) {
    named(Sign::kLine, "episode " + std::to_string(record->episode) + ", median", Colors().text);
    if (banded)
      named(Sign::kBand,
            "5\xe2\x80\x93"
            "95 % of the " +
                parts.Beliefs(),
            Colors().text);
  }
  if (old != nullptr) named(Sign::kDashes, "episode " + std::to_string(old->episode), Colors().secondary);

  const std::vector<OutputError> outputs =
      record != nullptr ? OutputErrors(*whole, context.snapshot.info ? context.snapshot.info->task : env::TaskInfo())
                        : std::vector<OutputError>();
  ModelChartView& view = state.view.model_chart;
  const float right = at.x + room.x;
  const float note_right = record != nullptr ? Choices({right, at.y}, !outputs.empty(), &view) : right;
  if (!outputs.empty() && view.by_output) {
    const float title = Text(font, at, Colors().text, "Open-loop error by output");
    const std::string units = "sd of the data \xc2\xb7 nats a step";
    if (at.x + title + Px(10) + TextWidth(font, units) <= note_right)
      TextRight(font, {note_right, at.y}, Colors().secondary, units);
    DrawOutputErrors(outputs, {at.x, at.y + row}, {room.x, room.y - row});
    EndCard();
    return;
  }
  const float title = Text(font, at, Colors().text, "Open-loop state error");
  std::string note = "in sd of the data";
  if (context.snapshot.settings && record != nullptr && !state.window.compact) {
    const int masks = context.snapshot.settings->log.holdout_masks;
    if (banded)
      note += " \xc2\xb7 band: " + std::to_string(masks) +
              (parts.Belief() == "mask" ? masks == 1 ? " mask" : " masks"
               : masks == 1             ? " rollout"
                                        : " rollouts");
  }
  if (at.x + title + Px(10) + TextWidth(font, note) <= note_right) {
    TextRight(font, {note_right, at.y}, Colors().secondary, note);
  }

  ImGui::SetCursorScreenPos({at.x, at.y + row});
  Explain(at, {at.x + room.x, at.y + room.y}, "Open-loop error",
          record != nullptr ? "Here: episode " + std::to_string(record->episode) + ", by imagined step." : "");
  TraceWidget("model.chart", {at.x, at.y + row}, {at.x + room.x, at.y + room.y});
  const ChartResult result = DrawLineChart("error", {room.x, room.y - row}, spec, &view.x, &view.error);
  if (result.fitted) view.x.fit = view.error.fit = true;
  if (record == nullptr) {
    EndCard();
    return;
  }
  const Axis &x = result.x_axis, &y = result.y_axis;
  if (result.hovered) {
    const float line = std::floor(x.ToPixel(std::clamp(std::round(result.x), 1.0, now.step.back()))) + 0.5f;
    Line({line, y.to}, {line, y.from}, Ink(0.28f));
  }
  // The step that the scene shows of this episode.
  const run::EpisodeTrace* trace = state.scene.playback.trace().get();
  const bool in_scene = trace != nullptr && trace->episode == record->episode &&
                        state.scene.source != SceneSource::kLive && state.scene.source != SceneSource::kImagined;
  if (in_scene && !DrawingPicture() && state.scene.playback.step() > 0) {
    const float line = std::floor(x.ToPixel(state.scene.playback.step())) + 0.5f;
    if (line >= x.from && line <= x.to) Dash({line, y.to}, {line, y.from}, Ink(0.4f), Px(1), Px(2), Px(3));
  }
  if (result.hovered) TraceWidget("model.read_out", {x.from, y.to}, {x.to, y.from});
  const std::string words = result.hovered
                                ? ReadOut(now, result.x, parts)
                                : CoverageText(record->coverage, SettingsOf(context.snapshot).log.holdout_masks, parts);
  const ImVec2 taken = DrawWords(words, x, y);
  if (old != nullptr) NameOlder("episode " + std::to_string(old->episode), now, older, x, y, taken);
  EndCard();
}

}  // namespace equipoise::ui
