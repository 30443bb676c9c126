// run_clock.h: a run's time. Nothing that is learnt or decided depends on it.
//
//   RunClock     the seconds that were worked on a run, in this process and those before: stands still in a pause
//   EpisodePace  how long the newest episodes took
//   StepPacer    when the next environment step of a run that is slowed to real time is due
//
// Units    seconds; `now` on any clock that only goes forward (base/clock.h)
// Thread   one
#pragma once

#include <cmath>
#include <deque>
#include <optional>

namespace equipoise::run {

class RunClock {
 public:
  void StartFrom(double seconds) { before_ = seconds; }
  void Go(double now) {
    if (!since_) since_ = now;
  }
  void Stop(double now) {
    if (since_) before_ += now - *since_;
    since_.reset();
  }
  double Seconds(double now) const { return before_ + (since_ ? now - *since_ : 0); }

 private:
  double before_ = 0;
  std::optional<double> since_;  // none: it stands
};

class EpisodePace {
 public:
  void Add(double end) {  // of an episode, by the run's clock
    ends_.push_back(end);
    if (ends_.size() > kNewest + 1) ends_.pop_front();
  }
  void Forget() { ends_.clear(); }
  // NaN: not known yet.
  double SecondsAnEpisode() const {
    if (ends_.size() < 2) return NAN;
    return (ends_.back() - ends_.front()) / static_cast<double>(ends_.size() - 1);
  }

 private:
  static constexpr size_t kNewest = 10;
  std::deque<double> ends_;
};

class StepPacer {
 public:
  // Another `period` after the last one; a run that has fallen behind does not hurry after it.
  void Next(double now, double period) {
    if (next_ < now - period) next_ = now;
    next_ += period;
  }
  double next() const { return next_; }
  void Restart() { next_ = 0; }  // whoever waits, waits no longer

 private:
  double next_ = 0;
};

}  // namespace equipoise::run
