// kept_frame.h: the window's picture, kept from frame to frame, so that only what has changed is drawn anew.
//
// For a processor that draws: the whole window costs it some 20 ms, a few boxes a fraction of that, a copy of it all two.
// Thread   the one whose GL context is current
#pragma once

#include <functional>
#include <memory>

#include "ui/gl/canvas.h"
#include "ui/gl/damage.h"

namespace equipoise::ui {

class KeptFrame {
 public:
  // `render` draws data into the framebuffer that is bound. The data are afterwards what was left to draw. Returns how
  // many pixels were drawn anew; 0: the picture is as it was.
  int64_t Draw(ImDrawData* data, uint32_t ground, const Damage::Version& version,
               const std::function<void(ImDrawData*)>& render);
  // Copies it to the window's framebuffer, which is bound then.
  void Show() const;
  // False: the driver refuses a framebuffer of this size; the window is drawn directly then.
  bool usable() const { return canvas_ != nullptr; }
  void Bind() const { canvas_->Bind(); }  // to read it
  void Forget() { damage_.Forget(); }

 private:
  Damage damage_;
  std::unique_ptr<Canvas> canvas_;
  int width_ = 0, height_ = 0;
};

}  // namespace equipoise::ui
