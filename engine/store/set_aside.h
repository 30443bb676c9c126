// set_aside.h: what is cut off a damaged file, or takes the place of one of ours, is kept in the run folder under a
// name of its own: cut-1.jsonl, cut-2.csv, ...
//
// Errors   anything wrong with the disk
#pragma once

#include <string>

#include "engine/base/result.h"

namespace equipoise::store {

// Writes `bytes`, which stood in the file `of`, to a new file and returns its name.
Result<std::string> KeepBytes(const std::string& folder, const std::string& of, const std::string& bytes);
// Renames the file itself.
Result<std::string> SetAside(const std::string& folder, const std::string& path);

}  // namespace equipoise::store
