#include "engine/env/assets.h"

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "engine/base/data_folder.h"

namespace equipoise::env {

Result<std::string> FindAsset(const std::string& name) {
  namespace fs = std::filesystem;
  const char* chosen = std::getenv("EQUIPOISE_ASSETS");
  const bool is_chosen = chosen != nullptr && *chosen != '\0';
  std::vector<fs::path> folders;
  if (is_chosen) {
    folders = {fs::path(chosen)};
  } else {
    for (const std::string& folder : DataFolders()) folders.push_back(fs::path(folder) / "assets");
  }
  std::string tried;
  for (const fs::path& folder : folders) {
    const fs::path path = folder / name;
    std::error_code unreadable;  // counts as absent
    if (fs::is_regular_file(path, unreadable)) return path.string();
    tried += (tried.empty() ? "" : " and ") + path.string();
  }
  return Error{"asset " + name + " not found: looked for " + tried +
               (is_chosen ? ". EQUIPOISE_ASSETS is set and names that folder; correct or unset it"
                          : ". Install the program, or set EQUIPOISE_ASSETS to the folder that holds it")};
}

}  // namespace equipoise::env
