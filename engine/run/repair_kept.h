// repair_kept.h: kept checkpoints (store/kept_checkpoints.h) after the logs that they stand on were mended.
//
// Each knows how long the logs were and their last checks. It is told what they are now; one that stands on more than
// is left cannot be gone back to, and goes aside.
//
// Thread   any; for whoever holds the folder's lock
// Errors   none: the run goes on without them. One that cannot be read, renamed or written stays as it is and gets a
//          sentence; another repair looks after it again
#pragma once

#include <string>
#include <vector>

#include "engine/store/checked_log.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {

// Both logs as they can be had again for one state.
struct MendedLogs {
  std::vector<store::LogLine> episodes, events;
  std::vector<store::LogMark> event_marks;  // where each of `events` ended before
  std::string given_up;                     // bytes of lines that did not stay as they were
  std::vector<std::string> mended, lost;
};

// `episodes`, `events`: where each line of the mended logs ends. `logs` gets a sentence in `mended` for each that goes
// aside, and one in `lost` for each that the disk kept from being mended.
void MendKept(const store::RunPaths& paths, const std::vector<store::LogMark>& episodes,
              const std::vector<store::LogMark>& events, MendedLogs* logs);

}  // namespace equipoise::run
