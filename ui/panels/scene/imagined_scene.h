// imagined_scene.h: the scene while it shows imagination: the real body in front, rollouts of one or two masks as
// ghosts.
//
// Asks for what it needs (UiState::inspections) and shows what has come; a newer answer replaces the picture at once.
// Thread   window thread, inside a frame
#pragma once

#include <string>

#include "ui/scene/scene.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

// Advances the view and asks for what is missing. Once a frame, before the scene and the beliefs are drawn.
void PrepareImagined(PanelContext& context);

// The ghosts and trails of a frame at a step; `frame` gets the real body's pose. `lanes`: behind each other.
struct ImaginedColors {
  ImU32 real, mask_a, mask_b, lit;
};
ImaginedColors ImaginedColorsNow();  // of the theme
void AddImagined(const run::Imagined& shown, int step, bool lanes, const ImaginedColors& colors, Scene::Frame* frame);

// The whole content of the scene's card from `at` on, transport included.
void DrawImaginedScene(PanelContext& context, Scene* scene, const std::string& problem, ImVec2 at, ImVec2 room);

// Whose actions: the real ones (a test of the model) or a policy's (a plan). Right-aligned at `right`, its vertical
// middle.
void DrawActionsChoice(const nets::PartList& parts, UiState& state, ImVec2 right_middle, float left_limit);

}  // namespace equipoise::ui
