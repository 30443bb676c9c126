#include "ui/gl/gl_functions.h"

#include "engine/base/mutex.h"

namespace equipoise::ui::gl {

#define X(type, name) type name = nullptr;
EQ_GL_FUNCTIONS(X)
#undef X

// The same addresses for every context of the process: both ways of looking up give the dispatcher's.
Status Load(Procedure (*look_up)(const char* name)) {
  static Mutex mutex;
  static bool loaded EQ_GUARDED_BY(mutex) = false;
  const MutexLock lock(mutex);
  if (loaded) return {};
#define X(type, name)                                 \
  name = reinterpret_cast<type>(look_up("gl" #name)); \
  if (name == nullptr) return Error{"OpenGL has no gl" #name ": a driver with OpenGL 3.3 is needed"};
  EQ_GL_FUNCTIONS(X)
#undef X
  loaded = true;
  return {};
}

std::string Renderer() {
  const GLubyte* name = glGetString(GL_RENDERER);
  return name != nullptr ? reinterpret_cast<const char*>(name) : "";
}

bool IsSoftware() {
  const std::string renderer = Renderer();
  for (const char* software : {"llvmpipe", "softpipe", "swrast", "SWR", "Software"}) {
    if (renderer.find(software) != std::string::npos) return true;
  }
  return false;
}

}  // namespace equipoise::ui::gl
