// frame_counter.h: the clock that the panels of a frame read, and how many frames were drawn in the last second.
//
// Thread   window thread
#pragma once

#include "ui/view/frame_clock.h"

namespace equipoise::ui {

class FrameCounter {
 public:
  // A frame begins at `now`; nothing has asked for the next one yet.
  void Begin(double now, FrameClock* clock) {
    constexpr double kLongest = 1;  // what moves does not leap after a rest
    clock->since_last = clock->now > 0 ? std::min(kLongest, now - clock->now) : 0;
    clock->now = now;
    clock->next_frame_in = INFINITY;
    ++drawn_;
    ++counted_;
    if (now - counted_since_ < 1) return;
    clock->frames_per_second = counted_since_ > 0 ? counted_ / (now - counted_since_) : 0;
    counted_ = 0;
    counted_since_ = now;
  }
  int drawn() const { return drawn_; }

 private:
  int drawn_ = 0, counted_ = 0;
  double counted_since_ = 0;
};

}  // namespace equipoise::ui
