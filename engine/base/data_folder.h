// data_folder.h: where the files that come along with the program are: assets/ and configs/.
//
// Looked for in this order: share/equipoise beside the folder that the program lies in (/usr/bin -> /usr/share/equipoise,
// whatever the prefix is and wherever it was moved to), then the source tree that it was built from.
//
// Thread   any
#pragma once

#include <string>
#include <vector>

namespace equipoise {

// The folders that may hold them, the first that has a file being the one that is meant.
std::vector<std::string> DataFolders();

}  // namespace equipoise
