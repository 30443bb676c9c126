// config_file.h: a TOML file, a preset in it, and what the command line adds, become Settings.
//
// A file holds plain tables ([run], [model], ...) and presets ([presets.cpu.model], ...). Order of precedence: defaults,
// the file's plain tables, the chosen preset, overrides. Unknown keys, wrong types and values out of range are errors with
// file, line, what is allowed and the nearest known key.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/settings.h"

namespace equipoise::config {

using Overrides = std::vector<std::pair<std::string, std::string>>;  // key, text

// `preset` empty: the file's own default ("preset = ..." at its top, else "cpu" if there is one, else none).
Result<Settings> LoadFile(const std::string& path, const std::string& preset, const Overrides& overrides);
Result<std::vector<std::string>> PresetsOf(const std::string& path);

// The settings as TOML (every key), which LoadFile reads back to an equal value.
std::string ToToml(const Settings& settings);
// The settings as one JSON object {"model": {"dropout": 0.1, ...}, ...}, and back.
std::string ToJson(const Settings& settings);
Result<Settings> FromJson(const std::string& text);

// The table of all settings as Markdown.
std::string SettingsMarkdown();

}  // namespace equipoise::config
