#include "ui/gl/capture.h"

#include <cstring>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#include <GL/gl.h>
#include <stb_image_write.h>

namespace equipoise::ui {

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

Picture Reduced(const Picture& picture, int factor) {
  if (factor <= 1) return picture;
  Picture out{picture.width / factor, picture.height / factor, {}};
  out.rgb.resize(static_cast<size_t>(out.width) * static_cast<size_t>(out.height) * 3);
  const auto n = static_cast<size_t>(factor), row = static_cast<size_t>(picture.width) * 3;
  for (size_t y = 0, at = 0; y < static_cast<size_t>(out.height); ++y) {
    for (size_t x = 0; x < static_cast<size_t>(out.width); ++x) {
      for (size_t c = 0; c < 3; ++c, ++at) {
        size_t sum = 0;
        for (size_t v = 0; v < n; ++v)
          for (size_t u = 0; u < n; ++u) sum += picture.rgb[(y * n + v) * row + (x * n + u) * 3 + c];
        out.rgb[at] = static_cast<unsigned char>((sum + n * n / 2) / (n * n));
      }
    }
  }
  return out;
}

Result<std::string> EncodePng(const Picture& picture) {
  std::string bytes;
  const auto append = [](void* out, void* data, int size) {
    static_cast<std::string*>(out)->append(static_cast<const char*>(data), static_cast<size_t>(size));
  };
  const int encoded =
      stbi_write_png_to_func(append, &bytes, picture.width, picture.height, 3, picture.rgb.data(), picture.width * 3);
  if (encoded == 0) return Error{"a picture of this size cannot be encoded"};
  return bytes;
}

OutputRule PngRule(bool overwrite) {
  OutputRule rule;
  rule.endings = {".png"};
  rule.overwrite = overwrite;
  rule.binary = true;
  return rule;
}

Status WritePng(const Picture& picture, const std::string& path, bool overwrite) {
  const Result<std::string> bytes = EncodePng(picture);
  if (!bytes) return Error{path + ": " + bytes.error().message};
  return WriteOutput(path, bytes.value(), PngRule(overwrite));
}

}  // namespace equipoise::ui
