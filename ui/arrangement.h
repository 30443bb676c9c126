// arrangement.h: where every card lies. A pure function of the window's size, so that a test can see that nothing
// overlaps.
//
// Left: what can I change. Centre: what happens and why. Right: how it is going.
// Units    pixels; `scale` is the interface scale
#pragma once

#include "ui/imgui_compat.h"
#include "ui/layout.h"

namespace equipoise::ui {

struct Area {
  float x = 0, y = 0, w = 0, h = 0;
};

struct Arrangement {
  bool compact = false;  // words shorten, secondary sentences go
  Area top_bar, phase_row, run, settings, experiments, scene, effects, check, curves, model, log, status;
};

// The smallest window in which everything has its place, at scale 1.
constexpr float kLeastWidth = 1100, kLeastHeight = 700;

// `effects`: room is wanted for before and after an intervention; given only where the window is large enough for it,
// else that area is empty.
Arrangement Arrange(ImVec2 window, float scale, const PaneSizes& panes, bool effects = false);

// Over everything right of the left column, for curves that want to be read.
Area LargeCurves(const Arrangement& arrangement);

// The scale that is asked for, or the largest at which the least size still fits, in steps of 0.05.
float FittingScale(ImVec2 window, float wanted);

}  // namespace equipoise::ui
