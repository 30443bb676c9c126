// derived.h: the files of a run folder that hold nothing that its logs do not hold, made from them.
//
// Thread   any; no state
// Errors   a line of episodes.jsonl that is not as written
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/settings.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {

// How a run of these settings keeps its folder: the columns of its table, and how what is derived is made again.
store::RunFolder::Options FolderOptions(const config::Settings& settings);

// progress.csv with these columns, as it would have been written episode by episode.
Result<std::string> ProgressText(const std::string& folder, const std::vector<std::string>& columns);
// The TensorBoard file, in the same way. Its records' wall times are the start and the run's own clock, which leaves
// pauses out.
Result<std::string> EventBytes(const std::string& folder, const std::vector<std::string>& columns);

// What a new run says of itself in run.json; the folder adds name, host and times.
store::RunDescription Describe(const config::Settings& settings);
Result<store::RunDescription> DescribeFromJson(const std::string& settings_json);

}  // namespace equipoise::run
