// presenter.h: brings what ImGui wants drawn to the window. Where the processor draws only what has changed is drawn
// (gl/kept_frame.h), and a frame in which nothing has is not shown again.
//
// Thread   window thread, between ImGui::Render and the swap
#pragma once

#include "ui/gl/kept_frame.h"
#include "ui/scene/scene.h"
#include "ui/window/glfw_window.h"

namespace equipoise::ui {

class Presenter {
 public:
  explicit Presenter(bool software) : software_(software) {}
  // False: what is on the screen is right as it is. `scene` may be null; `now` in seconds.
  bool Present(const GlfwWindow& window, const Scene* scene, double now);
  // The next frame is drawn and shown whole.
  void Forget() { kept_.Forget(); }

 private:
  bool software_;
  KeptFrame kept_;
  double shown_ = -1e9;
};

}  // namespace equipoise::ui
