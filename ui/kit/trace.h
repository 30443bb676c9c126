// trace.h: tells a test where the widgets are, so that it can click them with a real mouse.
//
// When EQUIPOISE_UI_TRACE names a file, a line "name x y width height" (pixels in the window) is appended whenever a
// widget appears or moves; the newest line of a name holds. Without the variable nothing is written.
//
// Thread   window thread
#pragma once

#include <string>

#include "ui/kit/imgui_compat.h"

namespace equipoise::ui {

void TraceWidget(const std::string& name, ImVec2 top_left, ImVec2 bottom_right);

}  // namespace equipoise::ui
