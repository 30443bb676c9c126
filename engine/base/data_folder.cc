#include "engine/base/data_folder.h"

#include <filesystem>

namespace equipoise {

std::vector<std::string> DataFolders() {
  namespace fs = std::filesystem;
  std::vector<std::string> folders;
  std::error_code unknown;
  const fs::path program = fs::read_symlink("/proc/self/exe", unknown);
  if (!unknown) folders.push_back((program.parent_path().parent_path() / "share" / "equipoise").string());
  folders.emplace_back(EQUIPOISE_SOURCE_FOLDER);
  return folders;
}

}  // namespace equipoise
