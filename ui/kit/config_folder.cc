#include "ui/kit/config_folder.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace equipoise::ui {
namespace {

std::filesystem::path PathIn(const char* variable) {
  const char* value = std::getenv(variable);
  const std::filesystem::path path = value != nullptr ? value : "";
  return path.is_absolute() ? path : std::filesystem::path();
}

}  // namespace

std::string DocumentsFolder() {
  const std::filesystem::path home = PathIn("HOME"), config = PathIn("XDG_CONFIG_HOME");
  std::ifstream file((config.empty() ? home / ".config" : config) / "user-dirs.dirs");
  const std::string key = "XDG_DOCUMENTS_DIR=\"", of_home = "$HOME";
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, key.size(), key) != 0 || line.back() != '"') continue;
    std::string path = line.substr(key.size(), line.size() - key.size() - 1);
    if (path.compare(0, of_home.size(), of_home) == 0) path = home.string() + path.substr(of_home.size());
    if (std::filesystem::path(path).is_absolute()) return path;
  }
  std::error_code absent;
  if (!home.empty() && std::filesystem::is_directory(home / "Documents", absent)) return (home / "Documents").string();
  return home.string();
}

std::string ConfigFolder() {
  const std::filesystem::path config = PathIn("XDG_CONFIG_HOME"), home = PathIn("HOME");
  if (!config.empty()) return (config / "equipoise").string();
  return home.empty() ? "" : (home / ".config" / "equipoise").string();
}

}  // namespace equipoise::ui
