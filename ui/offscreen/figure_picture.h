// figure_picture.h: a figure (ui/figure/chart_svg.h) as a picture, without a display: the same charts above each other,
// drawn as the window draws them.
//
// Units    pixels = those of the SVG times `scale`
// Thread   any one, while no window of this process is open
// Errors   no EGL; a size that the driver refuses
#pragma once

#include <memory>
#include <vector>

#include "engine/base/result.h"
#include "ui/figure/chart_svg.h"
#include "ui/gl/capture.h"

namespace equipoise::ui {

class FigureStudio {
 public:
  static Result<std::unique_ptr<FigureStudio>> Open(bool light);
  ~FigureStudio();
  FigureStudio(const FigureStudio&) = delete;
  FigureStudio& operator=(const FigureStudio&) = delete;

  // Charts whose palette is that of `light`.
  Result<Picture> Take(const std::vector<FigureChart>& charts, const SvgOptions& options, float scale);

 private:
  struct Parts;
  explicit FigureStudio(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace equipoise::ui
