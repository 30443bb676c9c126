// offscreen.h: an OpenGL context without a display (EGL, surfaceless), for pictures made by a headless run.
//
// Thread   made current on the thread that calls Create; used and destroyed there, after which the one before is
//          current again. Each thread may have its own
// Errors   no EGL, or no driver that draws without a surface
#pragma once

#include <memory>

#include "engine/base/result.h"

namespace equipoise::ui {

class OffscreenContext {
 public:
  static Result<std::unique_ptr<OffscreenContext>> Create();
  ~OffscreenContext();
  OffscreenContext(const OffscreenContext&) = delete;
  OffscreenContext& operator=(const OffscreenContext&) = delete;

 private:
  OffscreenContext(void* display, void* context) : display_(display), context_(context) {}
  void *display_, *context_;
  void *display_before_ = nullptr, *context_before_ = nullptr;  // null: there was none
};

}  // namespace equipoise::ui
