// large_file.h: a file of many megabytes, whole or absent, whose writing can be given up.
//
// It goes to the disk as it is written, so that no wait at its end is long; between pieces PollInterrupt is called
// (interrupt.h), and what that throws leaves the old file as it was. In atomic_file.cc.
#pragma once

#include <string>

#include "engine/base/result.h"

namespace equipoise {

// As WriteFileAtomically.
Status WriteLargeFile(const std::string& path, const std::string& bytes);

}  // namespace equipoise
