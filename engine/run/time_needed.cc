#include "engine/run/time_needed.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

#include "engine/agent/trainer.h"
#include "engine/base/clock.h"
#include "engine/base/interrupt.h"
#include "engine/base/mutex.h"
#include "engine/run/engine_impl.h"
#include "engine/run/memory_needed.h"

namespace equipoise::run {
namespace {

constexpr double kTrialSeconds = 1, kWorthSaying = 60;

// What a trial saw of each stage.
class Trial {
 public:
  void Progress(const std::string& stage, int done) {
    const MutexLock lock(mutex_);
    Seen& seen = seen_.try_emplace(stage, Seen{MonotonicSeconds()}).first->second;
    seen.done = done;
    seen.last = MonotonicSeconds();
  }
  void Poll() const {
    if (MonotonicSeconds() > until_) throw Interrupted{};
  }
  std::optional<TimeNeeded> Judge(const std::vector<Stage>& stages) const {
    const MutexLock lock(mutex_);
    const double now = MonotonicSeconds();
    TimeNeeded all;
    std::map<int, double> lanes;  // those beside each other
    double most = 0;
    for (const Stage& stage : stages) {
      if (stage.total == 0 || stage.id == kRandomStage) continue;
      const auto found = seen_.find(stage.id);
      if (found == seen_.end()) {
        all.at_least = true;
        continue;
      }
      const Seen& seen = found->second;
      all.at_least = all.at_least || seen.done == 0;
      const double spent = seen.done > 0 ? (seen.last - seen.first) / seen.done : now - seen.first;
      const double seconds = spent * stage.total;
      lanes[stage.lane] += seconds;
      if (seconds <= most) continue;
      most = seconds;
      all.stage = stage.title + ", " + std::to_string(stage.total) + " " + stage.unit + (stage.total == 1 ? "" : "s");
    }
    double learning = 0;
    for (const auto& [lane, seconds] : lanes) {
      if (lane < 0)
        all.seconds += seconds;
      else
        learning = std::max(learning, seconds);
    }
    all.seconds += learning;
    if (all.seconds < kWorthSaying) return {};
    return all;
  }

 private:
  struct Seen {
    double first = 0, last = 0;
    int done = 0;
  };
  const double until_ = MonotonicSeconds() + kTrialSeconds;
  mutable Mutex mutex_;
  std::map<std::string, Seen> seen_ EQ_GUARDED_BY(mutex_);
};

}  // namespace

std::string RoughTime(double seconds) {
  const auto count = [](double number, const char* unit, bool plural) {
    const long whole = std::max(1L, std::lround(number));
    return std::to_string(whole) + " " + unit + (plural && whole > 1 ? "s" : "");
  };
  constexpr double kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour, kYear = 365 * kDay;
  if (seconds < 99 * kMinute) return count(seconds / kMinute, "min", false);
  if (seconds < 48 * kHour) return count(seconds / kHour, "h", false);
  if (seconds < kYear) return count(seconds / kDay, "day", true);
  return seconds < 1000 * kYear ? count(seconds / kYear, "year", true) : "more than a thousand years";
}

std::string TimeNeeded::Sentence() const {
  return std::string("The first episode takes ") + (at_least ? "more than " : "about ") + RoughTime(seconds) +
         " on this machine, most of it the " + stage +
         " (tried for a second: half as long or twice as long is possible)" +
         (large.empty() ? "" : "; large here: " + large);
}

Result<std::optional<TimeNeeded>> FindTimeNeeded(const config::Settings& settings) {
  const std::string large = LargeSettings(settings);
  if (large.empty()) return std::optional<TimeNeeded>();
  auto task = TaskOf(settings);
  if (!task) return task.error();
  config::Settings trial_settings = settings;
  trial_settings.run.random_episodes = 1;  // enough to learn from
  Trial trial;
  TrainerHooks hooks;
  hooks.progress = [&trial](const std::string& stage, int done, int) { trial.Progress(stage, done); };
  hooks.acted = [&trial](const LiveStep& live) { trial.Progress(kActStage, live.step); };
  hooks.poll = [&trial] { trial.Poll(); };
  try {
    Trainer trainer(trial_settings, std::move(task).value(), std::move(hooks));
    std::vector<Stage> stages = trainer.Stages();
    try {
      const ScopedInterruptHandler handler([&trial] { trial.Poll(); });
      (void)trainer.NextEpisode();
      stages = trainer.Stages();
      (void)trainer.NextEpisode();
      return std::optional<TimeNeeded>();  // the whole of it
    } catch (const Interrupted&) {
    }
    PollInterrupt();
    std::optional<TimeNeeded> needed = trial.Judge(stages);
    if (needed) needed->large = large;
    return needed;
  } catch (const std::bad_alloc& error) {
    return Error{std::string("a run with these settings does not fit: ") + error.what() + "; large here: " + large};
  } catch (const std::runtime_error&) {  // a simulation that diverges, which the run itself will say
    return std::optional<TimeNeeded>();
  }
}

}  // namespace equipoise::run
