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
// Creates the folder when it is missing; the file appears complete or not at all.
Status WritePng(const Picture& picture, const std::string& path);
// "<directory>/export/equipoise-episode-0213-1.png", or in the working directory when `directory` is empty; numbered so
// that no picture is ever overwritten.
std::string PicturePath(const std::string& directory, int episode);

}  // namespace equipoise::ui
