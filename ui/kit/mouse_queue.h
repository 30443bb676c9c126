// mouse_queue.h: presses and releases of the mouse, one for each frame, at the place where they happened.
//
// Where frames are slow a person presses, lets go and moves on between two of them. ImGui before 1.87 looks at the
// mouse only once a frame: it would see the press where the mouse is by now, or miss the release. A button that is let
// go elsewhere than it was pressed was dragged there: the drag gets a frame of its own before the release.
//
// Pure: no ImGui call.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <optional>

namespace equipoise::ui {

struct MouseFrame {
  std::array<bool, 3> held{};              // left, right, middle
  std::optional<std::array<float, 2>> at;  // where this frame's press or release was; none: where the mouse is now
};

class MouseQueue {
 public:
  void Add(size_t button, bool down, float x, float y) {
    if (button < held_.size()) events_.push_back({button, down, {x, y}});
  }
  bool waiting() const { return !events_.empty(); }
  MouseFrame Next() {
    MouseFrame frame;
    if (waiting()) {
      const Event& event = events_.front();
      frame.at = event.at;
      const bool dragged = !event.down && held_[event.button] && event.at != pressed_at_[event.button];
      if (event.down) pressed_at_[event.button] = event.at;
      if (dragged) {
        pressed_at_[event.button] = event.at;
      } else {
        held_[event.button] = event.down;
        events_.pop_front();
      }
    }
    frame.held = held_;
    return frame;
  }

 private:
  struct Event {
    size_t button;
    bool down;
    std::array<float, 2> at;
  };
  std::array<bool, 3> held_{};
  std::array<std::array<float, 2>, 3> pressed_at_{};  // or dragged to
  std::deque<Event> events_;
};

}  // namespace equipoise::ui
