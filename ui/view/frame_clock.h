// frame_clock.h: the time of a frame, the same for all panels, and when the next one is wanted.
//
// Units    seconds on a steady clock
// Thread   window thread
#pragma once

#include <algorithm>
#include <cmath>

namespace equipoise::ui {

struct FrameClock {
  double now = 0;
  double since_last = 0;            // frame
  double next_frame_in = INFINITY;  // until something moves by itself; reset each frame
  double frames_per_second = 0;     // as drawn lately; 0: not known

  // Something moves by itself, or is to be seen, in so many seconds at the latest.
  void WakeIn(double seconds) { next_frame_in = std::min(next_frame_in, seconds); }
};

}  // namespace equipoise::ui
