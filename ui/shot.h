// shot.h: a picture of the window, the scene or one plot at any size and scale, drawn anew and not copied from a
// screen.
//
// Used by the window for its own pictures (same view, zoom and selection as on the screen) and by commands without one.
// Changes theme scale and fonts for its own frame: whoever has a window applies its own again afterwards.
//
// Units    pixels; scale as in theme.h
// Thread   the one whose GL context and ImGui context are current, with ImGui's GL backend started; between frames
// Errors   a size that the driver refuses
#pragma once

#include <string>

#include "ui/capture.h"
#include "ui/layout.h"
#include "ui/panel.h"
#include "ui/scene.h"
#include "ui/shot_spec.h"

namespace equipoise::ui {

class Shooter {
 public:
  // `scene` may be null; `problem` then says why.
  // `loaded_scale`: of the fonts in the atlas; 0: none are loaded yet.
  Shooter(Scene* scene, std::string problem, PaneSizes panes, float loaded_scale = 0);
  Result<Picture> Take(PanelContext& context, const ShotSpec& spec);
  float loaded_scale() const { return scale_; }

 private:
  void DrawPart(PanelContext& context, const ShotSpec& spec);

  Scene* scene_;
  std::string problem_;
  PaneSizes panes_;
  float scale_;
};

}  // namespace equipoise::ui
