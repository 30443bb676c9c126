// ghost_framing.h: how far the camera steps back and aside so that imagined bodies stay in the picture.
//
// Imagined bodies run ahead of the real one or fall behind. With lo <= 0 <= hi, the reach of their roots along the
// picture's width from the real body, in metres, and `visible`, the width seen at the body:
//   factor = clamp(((hi - lo) / visible + 0.5) / 0.9, 1, 2.2)      half of a width for the bodies themselves
//   aside  = clamp((lo + hi) / 2, +-0.3 * factor * visible)       the real body never leaves the picture
#pragma once

#include <algorithm>

namespace equipoise::ui {

struct GhostFraming {
  double factor = 1;  // of the camera's distance
  double aside = 0;   // metres to the right of the real body that the camera looks at
};

inline GhostFraming FrameGhosts(double lo, double hi, double visible) {
  constexpr double kBodies = 0.5, kFilled = 0.9, kFarthest = 2.2, kReal = 0.3;
  GhostFraming framing;
  if (!(visible > 0) || !(hi >= lo)) return framing;
  framing.factor = std::clamp(((hi - lo) / visible + kBodies) / kFilled, 1.0, kFarthest);
  const double most = kReal * framing.factor * visible;
  framing.aside = std::clamp(0.5 * (lo + hi), -most, most);
  return framing;
}

}  // namespace equipoise::ui
