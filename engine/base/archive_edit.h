// archive_edit.h: entries of an archive (archive.h) put in place of others, the rest as it is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/archive.h"
#include "engine/base/result.h"

namespace equipoise {

// `bytes`: a whole archive. Each entry of `instead` takes the place of the one of its name, or comes behind the others;
// those named in `without` are left out. `origin` stands in errors.
Result<std::string> WithEntries(const std::string& bytes, const ArchiveWriter& instead,
                                const std::vector<std::string>& without, const std::string& origin);
// The same with numbers in place of those of an entry that there is.
Result<std::string> WithInts(const std::string& bytes, const std::string& name, const std::vector<int64_t>& values,
                             const std::string& origin);

}  // namespace equipoise
