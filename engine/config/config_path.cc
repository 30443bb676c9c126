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
  if (is_file(name)) return name;
  const fs::path asked(name);
  std::string tried = name;
  const std::string folder = asked.parent_path().string();
  if (folder.empty() || folder == "configs") {
    const std::string file = asked.stem().string() + ".toml";
    for (const fs::path& place : {fs::path(EQUIPOISE_SOURCE_CONFIGS), fs::path(EQUIPOISE_INSTALLED_DATA) / "configs"}) {
      if (is_file(place / file)) return (place / file).string();
      tried += " and " + (place / file).string();
    }
  }
  return Error{"there is no configuration file " + name + ": looked for " + tried};
}

}  // namespace equipoise::config
