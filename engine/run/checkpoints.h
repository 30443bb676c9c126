// checkpoints.h: the state of a run after its last complete episode, from which a continued run goes on, and those that
// were kept from just before the interventions, to roll back to.
//
// The state is taken once, when its episode is complete, and can be written again: with other changes that wait, or
// because somebody removed it. A large one is taken and written in pieces, between which PollInterrupt is called
// (base/interrupt.h); what that throws leaves on the disk what was there.
//
// Thread   engine thread
// Errors   anything wrong with the disk
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/archive.h"
#include "engine/record/snapshot.h"
#include "engine/run/pending_changes.h"
#include "engine/run/run_writer.h"

namespace equipoise::run {

// In the checkpoint that a roll back makes: its event, until it is in the log.
inline constexpr char kUnloggedEvent[] = "engine.unlogged_event";

class Checkpoints {
 public:
  // Both outlive it.
  Checkpoints(RunWriter* writer, PendingChanges* changes) : writer_(writer), changes_(changes) {}

  // The state, without what waits. `fork_ahead`: the episode of a fork that is still to come; 0: none.
  void Take(ArchiveWriter state, int fork_ahead = 0) {
    state_ = std::move(state);
    fork_ahead_ = fork_ahead;
    unlogged_.clear();
  }
  // What was taken, with what waits.
  Status Write();
  // And from here on with an event that the log does not have yet.
  Status WriteWith(const Event& unlogged);
  // It was removed behind our back.
  bool Gone() const;

  // What was taken, under a name of its own, as the state before this intervention and this episode; the oldest of many
  // goes. Returns the name; "": nothing is kept.
  Result<std::string> Keep(int intervention, int episode, int most);
  // Those that are there and that these events tell of.
  void FindKept(const List<Event>& events);
  // What they stand on is cut off.
  void RemoveKeptAfter(const std::string& name);
  void RemovePrevious();  // the states before the last one
  const std::vector<KeptCheckpoint>& kept() const { return kept_; }

 private:
  RunWriter* const writer_;
  PendingChanges* const changes_;
  std::optional<ArchiveWriter> state_;
  int fork_ahead_ = 0;
  std::string unlogged_;              // an event; "": none
  std::vector<KeptCheckpoint> kept_;  // oldest first
};

}  // namespace equipoise::run
