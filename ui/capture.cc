#include "ui/capture.h"

#include <cstring>
#include <filesystem>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#include <GL/gl.h>
#include <stb_image_write.h>

#include "engine/base/atomic_file.h"

namespace equipoise::ui {
namespace fs = std::filesystem;

Picture ReadFramebuffer(int width, int height) {
  Picture picture{width, height, {}};
  const size_t row = static_cast<size_t>(width) * 3;
  std::vector<unsigned char> upward(row * static_cast<size_t>(height));
  picture.rgb.resize(upward.size());
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, upward.data());
  for (size_t y = 0; y < static_cast<size_t>(height); ++y) {
    std::memcpy(&picture.rgb[y * row], &upward[(static_cast<size_t>(height) - 1 - y) * row], row);
  }
  return picture;
}

Status MakeFolderFor(const std::string& path) {
  std::error_code error;
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty()) fs::create_directories(folder, error);
  if (error) return Error{path + ": the folder cannot be created (" + error.message() + "); choose another one"};
  return {};
}

Status WritePng(const Picture& picture, const std::string& path) {
  if (Status made = MakeFolderFor(path); !made) return made;
  std::string bytes;
  const auto append = [](void* out, void* data, int size) {
    static_cast<std::string*>(out)->append(static_cast<const char*>(data), static_cast<size_t>(size));
  };
  const int encoded =
      stbi_write_png_to_func(append, &bytes, picture.width, picture.height, 3, picture.rgb.data(), picture.width * 3);
  if (encoded == 0) return Error{path + ": a picture of this size cannot be encoded"};
  return WriteFileAtomically(path, bytes);
}

}  // namespace equipoise::ui
