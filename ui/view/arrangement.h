// arrangement.h: where every card lies. A pure function of the window's size, so that a test can see that nothing
// overlaps.
//
// Left: what can I change. Centre: what happens and why. Right: how it is going. Where three columns have no room (a
// small window, or a large scale) fewer cards are seen at a time, and tabs lead to the others: two panes side by side,
// or one.
// Units    pixels; `scale` is the interface scale
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ui/kit/imgui_compat.h"
#include "ui/kit/layout.h"

namespace equipoise::ui {

struct Area {
  float x = 0, y = 0, w = 0, h = 0;
};

// What lies behind one tab. Controls are the cards of run and settings; curves bring the model's card along where there
// is room for both.
enum class Page : uint8_t { kScene, kCheck, kCurves, kModel, kLog, kControls, kExperiments, kCount };
const char* Name(Page page);

struct Tabs {
  Area area;
  std::vector<Page> pages;
  Page shown = Page::kScene;
  bool second = false;  // which of the choices below it is
};
// The tab chosen in each pane, from the left. Where there is one pane, the first.
struct PageChoice {
  Page first = Page::kScene, second = Page::kCurves;
};

// What a person wants to see, and what there is.
struct Wishes {
  bool effects = false;  // before and after an intervention; given only where the window is large enough for it
  PageChoice pages = {};
  std::optional<Page> large = {};  // one card in place of scene, check, curves, model and log
  bool presents = false;           // one card at a time whatever the room, behind tabs
  bool run_tabs = false;           // several runs are open
};

struct Arrangement {
  bool compact = false;    // words shorten, secondary sentences go
  std::vector<Tabs> tabs;  // none: three columns, everything at once
  Area run_tabs, top_bar, phase_row, run, settings, experiments, scene, effects, check, curves, model, log,
      status;  // empty: not
               // seen now
  bool single_pane() const { return tabs.size() == 1 && !tabs.front().second; }
};

// The least window with three columns, and the least in which everything can be reached, at scale 1.
constexpr float kColumnsWidth = 1100, kColumnsHeight = 700;
constexpr float kLeastWidth = 550, kLeastHeight = 350;

constexpr float kRunTabsHeight = 30;
Arrangement Arrange(ImVec2 window, float scale, const PaneSizes& panes, const Wishes& wishes = {});

// The scale that is asked for, or the largest at which everything can still be reached, in steps of 0.05.
float FittingScale(ImVec2 window, float wanted, bool run_tabs = false);
// The same for a picture, in which nobody can choose a tab: at which all of it is seen at once.
float WholeScale(ImVec2 window, float wanted);

}  // namespace equipoise::ui
