// roll_back.h: what a roll back needs, read and checked before the present episode is given up.
//
// Thread   engine thread
// Errors   a checkpoint that is not there, is damaged or stands on what is no longer there; nothing is changed
#pragma once

#include <string>
#include <vector>

#include "engine/base/archive.h"
#include "engine/config/settings.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {

struct RollBackPlan {
  std::string checkpoint, why;
  std::string aside;  // where what comes after it lies; "" until it was copied there
  ArchiveReader archive;
  std::vector<std::string> blocks;  // of the replay file
  config::Settings settings;
  store::LogSizes sizes;
};
// `episodes`: how long the run is meant to be, which is no part of the past.
Result<RollBackPlan> ReadRollBack(const store::RunFolder& folder, const std::string& checkpoint, int episodes);

// "You rolled back to before episode 3. Episodes 3 to 4 lie in rolled-back-1." `next`: the episode that comes next;
// `last`: the last one that was made.
std::string RollBackSentence(int next, int last, const std::string& aside);

}  // namespace equipoise::run
