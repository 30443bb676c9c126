#include "ui/kit/config_folder.h"

#include <cstdlib>
#include <filesystem>

namespace equipoise::ui {
namespace {

std::filesystem::path PathIn(const char* variable) {
  const char* value = std::getenv(variable);
  const std::filesystem::path path = value != nullptr ? value : "";
  return path.is_absolute() ? path : std::filesystem::path();
}

}  // namespace

std::string ConfigFolder() {
  const std::filesystem::path config = PathIn("XDG_CONFIG_HOME"), home = PathIn("HOME");
  if (!config.empty()) return (config / "equipoise").string();
  return home.empty() ? "" : (home / ".config" / "equipoise").string();
}

}  // namespace equipoise::ui
