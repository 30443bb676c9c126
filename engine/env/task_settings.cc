#include "engine/env/task_settings.h"

#include <algorithm>
#include <filesystem>

#include "engine/base/atomic_file.h"
#include "engine/config/config_file.h"
#include "engine/config/config_path.h"
#include "engine/config/task_name.h"
#include "engine/env/file_task/task_file.h"
#include "engine/env/task_library.h"

namespace equipoise::env {
namespace {

constexpr char kStock[] = "stock";

struct Found {
  std::string text, path;
  std::string task;  // "": a configuration without one
};

Result<Found> Find(const std::string& name) {
  if (config::NamesTaskFile(name)) {
    const auto known = FindTask(name);
    if (!known) return known.error();
    return Found{known.value()->text, known.value()->file.path, name};
  }
  const Result<std::string> path = config::FindConfig(name);
  if (!path) return path.error();
  Result<std::string> text = ReadFile(path.value());
  if (!text) return text.error();
  Found found{std::move(text).value(), path.value(), ""};
  if (!HoldsTask(found.text)) return found;
  std::error_code unreadable;
  if (!std::filesystem::is_regular_file(found.path, unreadable))
    return Error{name + ": a task is read from a file, beside which its model lies; this is a stream"};
  Result<std::string> task = LearnTask(found.path);
  if (!task) return task.error();
  found.task = std::move(task).value();
  return found;
}

bool CameAlong(const std::string& name) {
  const std::vector<std::string>& names = config::FindSpec(config::kTaskKey)->choices;
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Result<config::Settings> LoadSettings(const std::string& name, const std::string& preset,
                                      const config::Overrides& overrides, std::vector<std::string>* idle) {
  const Result<Found> found = Find(name);
  if (!found) return found.error();
  if (found.value().task.empty())
    return config::LoadText(found.value().text, found.value().path, "", preset, overrides, idle);
  const Result<std::string> stock = config::FindConfig(kStock);
  if (!stock) return stock.error();
  config::Overrides all = overrides;
  const auto sets_task = [](const auto& entry) { return entry.first == config::kTaskKey; };
  if (std::none_of(all.begin(), all.end(), sets_task)) all.emplace_back(config::kTaskKey, found.value().task);
  return config::LoadText(found.value().text, found.value().path, stock.value(), preset, all, idle);
}

Result<std::string> TaskNameOf(const std::string& name) {
  if (CameAlong(name) || config::NamesTaskFile(name)) return name;
  const bool is_path = name.find('/') != std::string::npos || name.find('.') != std::string::npos;
  const Result<Found> found = Find(name);
  if (found && !found.value().task.empty()) return found.value().task;
  if (found && is_path) return Error{found.value().path + " holds no table [task]; see assets/tasks/README.md"};
  if (is_path || (!found && config::FindConfig(name))) return found.error();
  config::Settings scratch;
  const Status wrong = config::SetFromText(scratch, config::kTaskKey, name);
  return wrong ? Error{name + " is no task"}
               : Error{wrong.error().message + "; one of your own is named by its file, as my/robot.toml"};
}

std::vector<std::string> PresetsFor(const std::string& name, const std::string& agent) {
  std::vector<std::string> names;
  const Result<Found> found = Find(name);
  if (!found) return names;
  const auto add = [&](const std::string& path) {
    const Result<std::vector<std::string>> presets = config::PresetsOf(path, agent);
    if (!presets) return;
    for (const std::string& preset : presets.value())
      if (std::find(names.begin(), names.end(), preset) == names.end()) names.push_back(preset);
  };
  add(found.value().path);
  if (found.value().task.empty()) return names;
  if (const Result<std::string> stock = config::FindConfig(kStock)) add(stock.value());
  return names;
}

}  // namespace equipoise::env
