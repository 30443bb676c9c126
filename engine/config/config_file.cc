#include "engine/config/config_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/base/atomic_file.h"
#include "engine/base/json.h"
#include "engine/config/section.h"

namespace equipoise::config {
namespace {

std::string At(const std::string& path, const toml::node& node) {
  return path + ":" + std::to_string(node.source().begin.line) + ": ";
}

Result<toml::table> ParseToml(const std::string& text, const std::string& path) {
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& problem) {
    return Error{path + ":" + std::to_string(problem.source().begin.line) + ": " + std::string(problem.description())};
  }
}

Status SetFromNode(Settings& settings, const std::string& key, const toml::node& node) {
  if (const auto* flag = node.as_boolean()) return Set(settings, key, flag->get());
  if (const auto* text = node.as_string()) return Set(settings, key, text->get());
  if (const auto* real = node.as_floating_point()) return Set(settings, key, real->get());
  if (const auto* whole = node.as_integer()) {
    const int64_t number = whole->get();
    // A number that no int holds is as wrong as any other that is out of range, and says so the same way.
    if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max())
      return SetFromText(settings, key, std::to_string(number));
    return Set(settings, key, static_cast<int>(number));
  }
  if (FindSpec(key) == nullptr) return SetFromText(settings, key, "");  // says which key was meant
  return Error{key + " should be a single value"};
}

// All [section] tables of `table`; `skip` names keys that mean something else there.
Status Apply(Settings& settings, const toml::table& table, const std::string& path, const std::string& where,
             const std::vector<std::string>& skip) {
  for (const auto& [section_key, node] : table) {
    const std::string section(section_key.str());
    if (std::find(skip.begin(), skip.end(), section) != skip.end()) continue;
    const auto is_it = [&section](const Section& s) { return s.id == section; };
    if (std::none_of(Sections().begin(), Sections().end(), is_it)) {
      std::string known;
      for (const Section& other : Sections()) known += (known.empty() ? "" : ", ") + other.id;
      if (!node.is_table())
        return Error{At(path, node) + "unknown setting " + where + section + "; the nearest known one is " +
                     NearestKey(section)};
      return Error{At(path, node) + "unknown table [" + where + section + "]; the known ones are " + known};
    }
    const toml::table* values = node.as_table();
    if (values == nullptr)
      return Error{At(path, node) + section + " should be a table, written [" + where + section + "]"};
    for (const auto& [key, value] : *values) {
      const Status status = SetFromNode(settings, section + "." + std::string(key.str()), value);
      if (!status) return Error{At(path, value) + status.error().message};
    }
  }
  return {};
}

void AddNames(const toml::table* presets, std::vector<std::string>* names) {
  if (presets == nullptr) return;
  for (const auto& [name, node] : *presets)
    if (std::find(names->begin(), names->end(), name.str()) == names->end()) names->emplace_back(name.str());
}

// Of every agent, and then of this one.
std::vector<std::string> PresetNames(const toml::table& file, const std::string& agent) {
  std::vector<std::string> names;
  AddNames(file["presets"].as_table(), &names);
  AddNames(file["agents"][agent]["presets"].as_table(), &names);
  return names;
}

// "" when the file has none.
std::string DefaultPreset(const toml::table& file, const std::string& agent) {
  if (const auto* text = file["preset"].as_string()) return text->get();
  for (const std::string& name : PresetNames(file, agent))
    if (name == "cpu") return name;
  return "";
}

// `table` at its place in the file: sections of settings. Null: there is none.
Status ApplyTable(Settings& settings, const toml::node* table, const std::string& path, const std::string& place) {
  if (table == nullptr) return {};
  if (!table->is_table()) return Error{At(path, *table) + place + " should be a table of tables"};
  return Apply(settings, *table->as_table(), path, place + ".", {});
}

Status ApplyPreset(Settings& settings, const toml::table& file, const std::string& path, const std::string& agent,
                   const std::string& name) {
  const toml::node *common = file["presets"][name].node(), *own = file["agents"][agent]["presets"][name].node();
  if (common == nullptr && own == nullptr) {
    std::string known;
    for (const std::string& other : PresetNames(file, agent)) known += (known.empty() ? "" : ", ") + other;
    return Error{path + ": there is no preset \"" + name + "\" in this file; " +
                 (known.empty() ? "it has none" : "it has " + known)};
  }
  if (Status status = ApplyTable(settings, common, path, "presets." + name); !status) return status;
  const std::string place = "agents." + agent + ".presets." + name;
  if (Status status = ApplyTable(settings, own, path, place); !status) return status;
  return Set(settings, "run.preset", name);
}

Status CheckAgents(const toml::table& agents, const std::string& path) {
  const std::vector<std::string>& known = FindSpec("run.agent")->choices;
  for (const auto& [key, node] : agents) {
    const std::string agent(key.str()), place = "agents." + agent;
    if (std::find(known.begin(), known.end(), agent) == known.end()) {
      std::string all;
      for (const std::string& other : known) all += (all.empty() ? "" : ", ") + other;
      return Error{At(path, node) + "unknown agent in [" + place + "]; the known ones are " + all};
    }
    const toml::table* presets = node.as_table() == nullptr ? nullptr : (*node.as_table())["presets"].as_table();
    if (presets == nullptr || node.as_table()->size() != 1)
      return Error{At(path, node) + place + " should hold presets alone, written [" + place + ".presets.cpu.run]"};
    for (const auto& [name, preset] : *presets) {
      Settings scratch;
      const std::string at = place + ".presets." + std::string(name.str());
      if (Status status = ApplyTable(scratch, &preset, path, at); !status) return status;
    }
  }
  return {};
}

// Every preset is checked, whichever is asked for: a mistake should not wait for the day it is used.
Status CheckTop(const toml::table& file, const std::string& path) {
  if (const toml::node* node = file["preset"].node(); node != nullptr && !node->is_string())
    return Error{At(path, *node) + "preset should be a text, the name of one of the presets below"};
  if (const toml::node* node = file["presets"].node()) {
    if (!node->is_table()) return Error{At(path, *node) + "presets should be a table, written [presets.cpu.model]"};
    for (const auto& [name, preset] : *node->as_table()) {
      Settings scratch;
      if (Status status = ApplyTable(scratch, &preset, path, "presets." + std::string(name.str())); !status)
        return status;
    }
  }
  if (const toml::node* node = file["agents"].node()) {
    if (!node->is_table())
      return Error{At(path, *node) + "agents should be a table, written [agents.unified.presets.cpu.model]"};
    return CheckAgents(*node->as_table(), path);
  }
  return {};
}

// Whose settings these will be: as asked for last.
std::string AgentOf(const toml::table& file, const std::string& preset, const Overrides& overrides) {
  for (auto it = overrides.rbegin(); it != overrides.rend(); ++it)
    if (it->first == "run.agent") return it->second;
  if (const auto* text = file["presets"][preset]["run"]["agent"].as_string()) return text->get();
  if (const auto* text = file["run"]["agent"].as_string()) return text->get();
  return Settings().run.agent;
}

// The keys of all [section] tables of `table`.
void CollectKeys(const toml::table& table, std::vector<std::string>* keys) {
  for (const auto& [section, node] : table)
    if (const toml::table* values = node.as_table();
        values != nullptr && section.str() != "presets" && section.str() != "agents")
      for (const auto& [key, value] : *values)
        keys->push_back(std::string(section.str()) + "." + std::string(key.str()));
}

// A sentence for each section of `keys` that the agent does not have.
std::vector<std::string> Idle(const std::vector<std::string>& keys, const Settings& settings) {
  std::vector<std::string> sentences;
  const std::string& agent = settings.run.agent;
  const std::vector<const Section*> had = SectionsOf(settings);
  for (const Section& section : Sections()) {
    if (Contains(had, section)) continue;
    std::vector<std::string> named;
    for (const Spec& spec : section.specs)
      if (std::find(keys.begin(), keys.end(), spec.key) != keys.end()) named.push_back(spec.key);
    if (named.empty()) continue;
    std::string what = named[0];
    if (named.size() == 2) what += " and " + named[1];
    if (named.size() > 2) what += " and " + std::to_string(named.size() - 1) + " more settings of it";
    const bool one = named.size() == 1;
    sentences.push_back(what + (one ? " is" : " are") + " set, but this run's agent, " + agent + ", has no " +
                        section.title + (one ? ": it changes nothing" : ": they change nothing"));
  }
  return sentences;
}

bool IsDefault(const Settings& settings, const Section& section) {
  for (size_t i = 0; i < section.specs.size(); ++i)
    if (section.get(settings, i) != section.specs[i].fallback) return false;
  return true;
}

std::string NameOf(const Spec& spec) { return spec.key.substr(spec.key.find('.') + 1); }

}  // namespace

namespace {

// The file's plain tables and the chosen preset. What it has no such preset of is an error where it `must`.
Status ApplyFile(Settings& settings, const toml::table& file, const std::string& path, const std::string& agent,
                 const std::string& preset, bool must) {
  if (Status status = Apply(settings, file, path, "", {"preset", "presets", "agents", "task"}); !status) return status;
  const std::vector<std::string> names = PresetNames(file, agent);
  const bool has = std::find(names.begin(), names.end(), preset) != names.end();
  return preset.empty() || !(has || must) ? Status() : ApplyPreset(settings, file, path, agent, preset);
}

}  // namespace

Result<Settings> LoadFile(const std::string& path, const std::string& preset, const Overrides& overrides,
                          std::vector<std::string>* idle) {
  const Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  return LoadText(text.value(), path, "", preset, overrides, idle);
}

Result<Settings> LoadText(const std::string& bytes, const std::string& path, const std::string& base,
                          const std::string& preset, const Overrides& overrides, std::vector<std::string>* idle) {
  Result<toml::table> parsed = ParseToml(bytes, path);
  if (!parsed) return parsed.error();
  const toml::table& file = parsed.value();
  if (Status status = CheckTop(file, path); !status) return status.error();
  toml::table below;
  if (!base.empty()) {
    const Result<std::string> base_text = ReadFile(base);
    if (!base_text) return base_text.error();
    Result<toml::table> base_parsed = ParseToml(base_text.value(), base);
    if (!base_parsed) return base_parsed.error();
    below = std::move(base_parsed).value();
    if (Status status = CheckTop(below, base); !status) return status.error();
  }
  const auto default_preset = [&](const std::string& agent) {
    const std::string own = DefaultPreset(file, agent);
    return own.empty() ? DefaultPreset(below, agent) : own;
  };

  // The default preset may depend on the agent, and the agent on the preset that is asked for.
  const std::string agent = AgentOf(file, preset.empty() ? default_preset("") : preset, overrides);
  Settings settings = DefaultsOf(agent);
  const std::string chosen = preset.empty() ? default_preset(agent) : preset;
  const std::vector<std::string> of_base = PresetNames(below, agent);
  const bool in_base = std::find(of_base.begin(), of_base.end(), chosen) != of_base.end();
  if (Status status = ApplyFile(settings, below, base, agent, chosen, false); !status) return status.error();
  if (Status status = ApplyFile(settings, file, path, agent, chosen, !in_base); !status) return status.error();
  if (chosen.empty() && !file["run"]["preset"]) settings.run.preset = "custom";  // not the paper's, whatever it sets
  for (const auto& [key, text] : overrides)
    if (Status status = SetFromText(settings, key, text); !status)
      return Error{"command line: " + status.error().message};
  if (Status status = Validate(settings); !status) return Error{path + ": " + status.error().message};
  if (idle != nullptr) {
    std::vector<std::string> asked;
    CollectKeys(file, &asked);
    if (const toml::table* values = chosen.empty() ? nullptr : file["presets"][chosen].as_table())
      CollectKeys(*values, &asked);
    if (std::find(asked.begin(), asked.end(), "run.agent") == asked.end()) asked.clear();
    for (const auto& [key, text] : overrides) asked.push_back(key);
    *idle = Idle(asked, settings);
  }
  return settings;
}

Result<std::vector<std::string>> PresetsOf(const std::string& path, const std::string& agent) {
  const Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  Result<toml::table> parsed = ParseToml(text.value(), path);
  if (!parsed) return parsed.error();
  if (Status status = CheckTop(parsed.value(), path); !status) return status.error();
  return PresetNames(parsed.value(), agent);
}

std::string ToToml(const Settings& settings) {
  std::ostringstream out;
  for (const Section* section : SectionsOf(settings)) {
    out << (out.tellp() > 0 ? "\n" : "") << "[" << section->id << "]\n";
    for (size_t i = 0; i < section->specs.size(); ++i) {
      const Value value = section->get(settings, i);
      out << NameOf(section->specs[i]) << " = ";
      if (const std::string* text = std::get_if<std::string>(&value)) {
        out << OneLine(Json(*text));  // JSON's escapes are TOML's as well
      } else {
        out << ToText(value);
      }
      out << "\n";
    }
  }
  return out.str();
}

std::string ToJson(const Settings& settings) {
  Json json = Json::object();
  const std::vector<const Section*> own = SectionsOf(settings);
  for (const Section& section : Sections()) {
    if (!Contains(own, section) && IsDefault(settings, section)) continue;
    for (size_t i = 0; i < section.specs.size(); ++i) {
      Json& slot = json[section.id][NameOf(section.specs[i])];
      std::visit([&slot](const auto& value) { slot = value; }, section.get(settings, i));
    }
  }
  return OneLine(json);
}

Result<Settings> FromJson(const std::string& text) {
  Result<Json> parsed = ParseJson(text, "settings");
  if (!parsed) return parsed.error();
  if (!parsed.value().is_object()) return Error{"settings: an object of sections was expected"};
  Settings settings;
  for (const auto& [section, values] : parsed.value().items()) {
    if (!values.is_object()) return Error{"settings: \"" + section + "\" should be an object"};
    for (const auto& [name, json] : values.items()) {
      const std::string key = section + "." + name;
      // Through text: one place knows types and ranges.
      const std::string as_text = json.is_string() ? json.get<std::string>() : OneLine(json);
      Status status = json.is_string() && FindSpec(key) != nullptr ? Set(settings, key, as_text)
                                                                   : SetFromText(settings, key, as_text);
      if (!status) return Error{"settings: " + status.error().message};
    }
  }
  if (Status status = Validate(settings); !status) return Error{"settings: " + status.error().message};
  return settings;
}

std::string SettingsMarkdown(const std::vector<const Section*>& sections) {
  std::ostringstream out;
  out << "| setting | default | range | unit | may change | meaning |\n|---|---|---|---|---|---|\n";
  for (const Section* section : sections)
    for (const Spec& spec : section->specs) {
      out << "| `" << spec.key << "` | " << ToText(spec.fallback) << " | ";
      if (spec.type == Spec::Type::kInt || spec.type == Spec::Type::kReal) {
        out << ToText(Value(spec.lowest)) << " to " << ToText(Value(spec.highest));
      } else if (spec.type == Spec::Type::kBool) {
        out << "true, false";
      } else {
        for (size_t i = 0; i < spec.choices.size(); ++i) out << (i > 0 ? ", " : "") << spec.choices[i];
      }
      std::string help = spec.help;
      for (size_t at = 0; (at = help.find('|', at)) != std::string::npos; at += 2) help.insert(at, "\\");
      out << " | " << spec.unit << " | " << (spec.when == When::kEpisode ? "next episode" : "") << " | " << help
          << " |\n";
    }
  return out.str();
}

}  // namespace equipoise::config
