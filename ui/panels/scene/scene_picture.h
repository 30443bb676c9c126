// scene_picture.h: the scene's picture with MuJoCo's gestures on it, and what a person may switch in it.
//
//   left drag orbit   right or Shift+left drag pan   wheel or middle drag zoom   double click pick   right double click
//   centre   Ctrl+drag, left or right, pull; with Shift along the ground
//
// A pull is posted as PushBody while it lasts, at most once a frame, and let go with the button.
// Thread   window thread, inside a frame
#pragma once

#include <string>

#include "ui/scene/scene.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

// The small sheet of what is drawn on the picture, and what a key asks of the camera.
struct ScenePictureView {
  double drawn_at = -1;  // when the body moved last, on the clock of the frames
  bool options_open = false;
  bool reset_camera = false;  // before the next picture
  int camera_said = -1;       // the camera that was named last
};

// The picture of `frame` between a and b; size, theme, quality and choices of the frame are filled in here. `scene` may
// be null when nothing can be drawn; `problem` then says why. `acting`: what is shown can be pushed right now.
void DrawScenePicture(PanelContext& context, Scene* scene, const std::string& problem, Scene::Frame frame, bool acting,
                      ImVec2 a, ImVec2 b);

// Submitted before the picture, so that they get the mouse first: the button at its lower right (b) and, when open,
// the sheet above it.
void DrawViewOptions(UiState& state, const Scene* scene, ImVec2 b);

// Name, place, speed and contact force of the picked body, at the lower left.
void DrawPicked(const Scene& scene, ImVec2 a, ImVec2 b);

// A sentence in place of the picture.
void DrawProblem(const std::string& text, ImVec2 a, ImVec2 b);

}  // namespace equipoise::ui
