// gl_functions.h: the few OpenGL entry points beyond 1.1 that the window calls itself.
//
// Never include imgui_impl_opengl3_loader.h beside this: it defines macros of the same names.
// Thread   the one whose GL context is current
#pragma once

#include <string>

#include <GL/gl.h>
#include <GL/glext.h>

#include "engine/base/result.h"

namespace equipoise::ui::gl {

#define EQ_GL_FUNCTIONS(X)                                   \
  X(PFNGLGENFRAMEBUFFERSPROC, GenFramebuffers)               \
  X(PFNGLDELETEFRAMEBUFFERSPROC, DeleteFramebuffers)         \
  X(PFNGLBINDFRAMEBUFFERPROC, BindFramebuffer)               \
  X(PFNGLFRAMEBUFFERTEXTURE2DPROC, FramebufferTexture2D)     \
  X(PFNGLCHECKFRAMEBUFFERSTATUSPROC, CheckFramebufferStatus) \
  X(PFNGLBLITFRAMEBUFFERPROC, BlitFramebuffer)               \
  X(PFNGLBINDRENDERBUFFERPROC, BindRenderbuffer)             \
  X(PFNGLRENDERBUFFERSTORAGEPROC, RenderbufferStorage)
#define X(type, name) extern type name;
EQ_GL_FUNCTIONS(X)
#undef X

using Procedure = void (*)();
// Looks all of them up; names the first that is missing. Needs a current context.
Status Load(Procedure (*look_up)(const char* name));
// "Mesa llvmpipe (LLVM 15.0.6, 256 bits)"
std::string Renderer();
// Drawn by the processor: every pixel costs training time.
bool IsSoftware();

}  // namespace equipoise::ui::gl
