#include "engine/config/config_path.h"

#include <filesystem>
#include <vector>

#include "engine/base/data_folder.h"

namespace equipoise::config {

Result<std::string> FindConfig(const std::string& name) {
  namespace fs = std::filesystem;
  // Pipes and devices are read as files are: <(...), /dev/stdin.
  const auto is_file = [](const fs::path& path) {
    std::error_code unreadable;  // counts as absent
    return fs::exists(path, unreadable) && !fs::is_directory(path, unreadable);
  };
  if (name == "-") return std::string("/dev/stdin");
  const fs::path asked(name);
  const bool is_path = name.find('/') != std::string::npos || asked.extension() == ".toml";
  if (is_path && is_file(name)) return name;
  std::string tried = is_path ? name : "";
  const std::string folder = asked.parent_path().string();
  const bool is_sweep = folder == "configs/sweeps" || folder == "sweeps";
  if (folder.empty() || folder == "configs" || folder == "assets/tasks" || is_sweep) {
    const std::string file = asked.filename().string() + (asked.extension() == ".toml" ? "" : ".toml");
    std::vector<fs::path> places;
    const std::vector<std::string> roots = DataFolders();
    for (const fs::path root : roots) places.push_back(is_sweep ? root / "configs" / "sweeps" : root / "configs");
    for (const fs::path root : roots)
      if (!is_sweep) places.push_back(root / "assets" / "tasks");
    for (const fs::path& place : places) {
      if (is_file(place / file)) return (place / file).string();
      tried += (tried.empty() ? "" : " and ") + (place / file).string();
    }
  }
  std::string here;
  if (!is_path && is_file(name)) here = ". To take the file of that name, write ./" + name;
  return Error{"there is no configuration file " + name + ": looked for " + tried + here};
}

}  // namespace equipoise::config
