// playback.h: which moment of the last episode, or of one that was chosen, is shown, while it loops at real time.
//
// A loop is played to its end even when a newer episode has arrived meanwhile: episodes often last longer than the
// learning between them, and a loop that always starts again shows nothing.
//
// Units    position in environment steps; position t shows the pose before step t (t = steps(): the last pose)
// Thread   window thread
#pragma once

#include <memory>

#include "engine/record/snapshot.h"

namespace equipoise::ui {

class Playback {
 public:
  // The newest trace of a snapshot (may be null). Taken at once when nothing is shown yet, otherwise at the loop's end.
  void Offer(const run::Shared<run::EpisodeTrace>& newest);
  // An episode that was chosen, at once and from its start; null: the last one again, where it was left.
  void Pin(const run::Shared<run::EpisodeTrace>& trace);
  bool pinned() const { return pinned_ != nullptr; }
  // Time has passed; `dt` is the duration of one environment step in seconds.
  void Advance(double seconds, double dt);

  void TogglePlaying();
  void ToggleLoop() { loop_ = !loop_; }
  // By hand: stops playing, so that the moment stays.
  void StepBy(int steps);
  void Seek(double position);

  const run::Shared<run::EpisodeTrace>& trace() const { return shown_; }
  int step() const { return static_cast<int>(position_); }
  bool playing() const { return playing_; }
  bool loop() const { return loop_; }
  bool newer_waits() const { return pinned_ == nullptr && newest_ != shown_; }
  // Seconds until the next pose is due; infinity when it stands still.
  double NextIn(double dt) const;

 private:
  void TakeNewest();
  int last() const { return shown_ != nullptr ? shown_->steps() : 0; }

  run::Shared<run::EpisodeTrace> shown_, newest_, pinned_;
  run::Shared<run::EpisodeTrace> left_;  // what was shown before one was chosen, and where
  double left_at_ = 0;
  double position_ = 0;
  double held_ = 0;  // seconds that the last pose has been shown
  bool playing_ = true, loop_ = true;
};

}  // namespace equipoise::ui
