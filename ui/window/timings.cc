#include "ui/window/timings.h"

#include <ctime>

#include "engine/base/clock.h"
#include "ui/kit/trace.h"

namespace equipoise::ui {
namespace {

double ProcessorSeconds() {
  std::timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void Write(const char* name, double seconds) { TraceWidget(name, {0, 0}, {static_cast<float>(1e6 * seconds), 0}); }
void Say(const char* name, int64_t number) { TraceWidget(name, {0, 0}, {static_cast<float>(number), 0}); }

}  // namespace

void Timings::BeginFrame(const run::Snapshot& snapshot) {
  wall_ = MonotonicSeconds();
  processor_ = ProcessorSeconds();
  Say("run.state", static_cast<int64_t>(snapshot.state));
  Say("run.steps", snapshot.environment_steps);
  Say("run.gradient_steps", snapshot.gradient_steps);
  const Answer now{snapshot.state, snapshot.pending.size(), snapshot.refused.size(),
                   snapshot.events != nullptr ? snapshot.events->size() : 0, snapshot.speed};
  if (posted_ > 0 && !(now == shown_)) {
    Write("answer.wall", wall_ - posted_);
    posted_ = 0;
  }
  shown_ = now;
}

void Timings::EndFrame() {
  Write("frame.wall", MonotonicSeconds() - wall_);
  Write("frame.processor", ProcessorSeconds() - processor_);
}

void Timings::OnPost() {
  if (posted_ == 0) posted_ = MonotonicSeconds();
}

}  // namespace equipoise::ui
