// saved_state.h: a checkpoint read and checked as a whole, before anything is changed for it.
//
// Errors   a file that is damaged, cut off or of another version; replay.bin that lacks an episode it needs
#pragma once

#include <string>
#include <vector>

#include "engine/base/archive.h"
#include "engine/base/result.h"
#include "engine/config/settings.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {

struct SavedState {
  std::string path, stamp;  // store::CheckpointStamp
  ArchiveReader archive;
  config::Settings settings;        // in force then
  store::LogSizes sizes;            // of the logs it stands on: not checked yet, see RunFolder::Stands
  int picked = 0;                   // episodes done, random ones apart
  int64_t block_bytes = 0;          // of an episode in replay.bin
  std::vector<std::string> blocks;  // one for each episode done, random ones included
};
Result<SavedState> ReadState(const store::RunPaths& paths, const std::string& path);

// The newest state that stands on whole lines: the last checkpoint's, or that of one of the two before it, with a note of
// what was given up. Changes nothing.
Result<SavedState> NewestState(store::RunFolder* folder);
// Brings the folder to that state: a damaged newer checkpoint goes aside, the logs are cut, what is derived is made
// again where it has to be.
Status TakeUp(store::RunFolder* folder, const SavedState& state);

}  // namespace equipoise::run
