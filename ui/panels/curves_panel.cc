#include "ui/panels/curves_panel.h"

#include <cmath>
#include <memory>

#include "ui/layout.h"
#include "ui/panels/curve_data.h"
#include "ui/plot/chart_frame.h"
#include "ui/plot/legend.h"
#include "ui/plot/line_chart.h"
#include "ui/plot/ticks.h"

namespace equipoise::ui {
namespace {

// Bits of UiState::Curves::hidden.
enum Entry : unsigned { kRandomMarks, kModelBasedMarks, kModelFreeMarks, kForcedMarks, kSmoothed, kPredicted };

struct Cache {
  run::SharedList<run::EpisodeRecord> episodes;  // kept, so that an address is not used twice
  XAxis x_axis = XAxis::kEpisode;
  CurveData data;
};

// The columns of the newest list of episodes; made anew when an episode was added. Window thread only.
const CurveData& Cached(const run::Snapshot& snapshot, XAxis x_axis) {
  static Cache cache;
  if (cache.episodes != snapshot.episodes || cache.x_axis != x_axis) {
    cache.data = snapshot.episodes ? BuildCurves(*snapshot.episodes, x_axis) : CurveData();
    cache.episodes = snapshot.episodes;
    cache.x_axis = x_axis;
  }
  return cache.data;
}

// Who may act under this agent; all of them before that is known.
std::vector<LegendEntry> ActorEntries(const std::string& agent) {
  using Sign = LegendEntry::Sign;
  const LegendEntry random{Sign::kActor, "random", kRandomMarks, Actor::kRandom};
  if (agent == "sac") return {{Sign::kActor, "SAC", kModelFreeMarks, Actor::kModelFree}, random};
  if (agent == "mbrl") return {{Sign::kActor, "model-based", kModelBasedMarks, Actor::kModelBased}, random};
  return {{Sign::kActor, "model-based", kModelBasedMarks, Actor::kModelBased, 0, "MB"},
          {Sign::kActor, "SAC", kModelFreeMarks, Actor::kModelFree},
          {Sign::kActor, "forced", kForcedMarks, Actor::kForced},
          random};
}

std::vector<LegendEntry> LineEntries(int smoothing_window, bool has_model) {
  using Sign = LegendEntry::Sign;
  const std::string smoothed = "smoothed over " + std::to_string(smoothing_window);
  const std::string interval = ", 5\xe2\x80\x93";
  std::vector<LegendEntry> entries = {{Sign::kLine, smoothed, kSmoothed, Actor::kRandom, Colors().text, "smoothed"}};
  if (has_model) {
    entries.push_back({Sign::kBand, "predicted by masks" + interval + "95 %", kPredicted, Actor::kRandom, Colors().text,
                       "masks" + interval + "95 %"});
  }
  return entries;
}

// The choice of the x axis, at the right end of the title. Returns where it begins.
float XAxisChoice(UiState* state) {
  ImFont* font = GetFonts().small;
  const std::string caret = state->for_export ? "" : std::string("  ") + icon::kCaretDown;
  const std::string label = std::string("x: ") + Label(state->x_axis) + caret;
  const float width = TextWidth(font, label), height = FontSize(font);
  const ImVec2 right = CardTitleRight(), cursor = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos({right.x - width - Px(6), right.y - height * 0.5f - Px(4)});
  if (ImGui::InvisibleButton("x axis", {width + Px(6), height + Px(8)})) ImGui::OpenPopup("choose x axis");
  const bool hovered = ImGui::IsItemHovered();
  TextMiddle(font, {right.x - width, right.y}, hovered ? Colors().text : Colors().secondary, label);
  PushFont(font);
  if (ImGui::BeginPopup("choose x axis")) {
    for (XAxis choice : {XAxis::kEpisode, XAxis::kEnvironmentSteps, XAxis::kGradientSteps, XAxis::kWallTime}) {
      if (ImGui::Selectable(Label(choice), choice == state->x_axis)) {
        state->x_axis = choice;
      }
    }
    ImGui::EndPopup();
  }
  ImGui::PopFont();
  ImGui::SetCursorScreenPos(cursor);
  return right.x - width;
}

std::vector<ChartFlag> Flags(const run::Snapshot& snapshot, const CurveData& data) {
  std::vector<ChartFlag> flags;
  if (!snapshot.events || data.size() == 0) return flags;
  for (const auto& event : *snapshot.events) {
    if (event->number > 0) flags.push_back({FlagPosition(data, event->episode), event->number});
  }
  return flags;
}

std::string WhyNoNll(const run::Snapshot& snapshot, const CurveData& data) {
  if (data.has_nll) return "";
  if (snapshot.settings && snapshot.settings->run.agent == "sac") return "This agent has no model.";
  return data.size() == 0 ? "No episode yet." : "Nothing to measure until the model has been fitted.";
}

// A title and a number at the left, an explanation at the right of one row above a chart.
void CaptionRow(ImVec2 at, float width, const std::string& title, const std::string& number, const std::string& note) {
  ImFont* font = GetFonts().small;
  float x = at.x + Text(font, at, Colors().text, title) + Px(8);
  x += Text(GetFonts().mono_small, {x, at.y + Px(0.5f)}, Colors().text, number) + Px(10);
  const float note_width = TextWidth(font, note);
  if (x + note_width <= at.x + width) Text(font, {at.x + width - note_width, at.y}, Colors().secondary, note);
}

struct Focus {  // the episode that the rows above the charts speak of: under the mouse, chosen, or the newest
  size_t index = 0;
  bool newest = true;
};

Focus FocusOf(const CurveData& data, const UiState& state) {
  Focus focus{data.size(), true};
  if (data.size() > 0) focus.index = data.size() - 1;
  for (const auto& wanted : {state.selected_episode, state.hovered_episode}) {
    const size_t i = wanted ? data.IndexOf(*wanted) : data.size();
    if (i < data.size()) focus = {i, false};
  }
  return focus;
}

// What hovering and clicking in any of the charts means.
void Follow(const ChartResult& result, const CurveData& data, UiState* state) {
  if (result.fitted) {
    state->curves.x.fit = state->curves.episode_return.fit = state->curves.fraction.fit = state->curves.nll.fit = true;
    state->selected_episode.reset();
  }
  if (!result.hovered || data.size() == 0) return;
  const int episode = data.episode[data.Nearest(result.x)];
  state->next_hovered_episode = episode;
  if (!result.clicked) return;
  if (state->selected_episode == episode) {
    state->selected_episode.reset();
  } else {
    state->selected_episode = episode;
  }
}

void FlagTooltip(const run::Snapshot& snapshot, int number) {
  for (const auto& event : *snapshot.events) {
    if (event->number != number) continue;
    PushFont(GetFonts().small);
    ImGui::SetTooltip("%d  %s", number, event->text.c_str());
    ImGui::PopFont();
  }
}

// What the three charts have in common.
ChartSpec Linked(const CurveData& data, const UiState& state, const std::vector<ChartFlag>& flags) {
  ChartSpec spec;
  spec.x_fit = data.x_fit;
  spec.flags = flags;
  spec.x_whole = state.x_axis != XAxis::kWallTime;
  const auto position = [&](const std::optional<int>& episode) -> std::optional<double> {
    const size_t i = episode ? data.IndexOf(*episode) : data.size();
    if (i >= data.size()) return std::nullopt;
    return data.x[i];
  };
  spec.hovered_x = position(state.hovered_episode);
  spec.selected_x = position(state.selected_episode);
  if (data.size() == 0) spec.nothing = "No episode yet.";
  return spec;
}

// One frame of the panel: what all three charts are drawn from, and where.
struct CurvesFrame {
  const run::Snapshot& snapshot;
  UiState& state;
  const CurveData& data;
  Focus focus;
  std::vector<ChartFlag> flags;
  float row;  // height of a line of text above a chart
  float width;
};

void DrawReturn(const CurvesFrame& frame, ImVec2 at, float height) {
  ImFont* font = GetFonts().small;
  const CurveData& data = frame.data;
  uint32_t* hidden = &frame.state.curves.hidden;
  const std::string agent = frame.snapshot.settings ? frame.snapshot.settings->run.agent : "";
  const float right = at.x + frame.width;
  const float title_width = Text(font, at, Colors().text, "Return per episode");
  DrawLegend("actors", {right, at.y}, at.x + title_width + Px(8), ActorEntries(agent), hidden);
  std::string latest;
  if (frame.focus.index < data.size()) {
    latest = frame.focus.newest
                 ? "latest " + Brief(data.episode_return.back()) + ", smoothed " + Brief(data.smoothed.back())
                 : CurveReadOut(*(*frame.snapshot.episodes)[frame.focus.index], data.smoothed[frame.focus.index]);
  }
  const ImU32 color = frame.focus.newest ? Colors().secondary : Colors().text;
  const float latest_width = Text(font, {at.x, at.y + frame.row}, color, Elide(font, latest, frame.width));
  DrawLegend("lines", {right, at.y + frame.row}, at.x + latest_width + Px(10),
             LineEntries(data.smoothing_window, agent != "sac"), hidden);

  ChartSpec spec = Linked(data, frame.state, frame.flags);
  spec.y_fit = data.return_fit;
  spec.x_labels = false;
  spec.flag_heads = true;
  if (Shown(*hidden, kPredicted)) {
    const ImU32 grey = Ink(Colors().light ? 0.13f : 0.15f);
    spec.bands.push_back({&data.x, &data.model_based_lo, &data.model_based_hi, grey});
    spec.bands.push_back({&data.x, &data.model_free_lo, &data.model_free_hi, grey});
  }
  const std::vector<bool> shown = {Shown(*hidden, kRandomMarks), Shown(*hidden, kModelBasedMarks),
                                   Shown(*hidden, kModelFreeMarks), Shown(*hidden, kForcedMarks)};
  spec.marks.push_back({&data.x, &data.episode_return, &data.actor, shown});
  if (Shown(*hidden, kSmoothed)) spec.lines.push_back({&data.x, &data.smoothed, Colors().text, 1.8f});
  ImGui::SetCursorScreenPos({at.x, at.y + 2 * frame.row});
  UiState::Curves& views = frame.state.curves;
  const ChartResult result =
      DrawLineChart("return", {frame.width, height - 2 * frame.row}, spec, &views.x, &views.episode_return);
  Follow(result, data, &frame.state);
  if (result.hovered_flag >= 0) {
    FlagTooltip(frame.snapshot, frame.flags[static_cast<size_t>(result.hovered_flag)].number);
  }
}

void DrawFraction(const CurvesFrame& frame, ImVec2 at, float height) {
  const CurveData& data = frame.data;
  const config::Settings* settings = frame.snapshot.settings.get();
  const double fraction = frame.focus.index < data.size() ? data.fraction_model_free[frame.focus.index] : std::nan("");
  const bool has_floor = settings && settings->eps.force_every > 0 && settings->run.agent == "unified";
  const double floor_share = has_floor ? 1.0 / settings->eps.force_every : 0;
  std::string note = "last " + std::to_string(kFractionWindow);
  if (has_floor) note += " \xc2\xb7 dashed: forced floor " + Percent(floor_share);
  CaptionRow(at, frame.width, "Model-free fraction", std::isfinite(fraction) ? Percent(fraction) : "", note);

  ChartSpec spec = Linked(data, frame.state, frame.flags);
  spec.y_fit = {0, 1, true};
  spec.y_fixed = spec.percent = true;
  spec.x_labels = false;
  spec.lines.push_back({&data.x, &data.fraction_model_free, Colors().model_free, 1.6f, false, true});
  if (has_floor) spec.references.push_back(floor_share);
  ImGui::SetCursorScreenPos({at.x, at.y + frame.row});
  UiState::Curves& views = frame.state.curves;
  Follow(DrawLineChart("fraction", {frame.width, height - frame.row}, spec, &views.x, &views.fraction), data,
         &frame.state);
}

void DrawNll(const CurvesFrame& frame, ImVec2 at, float height) {
  const CurveData& data = frame.data;
  const config::Settings* settings = frame.snapshot.settings.get();
  const bool distractors = settings && settings->distractors.active;
  const size_t i = frame.focus.index;
  const std::string nll = i < data.size() && std::isfinite(data.nll[i]) ? Fixed(data.nll[i], 2) : "";
  CaptionRow(
      at, frame.width, "Model NLL", nll,
      distractors ? "physics outputs only \xc2\xb7 newest, unseen" : "nats per step \xc2\xb7 newest episode, unseen");
  ChartSpec spec = Linked(data, frame.state, frame.flags);
  spec.y_fit = data.nll_fit;
  spec.x_label = Label(frame.state.x_axis);
  spec.nothing = WhyNoNll(frame.snapshot, data);
  spec.x_is_known = data.size() > 0;
  spec.lines.push_back({&data.x, &data.nll, Colors().text, 1.6f});
  ImGui::SetCursorScreenPos({at.x, at.y + frame.row});
  UiState::Curves& views = frame.state.curves;
  Follow(DrawLineChart("nll", {frame.width, height - frame.row}, spec, &views.x, &views.nll), data, &frame.state);
}

}  // namespace

std::string CurveReadOut(const run::EpisodeRecord& record, double smoothed) {
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
  const run::Snapshot& snapshot = context.snapshot;
  UiState& state = context.state;
  if (state.curves.zoomed != state.x_axis) {
    state.curves.zoomed = state.x_axis;
    state.curves.x.fit = true;
  }
  const CurveData& data = Cached(snapshot, state.x_axis);
  BeginCard("curves", icon::kChart, "Curves", size);
  const float left_of_choice = XAxisChoice(&state);
  if (snapshot.steered) {
    TextRight(GetFonts().small,
              {left_of_choice - Px(14), CardTitleRight().y - FontSize(GetFonts().small) * 0.5f - Px(1)}, Colors().note,
              std::string(icon::kHand) + "  steered");
  }
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  const float row = FontSize(GetFonts().small) + Px(5);
  const CurvesFrame frame{snapshot, state, data, FocusOf(data, state), Flags(snapshot, data), row, room.x};
  const float charts = room.y - 4 * row - TickRowHeight();  // what is left for the three boxes
  const float return_height = std::floor(charts * 0.54f) + 2 * row;
  const float fraction_height = std::floor(charts * 0.21f) + row;
  DrawReturn(frame, at, return_height);
  DrawFraction(frame, {at.x, at.y + return_height}, fraction_height);
  DrawNll(frame, {at.x, at.y + return_height + fraction_height}, room.y - return_height - fraction_height);
  EndCard();
}

}  // namespace equipoise::ui
