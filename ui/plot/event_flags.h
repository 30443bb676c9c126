// event_flags.h: the marks of event_marks.h in a chart of the window: upright lines, ticks on the axis, numbered flags.
//
// Thread   window thread, inside a frame
#pragma once

#include <vector>

#include "ui/figure/event_marks.h"
#include "ui/kit/draw.h"

namespace equipoise::ui {

// Upright lines of the flags and ticks on the axis, inside of the chart's clip.
void DrawEventMarks(const EventMarks& flags, const EventMarks& ticks, const Axis& x, const Axis& y);
// The flags themselves, above the axes. The group under the mouse, or -1.
int DrawFlagHeads(const EventMarks& flags, const std::vector<MarkGroup>& groups, const Axis& x, float top,
                  ImVec2 mouse);
float FlagWidth();

}  // namespace equipoise::ui
