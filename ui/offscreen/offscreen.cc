#include "ui/offscreen/offscreen.h"

#include <cstdio>
#include <string>

#include <EGL/egl.h>
#include <EGL/eglext.h>

#include "engine/base/memory.h"
#include "ui/gl/gl_functions.h"

namespace equipoise::ui {
namespace {

gl::Procedure LookUp(const char* name) { return eglGetProcAddress(name); }

std::string EglCode() {
  char text[32];
  std::snprintf(text, sizeof text, "EGL error 0x%x", eglGetError());
  return text;
}

EGLDisplay SurfacelessDisplay() {
  const auto get = reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
  EGLDisplay display = EGL_NO_DISPLAY;
  if (get != nullptr) display = get(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
  return display != EGL_NO_DISPLAY ? display : eglGetDisplay(EGL_DEFAULT_DISPLAY);
}

}  // namespace

Result<std::unique_ptr<OffscreenContext>> OffscreenContext::Create() {
  // A driver that runs out in the middle of its work ends the process, and no picture is worth that. Measured: with Mesa
  // in software a dashboard takes 232 MB, and maps some 500 MB.
  const MemoryLeft left = FindMemoryLeft();
  const int64_t needed = left.addresses ? 600'000'000 : 250'000'000;
  if (left.bytes < needed)
    return Error{"drawing takes " + BytesText(needed) + " of memory, and " + left.limit + " leaves " +
                 BytesText(left.bytes)};
  const std::string advice = "; pictures need Mesa's libEGL (package libegl1) or a driver with EGL";
  const EGLDisplay display = SurfacelessDisplay();
  if (display == EGL_NO_DISPLAY || eglInitialize(display, nullptr, nullptr) == EGL_FALSE) {
    return Error{"no OpenGL without a display: " + EglCode() + advice};
  }
  const EGLint wanted[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
  EGLConfig config = nullptr;
  EGLint found = 0;
  eglChooseConfig(display, wanted, &config, 1, &found);
  eglBindAPI(EGL_OPENGL_API);
  // No attributes: a compatibility context, which MuJoCo's renderer needs.
  const EGLContext context = eglCreateContext(display, found > 0 ? config : EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, nullptr);
  if (context == EGL_NO_CONTEXT) return Error{"no OpenGL context without a display: " + EglCode() + advice};
  std::unique_ptr<OffscreenContext> out(new OffscreenContext(display, context));
  if (eglGetCurrentContext() != EGL_NO_CONTEXT) {
    out->display_before_ = eglGetCurrentDisplay();
    out->context_before_ = eglGetCurrentContext();
  }
  if (eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) == EGL_FALSE) {
    return Error{"OpenGL without a surface is refused: " + EglCode() + advice};
  }
  const Status loaded = gl::Load(LookUp);
  if (!loaded) return loaded.error();
  return out;
}

OffscreenContext::~OffscreenContext() {
  const bool back = context_before_ != nullptr;
  eglMakeCurrent(back ? display_before_ : display_, EGL_NO_SURFACE, EGL_NO_SURFACE,
                 back ? context_before_ : EGL_NO_CONTEXT);
  eglDestroyContext(display_, context_);
  // The display itself is shared by the process and stays.
}

}  // namespace equipoise::ui
