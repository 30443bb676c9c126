// archive_edit.h: one entry of an archive (archive.h) put in place of another, the rest as it is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise {

// `bytes`: a whole archive that has the entry. `origin` stands in errors.
Result<std::string> WithInts(const std::string& bytes, const std::string& name, const std::vector<int64_t>& values,
                             const std::string& origin);

}  // namespace equipoise
