// persistent.h: what of the window outlives the program, in ImGui's own file: sizes, theme, scale, and which charts the
// person has chosen. Zooms and selections belong to a run and are not kept.
//
// Format   [Equipoise][Main] and a line "name=value" each; charts by their names, so that a later version may have
//          others. What is unknown or out of its range is left out, and the usual value holds
// Thread   window thread
#pragma once

#include <string>

#include "ui/kit/layout.h"
#include "ui/view/ui_state.h"

namespace equipoise::ui {

// Of the whole interface, on top of the monitor's scale.
inline constexpr float kLeastZoom = 0.75f, kMostZoom = 2.0f;

struct ChartChoice {  // as CurvesView
  uint64_t shown = kUsualCharts;
  std::vector<std::string> own = {};
  XAxis x_axis = XAxis::kEpisode;
  int smoothing = 0, fraction_window = 20;
  bool by_actor = false, events = true;
  bool operator==(const ChartChoice& o) const {
    return shown == o.shown && own == o.own && x_axis == o.x_axis && smoothing == o.smoothing &&
           fraction_window == o.fraction_window && by_actor == o.by_actor && events == o.events;
  }
};
ChartChoice ChoiceOf(const CurvesView& curves);
void Choose(const ChartChoice& choice, CurvesView* curves);

struct Persistent {
  PaneSizes panes;
  bool light = false;
  bool safe_colours = false;
  float zoom = 1;
  bool hint_closed = false;  // the hint of the first start
  ChartChoice charts;
};
// $XDG_CONFIG_HOME/equipoise/window.ini, its folder made; "" when there is no place for it.
std::string UsualSettingsFile();
// Before the first frame of a context. `persistent` must live as long as the context.
void KeepBetweenStarts(Persistent* persistent);

// What was looked at belongs to the run that is gone, and so does what panels keep of it; how it is looked at (theme,
// sizes, charts) belongs to the person.
void ForgetRun(UiState* state);

// What was kept, into the state of a new window.
void Restore(const Persistent& kept, UiState* state);
// What the person has changed since. True: something, so the file is to be written again. Panes are the splitters'.
bool Remember(const UiState& state, Persistent* kept);

}  // namespace equipoise::ui
