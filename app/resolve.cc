#include "app/resolve.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <tuple>

#include "engine/config/config_file.h"
#include "engine/config/section.h"
#include "engine/env/task_settings.h"
#include "engine/run/new_run.h"

namespace equipoise::app {

namespace {

// Nothing is said twice: which word should hold?
class Words {
 public:
  Status Add(const std::string& key, const std::string& value, const std::string& as) {
    if (Status said = Say(key, as); !said) return said;
    overrides.emplace_back(key, value);
    return {};
  }
  Status Say(const std::string& key, const std::string& as) {
    const auto [before, is_new] = said_.emplace(key, as);
    if (!is_new) return Error{key + " is given twice: " + before->second + " and " + as + "; leave one of them out"};
    return {};
  }
  Status AddAll(const std::vector<std::string>& set) {
    for (const std::string& text : set) {
      const size_t equals = text.find('=');
      if (equals == std::string::npos || equals == 0)
        return Error{"--set " + text + ": write it as section.name=value, for example --set model.dropout=0.05"};
      if (Status added = Add(text.substr(0, equals), text.substr(equals + 1), "--set " + text); !added) return added;
    }
    return {};
  }

  config::Overrides overrides;

 private:
  std::map<std::string, std::string> said_;  // key, as it was given
};

// What the command line adds to the file.
Result<config::Overrides> OverridesOf(const RunOptions& options) {
  Words words;
  for (const auto& [key, value, option] :
       {std::tuple("run.task", options.task, "--task"), std::tuple("run.agent", options.agent, "--agent"),
        std::tuple("run.seed", options.seed, "--seed"), std::tuple("run.episodes", options.episodes, "--episodes")})
    if (!value.empty())
      if (Status added = words.Add(key, value, std::string(option) + " " + value); !added) return added.error();
  if (!options.preset.empty())
    if (Status said = words.Say("run.preset", "--preset " + options.preset); !said) return said.error();
  if (Status added = words.AddAll(options.set); !added) return added.error();
  return words.overrides;
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

Result<std::vector<run::ChangeSetting>> ChangesOf(const std::vector<std::string>& set) {
  Words words;
  if (Status added = words.AddAll(set); !added) return added.error();
  std::vector<run::ChangeSetting> changes;
  for (const auto& [key, text] : words.overrides) {
    if (key == "run.episodes") return Error{"--set run.episodes=" + text + ": say that with --episodes " + text};
    config::Settings scratch;
    if (Status read = config::SetFromText(scratch, key, text); !read) return read.error();
    changes.push_back({key, config::Get(scratch, key)});
  }
  return changes;
}

void WarnOfIdle(const std::vector<run::ChangeSetting>& changes, const std::vector<run::PendingChange>& waiting) {
  for (const run::ChangeSetting& change : changes) {
    const auto same = [&change](const run::PendingChange& c) { return c.key == change.key; };
    if (std::none_of(waiting.begin(), waiting.end(), same))
      std::fprintf(stderr, "equipoise: %s = %s changes nothing: it is that already\n", change.key.c_str(),
                   config::ToText(change.value).c_str());
  }
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
