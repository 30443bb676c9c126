#include "ui/gl_functions.h"

namespace equipoise::ui::gl {

#define X(type, name) type name = nullptr;
EQ_GL_FUNCTIONS(X)
#undef X

Status Load(Procedure (*look_up)(const char* name)) {
#define X(type, name)                                 \
  name = reinterpret_cast<type>(look_up("gl" #name)); \
  if (name == nullptr) return Error{"OpenGL has no gl" #name ": a driver with OpenGL 3.3 is needed"};
  EQ_GL_FUNCTIONS(X)
#undef X
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
