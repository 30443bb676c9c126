// clock.h: seconds on a clock that only goes forward, for durations. Nothing that is learnt or decided may depend on it.
#pragma once

#include <chrono>

namespace equipoise {

inline double MonotonicSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace equipoise
