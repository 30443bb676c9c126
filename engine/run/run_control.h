// run_control.h: does a run go on, wait, go one step or end; and what was it asked for that is not answered yet?
//
// The one thing that all threads of a run share. It knows no run: what a command means to one is the engine's to say.
//
// Thread   Post any; Ended, Hold and the questions the engine's thread and those that learn beside it; the rest the
//          engine's alone
#pragma once

#include <atomic>
#include <deque>
#include <optional>

#include "engine/base/mutex.h"
#include "engine/base/result.h"
#include "engine/record/command.h"

namespace equipoise::run {

class RunControl {
 public:
  void Post(Command command) EQ_EXCLUDES(mutex_);
  bool has_commands() const { return has_commands_; }
  std::deque<Command> TakeCommands() EQ_EXCLUDES(mutex_);
  // Until somebody asks for something or the pause is over, and no longer than that.
  void WaitForCommand(double seconds) EQ_EXCLUDES(mutex_);
  // Waits so long while nothing but quitting can be answered; true, and it quits: somebody asked for that.
  bool WaitForQuit(double seconds) EQ_EXCLUDES(mutex_);

  Status Obey(const Pause&);
  Status Obey(const Resume&);
  Status Obey(const Step& step);
  Status Obey(const SetSpeed& speed);  // refused outside 0 to 1000
  Status Obey(const Quit&);

  // One of these was done. Where it is what a Step asked for, the pause begins: true.
  bool Ended(Step::Unit unit) EQ_EXCLUDES(mutex_);
  // Throws Interrupted, and quits, where that was asked for so long ago.
  void GiveUpAfter(double seconds) EQ_EXCLUDES(mutex_);
  // The episode at work is given up, by all threads.
  void Abandon() EQ_EXCLUDES(mutex_);
  void AbandonIsOver() { abandon_ = false; }

  bool paused() const { return paused_; }
  bool quits() const { return quit_; }
  double speed() const { return speed_; }
  // Throws Interrupted where the run ends or the episode is given up.
  void ThrowIfEnding() const;
  // The same, and waits while there is a pause.
  void Hold() EQ_EXCLUDES(mutex_);

 private:
  static constexpr int kNoStep = -1;
  bool ending() const { return quit_ || abandon_; }

  Mutex mutex_;
  Condition changed_;
  std::deque<Command> commands_ EQ_GUARDED_BY(mutex_);
  std::optional<double> quit_asked_ EQ_GUARDED_BY(mutex_);  // when
  // Read between any two steps, so without the lock; set with it, so that nobody falls asleep between looking and
  // waiting.
  std::atomic<bool> has_commands_{false}, paused_{false}, quit_{false}, abandon_{false};
  std::atomic<int> step_unit_{kNoStep};  // Step::Unit that ends the present stretch
  std::atomic<double> speed_{0};
};

}  // namespace equipoise::run
