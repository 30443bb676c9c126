// offscreen.h: an OpenGL context without a display (EGL, surfaceless), for pictures made by a headless run.
//
// Thread   made current on the thread that calls Create; used and destroyed there
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
  void* display_;
  void* context_;
};

}  // namespace equipoise::ui
