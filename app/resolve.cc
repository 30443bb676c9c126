#include "app/resolve.h"

#include <cstdio>
#include <map>
#include <tuple>

#include "engine/config/config_file.h"
#include "engine/config/section.h"
#include "engine/env/task_settings.h"
#include "engine/run/new_run.h"

namespace equipoise::app {

namespace {

// What the command line adds to the file. Nothing is said twice: which word should hold?
Result<config::Overrides> OverridesOf(const RunOptions& options) {
  config::Overrides overrides;
  std::map<std::string, std::string> said;  // key, as it was given
  const auto add = [&](const std::string& key, const std::string& value, const std::string& as) -> Status {
    const auto [before, is_new] = said.emplace(key, as);
    if (!is_new) return Error{key + " is given twice: " + before->second + " and " + as + "; leave one of them out"};
    overrides.emplace_back(key, value);
    return {};
  };
  for (const auto& [key, value, option] :
       {std::tuple("run.task", options.task, "--task"), std::tuple("run.agent", options.agent, "--agent"),
        std::tuple("run.seed", options.seed, "--seed"), std::tuple("run.episodes", options.episodes, "--episodes")})
    if (!value.empty())
      if (Status added = add(key, value, std::string(option) + " " + value); !added) return added.error();
  if (!options.preset.empty()) said.emplace("run.preset", "--preset " + options.preset);
  for (const std::string& text : options.set) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error{"--set " + text + ": write it as section.name=value, for example --set model.dropout=0.05"};
    if (Status added = add(text.substr(0, equals), text.substr(equals + 1), "--set " + text); !added)
      return added.error();
  }
  return overrides;
}

}  // namespace

Result<config::Settings> Resolve(const RunOptions& options) {
  const std::string name = !options.config.empty() ? options.config
                           : !options.task.empty() ? options.task
                                                   : "quickstart";
  RunOptions known = options;
  if (!options.task.empty()) {  // a mistyped task is told as such, not as a missing file
    const Result<std::string> task = env::TaskNameOf(options.task);
    if (!task) return task.error();
    known.task = task.value();
  }
  Result<config::Overrides> overrides = OverridesOf(known);
  if (!overrides) return overrides.error();
  std::vector<std::string> idle;
  Result<config::Settings> settings = env::LoadSettings(name, options.preset, overrides.value(), &idle);
  for (const std::string& sentence : idle) std::fprintf(stderr, "equipoise: %s\n", sentence.c_str());
  return settings;
}

std::string Contradiction(const config::Settings& wanted, const store::RunDescription& begun,
                          const std::string& folder) {
  const Result<config::Settings> before = config::FromJson(begun.settings_json);
  if (!before) return folder + "/run.json: " + before.error().message;
  for (const config::Section* section : config::SectionsOf(before.value()))
    for (const config::Spec& spec : section->specs) {
      const config::Value then = config::Get(before.value(), spec.key), now = config::Get(wanted, spec.key);
      if (spec.key == "run.episodes" || then == now) continue;
      return folder + " was begun with " + spec.key + " = " + config::ToText(then) + ", and this asks for " +
             config::ToText(now) + ": it cannot go on with that. Choose another folder with --out, or ask for " +
             spec.key + " = " + config::ToText(then);
    }
  return "";
}

std::string DefaultFolder(const config::Settings& s) { return run::FreeRunFolder("runs", s); }

}  // namespace equipoise::app
