#include "ui/view/persistent.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "ui/kit/config_folder.h"

namespace equipoise::ui {
namespace {

constexpr char kCharts[] = "charts=";
constexpr double kMostPixels = 10000;   // of a pane, at scale 1
constexpr int kMostEpisodes = 1000000;  // that a curve is smoothed over

std::string NamesOf(const ChartChoice& charts) {
  std::string names;
  const auto add = [&](const std::string& name) { names += (names.empty() ? "" : " ") + name; };
  for (const ChartTable& table : ChartTables({}))
    if (!table.id.empty() && (charts.shown & Bit(table.chart)) != 0) add(table.id);
  for (const std::string& id : charts.own) add(id);
  return names;
}

// Names of no chart are left out, but for those that a part may have ("td3.td-error"); the usual choice when nothing
// remains.
void ReadShown(const std::string& names, ChartChoice* charts) {
  charts->shown = 0;
  charts->own.clear();
  std::istringstream in(names);
  for (std::string name; in >> name;) {
    for (const ChartTable& table : ChartTables({}))
      if (name == table.id) charts->shown |= Bit(table.chart);
    if (name.find('.') != std::string::npos && charts->own.size() < kCurveCharts) charts->own.push_back(name);
  }
  if (charts->shown == 0 && charts->own.empty()) charts->shown = kUsualCharts;
}

// What stands behind "name="; none: another name, no number, or one that is not in [least, most].
std::optional<double> NumberIn(const char* line, const std::string& name, double least, double most) {
  if (std::strncmp(line, (name + "=").c_str(), name.size() + 1) != 0) return std::nullopt;
  const char* text = line + name.size() + 1;
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  const bool sane = end != text && *end == '\0' && value >= least && value <= most;  // which "nan" is not
  return sane ? std::optional<double>(value) : std::nullopt;
}

void ReadCharts(const char* line, ChartChoice* charts) {
  if (std::strncmp(line, kCharts, sizeof kCharts - 1) == 0) ReadShown(line + sizeof kCharts - 1, charts);
  const auto whole = [line](const char* name, int least, int most) -> std::optional<int> {
    const std::optional<double> value = NumberIn(line, name, least, most);
    return value ? std::optional<int>(static_cast<int>(*value)) : std::nullopt;
  };
  if (const auto x = whole("charts_x", 0, static_cast<int>(XAxis::kWallTime))) charts->x_axis = static_cast<XAxis>(*x);
  if (const auto over = whole("charts_smoothing", 0, kMostEpisodes)) charts->smoothing = *over;
  if (const auto window = whole("charts_fraction_window", 1, kMostEpisodes)) charts->fraction_window = *window;
  if (const auto on = whole("charts_by_policy", 0, 1)) charts->by_actor = *on != 0;
  if (const auto on = whole("charts_events", 0, 1)) charts->events = *on != 0;
}

void* OpenSection(ImGuiContext*, ImGuiSettingsHandler* handler, const char*) { return handler->UserData; }

void ReadLine(ImGuiContext*, ImGuiSettingsHandler*, void* entry, const char* line) {
  auto* kept = static_cast<Persistent*>(entry);
  PaneSizes& panes = kept->panes;
  const std::pair<const char*, float*> sizes[] = {{"left", &panes.left},   {"right", &panes.right},
                                                  {"check", &panes.check}, {"log", &panes.log},
                                                  {"model", &panes.model}, {"settings", &panes.settings}};
  for (const auto& [name, size] : sizes)
    if (const auto value = NumberIn(line, name, 0, kMostPixels)) *size = static_cast<float>(*value);
  const std::pair<const char*, bool*> switches[] = {
      {"light", &kept->light}, {"safe_colours", &kept->safe_colours}, {"hint_closed", &kept->hint_closed}};
  for (const auto& [name, on] : switches)
    if (const auto value = NumberIn(line, name, 0, 1)) *on = *value != 0;
  if (const auto zoom = NumberIn(line, "zoom", kLeastZoom, kMostZoom)) kept->zoom = static_cast<float>(*zoom);
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
  out->appendf("%s%s\ncharts_x=%d\ncharts_smoothing=%d\ncharts_fraction_window=%d\n", kCharts, NamesOf(c).c_str(),
               static_cast<int>(c.x_axis), c.smoothing, c.fraction_window);
  out->appendf("charts_by_policy=%d\ncharts_events=%d\n\n", c.by_actor ? 1 : 0, c.events ? 1 : 0);
}

}  // namespace

std::string UsualSettingsFile() {
  const std::string folder = ConfigFolder();
  if (folder.empty()) return "";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  return error ? "" : folder + "/window.ini";
}

ChartChoice ChoiceOf(const CurvesView& curves) {
  return {curves.shown,           curves.own,      curves.x_axis, curves.smoothing,
          curves.fraction_window, curves.by_actor, curves.events};
}

void Choose(const ChartChoice& choice, CurvesView* curves) {
  curves->x_axis = choice.x_axis;
  curves->shown = choice.shown;
  curves->own = choice.own;
  curves->smoothing = choice.smoothing;
  curves->fraction_window = choice.fraction_window;
  curves->by_actor = choice.by_actor;
  curves->events = choice.events;
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

void Restore(const Persistent& kept, UiState* state) {
  state->view.light = kept.light;
  state->view.safe_colours = kept.safe_colours;
  state->view.zoom = kept.zoom;
  state->sheet.hint = !kept.hint_closed;
  Choose(kept.charts, &state->view.curves);
}

bool Remember(const UiState& state, Persistent* kept) {
  const ChartChoice charts = ChoiceOf(state.view.curves);
  if (kept->light == state.view.light && kept->zoom == state.view.zoom &&
      kept->safe_colours == state.view.safe_colours && kept->hint_closed == !state.sheet.hint && kept->charts == charts)
    return false;
  kept->light = state.view.light;
  kept->safe_colours = state.view.safe_colours;
  kept->zoom = state.view.zoom;
  kept->hint_closed = !state.sheet.hint;
  kept->charts = charts;
  return true;
}

}  // namespace equipoise::ui
