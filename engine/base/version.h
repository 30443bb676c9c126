// version.h: which Equipoise this is, e.g. "0.1.0".
#pragma once

#include <string>

namespace equipoise {

const char* Version();
// How and from which commit it was built: "Release, 1a2b3c4"; the commit is the one that was there when the build was
// configured, with "-dirty" behind it when files had been changed.
std::string Build();

}  // namespace equipoise
