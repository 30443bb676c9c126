// capture.h: pictures of what was drawn.
#pragma once

#include <string>
#include <vector>

#include "engine/base/output_file.h"
#include "engine/base/result.h"

namespace equipoise::ui {

struct Picture {
  int width = 0, height = 0;
  std::vector<unsigned char> rgb;  // rows from the top
};

// The framebuffer that is bound for reading. The thread whose GL context is current.
Picture ReadFramebuffer(int width, int height);
// Each pixel the mean of factor x factor ones.
Picture Reduced(const Picture& picture, int factor);
// The bytes of a PNG file.
Result<std::string> EncodePng(const Picture& picture);
// How a picture is written for a user; see output_file.h.
OutputRule PngRule(bool overwrite);
// EncodePng and WriteOutput by that rule.
Status WritePng(const Picture& picture, const std::string& path, bool overwrite = false);

}  // namespace equipoise::ui
