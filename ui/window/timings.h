// timings.h: how long frames take, how soon a command is answered and how far the run is that a frame shows, for who
// measures (tests/bench/window.sh) and for tests that wait for it.
//
// Written to the trace (trace.h) as "frame.wall 0 0 N 0", "frame.processor ..." and "answer.wall ...", N in
// microseconds: of one frame from its first line to the swap, by the clock and by this thread's processor time; and
// from the post of a command to the first frame whose snapshot shows its effect, or that it waits for its boundary.
// "run.state 0 0 N 0", "run.steps ..." and "run.gradient_steps ...": the number of the snapshot's RunState, its
// environment and its gradient steps.
//
// Thread   window thread
#pragma once

#include <cstddef>
#include <functional>

#include "engine/record/snapshot.h"

namespace equipoise::ui {

class Timings {
 public:
  void BeginFrame(const run::Snapshot& snapshot);
  void EndFrame();
  void OnPost();

 private:
  // What a command of the window can change at once; what applied before a frame could show it waiting is an event.
  struct Answer {
    run::RunState state = run::RunState::kStarting;
    size_t pending = 0, refused = 0, events = 0;
    double speed = 0;
    bool operator==(const Answer& o) const {
      return state == o.state && pending == o.pending && refused == o.refused && events == o.events && speed == o.speed;
    }
  };
  Answer shown_;
  double wall_ = 0, processor_ = 0;  // when this frame began
  double posted_ = 0;                // 0: nothing waits for its answer
};

}  // namespace equipoise::ui
