// pacing.h: how long the window may sleep. Every frame costs training time, most of all when the processor draws.
//
//   30 frames a second for 0.7 s after input; while something is published or moves by itself 30, or 5 when the
//   processor draws; 2 when nothing happens; none while iconified.
//
// Units    seconds on one steady clock. The deadline counts from the start of a frame, so that drawing is not added to
// it Thread   window thread
#pragma once

namespace equipoise::ui {

class Pacer {
 public:
  explicit Pacer(bool software) : software_(software) {}
  void OnInput(double now) { last_input_ = now; }
  void OnFrame(double start) { last_frame_ = start; }

  struct Load {
    bool published = false;  // a snapshot that was not drawn yet
    bool iconified = false;
    double next_frame_in = 1e9;  // of what moves by itself, counted from the last frame
  };
  // When the next frame is due; infinity: not before something happens.
  double Due(const Load& load) const;

 private:
  bool software_;
  double last_input_ = -1e9, last_frame_ = -1e9;
};

}  // namespace equipoise::ui
