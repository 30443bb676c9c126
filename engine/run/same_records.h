// same_records.h: the records of two runs that should be one run: what is left of them, and where they part.
//
// Left out: the clock; and of the events errors, the ends of processes and what happened to files, which are not the
// run's course.
//
// Thread   any; no state
// Errors   a log that cannot be read, or an event that is not as written
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::run {

Result<std::vector<std::string>> EpisodeRecords(const std::string& path);
Result<std::vector<std::string>> EventRecords(const std::string& path);

// "episodes.jsonl: record 4 differs in decision/delta: was 0.1 and now is 0.2."; "": they are the same. `of`: what they
// are called; `first`: the number of the first of them, from 1.
std::string FirstDifference(const std::vector<std::string>& was, const std::vector<std::string>& is,
                            const std::string& of, size_t first = 1);

}  // namespace equipoise::run
