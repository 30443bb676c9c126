// capture.h: pictures of what was drawn.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::ui {

struct Picture {
  int width = 0, height = 0;
  std::vector<unsigned char> rgb;  // rows from the top
};

// The framebuffer that is bound for reading. The thread whose GL context is current.
Picture ReadFramebuffer(int width, int height);
// The folder that a file will lie in.
Status MakeFolderFor(const std::string& path);
// Creates the folder when it is missing; the file appears complete or not at all.
Status WritePng(const Picture& picture, const std::string& path);
}  // namespace equipoise::ui
