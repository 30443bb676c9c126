#include "engine/config/config_path.h"

#include <filesystem>

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
    for (fs::path place :
         {fs::path(EQUIPOISE_SOURCE_CONFIGS), fs::path(EQUIPOISE_SOURCE_ASSETS) / "tasks",
          fs::path(EQUIPOISE_INSTALLED_DATA) / "configs", fs::path(EQUIPOISE_INSTALLED_DATA) / "assets" / "tasks"}) {
      if (is_sweep) place /= "sweeps";
      if (is_file(place / file)) return (place / file).string();
      tried += (tried.empty() ? "" : " and ") + (place / file).string();
    }
  }
  std::string here;
  if (!is_path && is_file(name)) here = ". To take the file of that name, write ./" + name;
  return Error{"there is no configuration file " + name + ": looked for " + tried + here};
}

}  // namespace equipoise::config
