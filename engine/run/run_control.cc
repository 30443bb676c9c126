#include "engine/run/run_control.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include "engine/base/clock.h"
#include "engine/base/interrupt.h"

namespace equipoise::run {

void RunControl::Post(Command command) {
  {
    const MutexLock lock(mutex_);
    if (!quit_asked_ && std::holds_alternative<Quit>(command)) quit_asked_ = MonotonicSeconds();
    commands_.push_back(std::move(command));
    has_commands_ = true;
  }
  changed_.NotifyAll();
}

std::deque<Command> RunControl::TakeCommands() {
  const MutexLock lock(mutex_);
  has_commands_ = false;
  return std::exchange(commands_, {});
}

namespace {

std::chrono::steady_clock::time_point In(double seconds) {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

void RunControl::WaitForCommand(double seconds) {
  const auto until = In(seconds);
  const MutexLock lock(mutex_);
  while (commands_.empty() && paused_ && changed_.WaitUntil(mutex_, until)) {
  }
}

bool RunControl::WaitForQuit(double seconds) {
  const auto until = In(seconds);
  const MutexLock lock(mutex_);
  const auto asked = [](const Command& command) { return std::holds_alternative<Quit>(command); };
  for (bool late = false; !quit_ && !late;) {
    if (std::any_of(commands_.begin(), commands_.end(), asked)) quit_ = true;
    if (!quit_) late = !changed_.WaitUntil(mutex_, until);
  }
  return quit_;
}

void RunControl::GiveUpAfter(double seconds) {
  const MutexLock lock(mutex_);
  if (!quit_asked_ || MonotonicSeconds() - *quit_asked_ < seconds) return;
  quit_ = true;
  throw Interrupted{};
}

Status RunControl::Obey(const Pause&) {
  const MutexLock lock(mutex_);
  paused_ = true;
  step_unit_ = kNoStep;
  return {};
}

Status RunControl::Obey(const Resume&) {
  {
    const MutexLock lock(mutex_);
    step_unit_ = kNoStep;
    paused_ = false;
  }
  changed_.NotifyAll();
  return {};
}

Status RunControl::Obey(const Step& step) {
  {
    const MutexLock lock(mutex_);
    step_unit_ = static_cast<int>(step.unit);
    paused_ = false;
  }
  changed_.NotifyAll();
  return {};
}

Status RunControl::Obey(const SetSpeed& speed) {
  if (!(speed.factor >= 0 && speed.factor <= 1000))
    return Error{"The speed must lie between 0 (as fast as possible) and 1000 times real time."};
  speed_ = speed.factor;
  return {};
}

Status RunControl::Obey(const Quit&) {
  {
    const MutexLock lock(mutex_);
    quit_ = true;
  }
  changed_.NotifyAll();
  return {};
}

bool RunControl::Ended(Step::Unit unit) {
  if (step_unit_ != static_cast<int>(unit)) return false;
  const MutexLock lock(mutex_);
  if (step_unit_ != static_cast<int>(unit)) return false;  // another thread's step was the one
  paused_ = true;
  step_unit_ = kNoStep;
  return true;
}

void RunControl::Abandon() {
  {
    const MutexLock lock(mutex_);
    abandon_ = true;
  }
  changed_.NotifyAll();
}

void RunControl::ThrowIfEnding() const {
  if (ending()) throw Interrupted{};
}

void RunControl::Hold() {
  ThrowIfEnding();
  if (!paused_) return;
  {
    const MutexLock lock(mutex_);
    while (paused_ && !ending()) changed_.Wait(mutex_);
  }
  ThrowIfEnding();
}

}  // namespace equipoise::run
