// shot.h: a picture of the window, the scene or one plot at any size and scale, drawn anew and not copied from a
// screen.
//
// Used by the window for its own pictures (same view, zoom and selection as on the screen) and by commands without one.
// Drawn in an ImGui context of its own (picture_context.h), so that a window's clicks, fields and fonts stay as they
// are.
//
// Units    pixels; scale as in theme.h
// Thread   the one whose GL context is current; between frames
// Errors   a size that the driver refuses
#pragma once

#include <string>

#include "ui/gl/capture.h"
#include "ui/kit/layout.h"
#include "ui/kit/picture_context.h"
#include "ui/scene/scene.h"
#include "ui/view/panel.h"
#include "ui/view/shot_spec.h"

namespace equipoise::ui {

class Shooter {
 public:
  // `scene` may be null; `problem` then says why.
  Shooter(PictureContext* own, Scene* scene, std::string problem, PaneSizes panes);
  Result<Picture> Take(PanelContext& context, const ShotSpec& spec);
  // The same without a picture of it, and without GL where there is no scene: for those who record what is drawn.
  void Lay(PanelContext& context, const ShotSpec& spec);

 private:
  void Draw(PanelContext& context, const ShotSpec& spec, int width, int height);
  void DrawPart(PanelContext& context, const ShotSpec& spec);

  PictureContext* own_;
  Scene* scene_;
  std::string problem_;
  PaneSizes panes_;
};

}  // namespace equipoise::ui
