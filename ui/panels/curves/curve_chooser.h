// curve_chooser.h: what the curves show: which charts over which x axis, how they are smoothed, which other runs.
//
// Thread   window thread, inside a frame
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

// At the right end of the open card's title, right of `left`. Returns where it begins.
float DrawCurveChoices(PanelContext& context, float left);

}  // namespace equipoise::ui
