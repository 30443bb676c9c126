#include "ui/persistent.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <string>

namespace equipoise::ui {
namespace {

constexpr char kCharts[] = "charts=";

std::string NamesOf(uint32_t shown) {
  std::string names;
  for (const ChartTable& table : ChartTables()) {
    if ((shown & Bit(table.chart)) != 0) names += (names.empty() ? "" : " ") + std::string(Id(table.chart));
  }
  return names;
}

// Names of no chart are left out; the usual choice when nothing remains.
uint32_t ShownFrom(const std::string& names) {
  uint32_t shown = 0;
  std::istringstream in(names);
  for (std::string name; in >> name;) {
    for (const ChartTable& table : ChartTables()) {
      if (name == Id(table.chart)) shown |= Bit(table.chart);
    }
  }
  return shown != 0 ? shown : kUsualCharts;
}

void ReadCharts(const char* line, ChartChoice* charts) {
  int value = 0;
  const auto read = [&](const char* format) { return std::sscanf(line, format, &value) == 1; };
  if (std::strncmp(line, kCharts, sizeof kCharts - 1) == 0) charts->shown = ShownFrom(line + sizeof kCharts - 1);
  if (read("charts_x=%d") && value >= 0 && value <= static_cast<int>(XAxis::kWallTime))
    charts->x_axis = static_cast<XAxis>(value);
  if (read("charts_smoothing=%d") && value >= 0) charts->smoothing = value;
  if (read("charts_fraction_window=%d") && value > 0) charts->fraction_window = value;
  if (read("charts_by_policy=%d")) charts->by_actor = value != 0;
  if (read("charts_events=%d")) charts->events = value != 0;
}

void* OpenSection(ImGuiContext*, ImGuiSettingsHandler* handler, const char*) { return handler->UserData; }

void ReadLine(ImGuiContext*, ImGuiSettingsHandler*, void* entry, const char* line) {
  auto* kept = static_cast<Persistent*>(entry);
  float value = 0;
  const auto read = [&](const char* format) { return std::sscanf(line, format, &value) == 1; };
  if (read("left=%f")) kept->panes.left = value;
  if (read("right=%f")) kept->panes.right = value;
  if (read("check=%f")) kept->panes.check = value;
  if (read("log=%f")) kept->panes.log = value;
  if (read("model=%f")) kept->panes.model = value;
  if (read("settings=%f")) kept->panes.settings = value;
  if (read("light=%f")) kept->light = value != 0;
  if (read("safe_colours=%f")) kept->safe_colours = value != 0;
  if (read("zoom=%f")) kept->zoom = std::clamp(value, kLeastZoom, kMostZoom);
  if (read("hint_closed=%f")) kept->hint_closed = value != 0;
  ReadCharts(line, &kept->charts);
}

void WriteSection(ImGuiContext*, ImGuiSettingsHandler* handler, ImGuiTextBuffer* out) {
  const auto* kept = static_cast<const Persistent*>(handler->UserData);
  const PaneSizes& p = kept->panes;
  const ChartChoice& c = kept->charts;
  out->appendf("[%s][Main]\nleft=%.1f\nright=%.1f\ncheck=%.1f\nlog=%.1f\nmodel=%.1f\nsettings=%.1f\n",
               handler->TypeName, p.left, p.right, p.check, p.log, p.model, p.settings);
  out->appendf("light=%d\nsafe_colours=%d\nzoom=%.2f\nhint_closed=%d\n", kept->light ? 1 : 0,
               kept->safe_colours ? 1 : 0, kept->zoom, kept->hint_closed ? 1 : 0);
  out->appendf("%s%s\ncharts_x=%d\ncharts_smoothing=%d\ncharts_fraction_window=%d\n", kCharts, NamesOf(c.shown).c_str(),
               static_cast<int>(c.x_axis), c.smoothing, c.fraction_window);
  out->appendf("charts_by_policy=%d\ncharts_events=%d\n\n", c.by_actor ? 1 : 0, c.events ? 1 : 0);
}

}  // namespace

std::string UsualSettingsFile() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  if (config == nullptr && home == nullptr) return "";
  const std::filesystem::path folder =
      config != nullptr ? std::filesystem::path(config) : std::filesystem::path(home) / ".config";
  std::error_code error;
  std::filesystem::create_directories(folder / "equipoise", error);
  return error ? "" : (folder / "equipoise" / "window.ini").string();
}

ChartChoice ChoiceOf(const UiState& state) {
  const UiState::Curves& c = state.curves;
  return {c.shown, state.x_axis, c.smoothing, c.fraction_window, c.by_actor, c.events};
}

void Choose(const ChartChoice& choice, UiState* state) {
  state->x_axis = choice.x_axis;
  state->curves.shown = choice.shown;
  state->curves.smoothing = choice.smoothing;
  state->curves.fraction_window = choice.fraction_window;
  state->curves.by_actor = choice.by_actor;
  state->curves.events = choice.events;
}

void KeepBetweenStarts(Persistent* persistent) {
  ImGuiSettingsHandler handler;
  handler.TypeName = "Equipoise";
  handler.TypeHash = ImHashStr("Equipoise");
  handler.ReadOpenFn = OpenSection;
  handler.ReadLineFn = ReadLine;
  handler.WriteAllFn = WriteSection;
  handler.UserData = persistent;
  AddSettingsHandler(handler);
}

void ForgetRun(UiState* state) {
  const UiState usual;
  const ChartChoice charts = ChoiceOf(*state);
  state->selected_episode = state->hovered_episode = state->next_hovered_episode = std::nullopt;
  state->selected_mask.reset();
  state->curves = usual.curves;
  Choose(charts, state);
  state->model_chart = usual.model_chart;
  state->strip_last = state->strip_shows = state->log_shows = std::nullopt;
  state->playback = {};
  state->imagined = {};
  state->reevaluated = nullptr;
  state->recalled = nullptr;
  state->recall_asked.reset();
  state->inspections.clear();
  state->pull = {};
  if (state->scene_source == SceneSource::kImagined) state->scene_source = SceneSource::kAutomatic;
  state->source_before = SceneSource::kAutomatic;
  state->speed = usual.speed;
}

void Restore(const Persistent& kept, UiState* state) {
  state->light = kept.light;
  state->safe_colours = kept.safe_colours;
  state->zoom = kept.zoom;
  state->hint_wanted = !kept.hint_closed;
  Choose(kept.charts, state);
}

bool Remember(const UiState& state, Persistent* kept) {
  const ChartChoice charts = ChoiceOf(state);
  if (kept->light == state.light && kept->zoom == state.zoom && kept->safe_colours == state.safe_colours &&
      kept->hint_closed == !state.hint_wanted && kept->charts == charts)
    return false;
  kept->light = state.light;
  kept->safe_colours = state.safe_colours;
  kept->zoom = state.zoom;
  kept->hint_closed = !state.hint_wanted;
  kept->charts = charts;
  return true;
}

}  // namespace equipoise::ui
