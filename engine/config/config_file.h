// config_file.h: a TOML file, a preset in it, and what the command line adds, become Settings.
//
// A file holds plain tables ([run], [model], ...), presets ([presets.cpu.model], ...) and what a preset means to one
// agent ([agents.unified.presets.cpu.model], ...); an agent may have presets that no other one has. Each overrules those
// before it: defaults, what the agent sets (SettingsOfAgent), the file's plain tables, the chosen preset, what it means
// to this agent, overrides. Unknown keys, wrong types and values out of range are errors with file, line, what is
// allowed and the nearest known key.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/settings.h"

namespace equipoise::config {

// `preset` empty: the file's own default ("preset = ..." at its top, else "cpu" if there is one, else none).
// Settings of parts that the agent does not have are checked like any other and kept. `idle`, unless null: a sentence
// for each such part that was asked for, by an override or by a file that names its agent; files for any agent, like
// those that come along, speak of all parts.
Result<Settings> LoadFile(const std::string& path, const std::string& preset, const Overrides& overrides,
                          std::vector<std::string>* idle = nullptr);
// The same of a text that came from `path`. What the file `base` says holds beneath it ("": no such file): its plain
// tables and its preset of the same name first, and then those of the text. A table [task] is another room's.
Result<Settings> LoadText(const std::string& text, const std::string& path, const std::string& base,
                          const std::string& preset, const Overrides& overrides,
                          std::vector<std::string>* idle = nullptr);
// Those of every agent, and then those of this one.
Result<std::vector<std::string>> PresetsOf(const std::string& path, const std::string& agent);

// The settings that this run's agent has, as TOML: every key of its sections, which LoadFile reads back to the same.
std::string ToToml(const Settings& settings);
// The same as one JSON object {"model": {"dropout": 0.1, ...}, ...}, and back: what is stored with a run, so nothing is
// lost: beside the sections of its agent each other one in which something is not the default.
std::string ToJson(const Settings& settings);
Result<Settings> FromJson(const std::string& text);

// These sections' tables as one in Markdown.
std::string SettingsMarkdown(const std::vector<const Section*>& sections);

}  // namespace equipoise::config
