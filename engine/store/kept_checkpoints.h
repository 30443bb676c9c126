// kept_checkpoints.h: checkpoints of a run under names of their own, and what a roll back to one leaves behind.
//
//   checkpoints/previous.eqps, previous-2.eqps   the states before the last one, to go on from when that is damaged
//   checkpoints/before-2.eqps   the state just before intervention 2
//   rolled-back-1/              the run as it stood when it was rolled back the first time: a run folder like any other
//
// A kept checkpoint needs the first episodes of replay.bin and of the logs, which only ever grow behind it; a roll back
// takes away those that are newer than its target, because what they stand on is gone (they lie in rolled-back-1/).
//
// Thread   engine thread
// Errors   anything wrong with the disk; nothing of the run itself is changed then
#pragma once

#include <string>
#include <vector>

#include "engine/store/run_folder.h"

namespace equipoise::store {

inline constexpr int kMostStates = 50;  // that may be kept, the last one included

// The states before state.eqps that are there, newest first.
std::vector<std::string> PreviousPaths(const RunPaths& paths);
// state.eqps, which is about to be replaced, becomes the newest of these, so that with its successor `states` are kept;
// the oldest go. A file system without hard links keeps none.
void KeepPrevious(const RunPaths& paths, int states);

// "before-2"
std::string KeptName(int intervention);
// 2, or 0 when the name is of another kind.
int InterventionOf(const std::string& name);

Status WriteKept(const RunPaths& paths, const std::string& name, const std::string& bytes);
Result<std::string> ReadKept(const RunPaths& paths, const std::string& name);
// By number, oldest first.
std::vector<std::string> ListKept(const RunPaths& paths);
void RemoveKept(const RunPaths& paths, const std::string& name);

// Copies the whole run, its exports and earlier copies apart, to the first free <folder>/rolled-back-<n>. The copy
// appears complete or not at all; it says that it was stopped. Returns its last part. Checkpoints, which are only ever
// replaced, are shared with it where the file system can. Waits for room as base/full_disk.h says, and calls PollInterrupt
// (base/interrupt.h) every few megabytes.
Result<std::string> CopyAside(const RunFolder& folder);

}  // namespace equipoise::store
