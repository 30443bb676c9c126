// scene_panel.h: the robot, who moves it and why, and the transport of the last episode.
#pragma once

#include <string>

#include "ui/panel.h"
#include "ui/scene.h"

namespace equipoise::ui {

// What the scene shows when it shows no imagination: live, or the loop.
Moment SceneMoment(const run::Snapshot& snapshot, const UiState& state);

// `scene` may be null when nothing can be drawn; `problem` then says why.
void DrawScenePanel(PanelContext& context, ImVec2 size, Scene* scene, const std::string& problem);

}  // namespace equipoise::ui
