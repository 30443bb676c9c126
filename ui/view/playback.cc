#include "ui/view/playback.h"

#include <algorithm>
#include <cmath>

namespace equipoise::ui {
namespace {

constexpr double kPauseAtEnd = 0.6;  // seconds, so that the end is seen before the loop starts again

}  // namespace

void Playback::Offer(const run::Shared<run::EpisodeTrace>& newest) {
  newest_ = newest;
  if (shown_ == nullptr || (playing_ && !loop_ && step() >= last())) TakeNewest();
}

void Playback::Pin(const run::Shared<run::EpisodeTrace>& trace) {
  if (trace == pinned_) return;
  if (pinned_ == nullptr) {
    left_ = shown_;
    left_at_ = position_;
  }
  pinned_ = trace;
  held_ = 0;
  if (trace != nullptr) {
    shown_ = trace;
    position_ = 0;
  } else {
    shown_ = left_ != nullptr ? left_ : newest_;
    position_ = left_ != nullptr ? left_at_ : 0;
    left_ = nullptr;
  }
}

void Playback::TakeNewest() {
  shown_ = pinned_ != nullptr ? pinned_ : newest_;
  position_ = 0;
  held_ = 0;
}

void Playback::Advance(double seconds, double dt) {
  if (!playing_ || shown_ == nullptr || !(dt > 0) || !(seconds > 0)) return;
  position_ += seconds / dt;
  if (position_ < last()) return;
  held_ += (position_ - last()) * dt;
  position_ = last();
  if (held_ < kPauseAtEnd) return;
  if (loop_ || newer_waits()) TakeNewest();
}

void Playback::TogglePlaying() {
  playing_ = !playing_;
  if (playing_ && position_ >= last()) TakeNewest();
}

void Playback::StepBy(int steps) { Seek(std::floor(position_) + steps); }

void Playback::Seek(double position) {
  playing_ = false;
  held_ = 0;
  position_ = std::clamp(position, 0.0, static_cast<double>(last()));
}

double Playback::NextIn(double dt) const {
  if (!playing_ || shown_ == nullptr) return INFINITY;
  if (position_ >= last()) return loop_ || newer_waits() ? std::max(0.0, kPauseAtEnd - held_) : INFINITY;
  return (std::floor(position_) + 1 - position_) * dt;
}

}  // namespace equipoise::ui
