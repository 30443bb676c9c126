// rerun_script.h: what a run was asked for, as its folder tells it, so that the run can be made again.
//
// A roll back leaves what it gave up in a folder of its own; so a run is a row of stretches, each but the last ended by
// a roll back. Within one, changes are put in force before their episode and pushes made at their steps. What came
// before a fork was done in the run that it was forked from, where the folders of its roll backs lie: such a roll back
// is told again, not made, which leads to the same bits.
//
// Thread   engine thread
// Errors   a folder that cannot be read, or lacks what a roll back left
#pragma once

#include <string>
#include <vector>

#include "engine/record/push.h"
#include "engine/record/snapshot.h"
#include "engine/run/accepted.h"
#include "engine/run/pending_changes.h"

namespace equipoise::run {

constexpr char kForkKey[] = "fork";  // of the event that says what a run was forked from

class RerunScript {
 public:
  static Result<RerunScript> Read(const std::string& folder);
  // The course that led to where it stands, in one stretch: all roll backs are told.
  static Result<RerunScript> ReadStraight(const std::string& folder);

  // All episodes of this stretch, the random ones included, are made.
  bool Made(size_t episodes) const { return episodes >= Now().episodes; }
  // Settings that were changed before the learning for this episode, in their order.
  std::vector<PendingChange> Changes(int episode) const;
  // Events that are told as they stand before the learning for this episode: roll backs and forks.
  std::vector<Event> Told(int episode) const;
  std::vector<Stroke> Strokes(int episode) const { return StrokesOf(Now().events, episode).value(); }
  run::PushReasons PushReasons(int episode) const { return PushReasonsOf(Now().events, episode); }
  // Where the stretch goes back to; "": the run ends there.
  const std::string& back_to() const { return Now().back_to; }
  const std::string& why() const { return Now().why; }  // it was gone back
  void RolledBack() { ++at_; }

 private:
  struct Stretch {
    std::vector<Event> events;
    size_t episodes = 0;
    std::string back_to, why = {};
  };
  static Status ReadInto(const std::string& root, const std::string& folder, int below, std::vector<Stretch>* out);
  static Status Add(Stretch stretch, std::vector<Stretch>* out);
  const Stretch& Now() const { return stretches_[at_]; }

  std::vector<Stretch> stretches_;
  size_t at_ = 0;
};

}  // namespace equipoise::run
