#include "engine/config/config_path.h"

#include <filesystem>
#include <vector>

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
    for (const fs::path& root : {fs::path(EQUIPOISE_SOURCE_CONFIGS), fs::path(EQUIPOISE_INSTALLED_DATA) / "configs"})
      places.push_back(is_sweep ? root / "sweeps" : root);
    for (const fs::path& root : {fs::path(EQUIPOISE_SOURCE_ASSETS), fs::path(EQUIPOISE_INSTALLED_DATA) / "assets"})
      if (!is_sweep) places.push_back(root / "tasks");
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
