// interrupt.h: long computations ask, between small pieces of work, whether to wait or to stop.
//
// The engine thread (and its worker) installs a handler for its own thread; numerical code calls PollInterrupt() at least
// every few tens of milliseconds: once per gradient step and once per time step of a long unroll. The handler may block
// (pause) or throw Interrupted (quit). Without a handler the call does nothing.
#pragma once

#include <functional>

namespace equipoise {

// Thrown out of a computation that was asked to stop. What it worked on is discarded by whoever catches it.
struct Interrupted {};

void PollInterrupt();

// Installs `handler` on this thread while in scope.
class ScopedInterruptHandler {
 public:
  explicit ScopedInterruptHandler(std::function<void()> handler);
  ~ScopedInterruptHandler();
  ScopedInterruptHandler(const ScopedInterruptHandler&) = delete;
  ScopedInterruptHandler& operator=(const ScopedInterruptHandler&) = delete;

 private:
  std::function<void()> handler_;
  const std::function<void()>* previous_;
};

}  // namespace equipoise
