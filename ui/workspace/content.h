// content.h: everything inside the window, the same on the screen and in a picture made without one.
//
// Thread   window thread, inside an ImGui frame
#pragma once

#include <string>

#include "ui/kit/layout.h"
#include "ui/scene/scene.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

// Draws all panels over the whole display. `scene` may be null; `problem` then says why.
void DrawContent(PanelContext& context, PaneSizes* panes, Scene* scene, const std::string& problem);

}  // namespace equipoise::ui
