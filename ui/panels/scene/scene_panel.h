// scene_panel.h: the robot, who moves it and why, and the transport of the last episode.
#pragma once

#include <string>

#include "ui/scene/scene.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

// `scene` may be null when nothing can be drawn; `problem` then says why.
void DrawScenePanel(PanelContext& context, ImVec2 size, Scene* scene, const std::string& problem);

}  // namespace equipoise::ui
