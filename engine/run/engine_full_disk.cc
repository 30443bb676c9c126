// A full disk, and one that comes back; see engine_impl.h and base/full_disk.h.
//
// What a run can do without goes first: a decision that finds no room is not kept, and where a record or a checkpoint
// finds none, kept decisions make way, the oldest first. Then training waits for room, says so, and goes on by itself.
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/clock.h"
#include "engine/base/interrupt.h"
#include "engine/run/engine_impl.h"
#include "engine/run/or_throw.h"

namespace equipoise::run {

bool EngineImpl::NoRoom(const Error& error) {
  constexpr double kTryAgainSeconds = 0.5;
  if (disk_.optional) {
    disk_.left_out = true;
    return false;
  }
  if (writer_.DropOldestDecision()) {
    ++disk_.dropped;
    return true;
  }
  if (disk_.waits_for.empty()) {
    disk_.waits_for = writer_.Named(error.message);
    disk_.since = MonotonicSeconds();
    disk_.before = std::exchange(state_, RunState::kPaused);
    clock_.Stop(disk_.since);  // it is nobody's work
    Publish();
  }
  // Everything else that is asked for would be written, too: it waits with the rest.
  if (control_.WaitForQuit(kTryAgainSeconds)) throw Interrupted{};
  PublishIfDue();
  return true;
}

void EngineImpl::RoomAgain() {
  std::string told;
  if (!disk_.waits_for.empty()) {
    const double now = MonotonicSeconds();
    told = "The disk was full: training waited " + std::to_string(std::max(1L, std::lround(now - disk_.since))) +
           " s for room and went on by itself.";
    disk_.waits_for.clear();
    state_ = disk_.before;
    if (state_ == RunState::kRunning) clock_.Go(now);
    pacer_.Restart();
    Publish();
  }
  if (const int dropped = std::exchange(disk_.dropped, 0); dropped > 0)
    told += (told.empty() ? "The disk was full: " : " To make room, ") + std::to_string(dropped) +
            (dropped == 1 ? " kept decision was" : " kept decisions were") + " removed, the oldest first.";
  if (!told.empty()) disk_.told.push_back(std::move(told));
}

void EngineImpl::KeepDecision(int episode, const std::string& bytes) {
  disk_.left_out = false;
  disk_.optional = true;
  const Status written = writer_.WriteDecision(episode, bytes);
  disk_.optional = false;
  if (!written && disk_.left_out)
    disk_.told.push_back("The disk is full: the decision of episode " + std::to_string(episode) + " was not kept.");
  else
    OrThrow(written);
}

void EngineImpl::TellOfDisk() {
  if (disk_.told.empty()) return;
  while (!disk_.told.empty()) AddNotes(std::exchange(disk_.told, {}));  // writing it down may have to wait in its turn
  WriteState();
  Publish();
}

}  // namespace equipoise::run
