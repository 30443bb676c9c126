// task_name.h: how run.task names a task that came from a file.
//
//   "reacher@1f2e3d4c5b6a"    the file's name without its ending, and a sum over what it says and over its model
//
// Two files that say the same have the same sum; one that was changed is another task. The files themselves lie in the
// run's folder (engine/env/task_files.h).
#pragma once

#include <cstdint>
#include <string>

namespace equipoise::config {

inline constexpr char kTaskKey[] = "run.task";

// Is it such a name?
bool NamesTaskFile(const std::string& task);
std::string TaskName(const std::string& stem, uint64_t sum);
// "reacher"; of a task that came with the program its name.
std::string TaskStem(const std::string& task);
// May it be the first part of such a name? Letters, digits, "-" and "_".
bool IsTaskStem(const std::string& text);

}  // namespace equipoise::config
