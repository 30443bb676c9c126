// pending_changes.h: changes of settings that were asked for, until the episode from which on they are in force.
//
//   asked for -> waits for its episode -> in force, but only in memory -> in the next checkpoint
//
// Whatever is accepted is noted before anybody is told so: each line (accepted.h) names all that a continued run must
// do again after its last checkpoint, those in force included. Knows no trainer; what is in force is handed in.
//
// Thread   engine thread
// Errors   refused: the sentence for the person who asked. A note that cannot be written changes nothing
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/config/schedule.h"
#include "engine/record/command.h"
#include "engine/record/snapshot.h"

namespace equipoise::run {

inline constexpr char kLengthKey[] = "run.episodes";  // how long to go on is no intervention

class PendingChanges {
 public:
  using Note = std::function<Status(const std::string& line)>;
  explicit PendingChanges(Note note) : note_(std::move(note)) {}

  // What a change is judged by.
  struct Standing {
    const config::Settings& settings;  // in force
    int64_t most_groups;               // of distractors, that this run has room for
    int boundary;                      // the picked episode before whose learning it can take effect
    bool steered;                      // the run has been touched by hand
  };
  Status Ask(const ChangeSetting& command, const Standing& standing) { return AskAll({command}, standing); }
  // All of them, or none.
  Status AskAll(const std::vector<ChangeSetting>& commands, const Standing& standing);
  Status TakeBack(const CancelChange& command, const Standing& standing);

  const std::vector<PendingChange>& waiting() const { return waiting_; }
  // How many episodes the run is to have: `set`, or more if that was asked for.
  int Episodes(int set) const;

  struct Due {
    std::vector<PendingChange> changes, later;  // in force from this episode on; the rest of those that wait
    bool by_hand = false;                       // there is an intervention among them
  };
  Due DueBefore(int episode) const;
  // Notes once more what there is: the run counts as touched from here on.
  Status NoteAgain(bool steered) { return NoteAll(waiting_, steered); }
  void PutInForce(const Due& due);

  // What is in force is in the checkpoint that was just written.
  void OnCheckpoint() { in_force_.clear(); }
  // What was in force is not in the checkpoint that there is: it waits again.
  void WaitAgain() { waiting_.insert(waiting_.begin(), in_force_.begin(), in_force_.end()); }
  void Replace(std::vector<PendingChange> waiting) { waiting_ = std::move(waiting); }

 private:
  static Status Add(const ChangeSetting& command, const Standing& standing, std::vector<PendingChange>* changes,
                    bool* any);
  Status Accept(std::vector<PendingChange> changes, const Standing& standing);
  Status NoteAll(const std::vector<PendingChange>& waiting, bool steered) const;

  const Note note_;
  std::vector<PendingChange> waiting_, in_force_;  // in_force_: since the last checkpoint
};

// How a change that is in force from now on stands in the log. `from`: what was in force. `distractors`: how many the
// run has. `checkpoint`: the one that was kept, or "".
Event ToEvent(const PendingChange& change, const config::Value& from, int episode, int64_t distractors,
              const std::string& checkpoint);
// Of one that was planned from the start: nobody steered.
Event ToEvent(const config::ScheduledChange& change, const config::Value& from);

}  // namespace equipoise::run
