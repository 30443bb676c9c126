#include "engine/browse/cut_off.h"

#include <filesystem>

#include "engine/store/folder_lock.h"
#include "engine/store/run_description.h"

namespace equipoise::run {

namespace fs = std::filesystem;

CutOff LastRunCutOff(const std::string& parent) {
  CutOff last;
  std::string newest;  // UTC as ISO 8601, which sorts by its letters
  std::error_code error;
  for (fs::directory_iterator it(parent, error), end; !error && it != end; it.increment(error)) {
    const std::string folder = it->path().string();
    std::error_code absent;
    if (!fs::exists(store::RunPaths(folder).run_json, absent)) continue;
    const auto read = store::ReadDescription(folder);
    if (!read) continue;
    const store::RunDescription& run = read.value();
    const std::string began = run.resumed.empty() ? run.started : run.resumed.back();
    if (began < newest) continue;
    newest = began;
    const bool died = run.condition == store::RunCondition::kRunning && store::FolderLock::Holder(folder).empty();
    const bool crashed = run.condition == store::RunCondition::kCrashed;
    last = {};
    if (died) last = {folder, "was cut off"};
    if (crashed) last = {folder, run.reason.empty() ? "crashed" : "crashed: " + run.reason};
  }
  return last;
}

}  // namespace equipoise::run
