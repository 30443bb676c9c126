#include "engine/sweep/sweep_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/config/config_file.h"
#include "engine/config/task_name.h"
#include "engine/env/task_library.h"
#include "engine/env/task_settings.h"
#include "engine/sweep/manifest.h"

namespace equipoise::sweep {
namespace {

using config::Overrides;

// What a block says, or inherits.
struct Block {
  std::vector<std::string> tasks, agents, presets;
  std::vector<int64_t> seeds;
  std::string episodes, failure;  // "": not said
  Overrides set;
  std::vector<std::pair<std::string, Overrides>> settings;
};

class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  Result<SweepFile> Read() {
    Result<std::string> text = ReadFile(path_);
    if (!text) return text.error();
    out_.text = text.value();
    out_.name = std::filesystem::path(path_).stem().string();
    toml::table file;
    try {
      file = toml::parse(text.value(), path_);
    } catch (const toml::parse_error& problem) {
      return Error{path_ + ":" + std::to_string(problem.source().begin.line) + ": " +
                   std::string(problem.description())};
    }
    Block common;
    if (Status read = ReadBlock(file, {"runs", "slurm"}, &common); !read) return read.error();
    if (Status read = ReadSlurm(file["slurm"].node()); !read) return read.error();
    const toml::node* runs = file["runs"].node();
    const toml::array* blocks = runs == nullptr ? nullptr : runs->as_array();
    if (blocks == nullptr || blocks->empty()) return Error{path_ + ": names no runs; write a [[runs]] with tasks"};
    for (const toml::node& node : *blocks) {
      const toml::table* table = node.as_table();
      if (table == nullptr) return Error{At(node) + "runs should be tables, written [[runs]]"};
      Block block = common;
      if (Status read = ReadBlock(*table, {}, &block); !read) return read.error();
      if (Status added = AddRuns(block, At(node)); !added) return added.error();
    }
    return std::move(out_);
  }

 private:
  std::string At(const toml::node& node) const { return path_ + ":" + std::to_string(node.source().begin.line) + ": "; }

  Status Texts(const std::string& key, const toml::node& node, std::vector<std::string>* out) {
    out->clear();
    if (const auto* one = node.as_string()) out->push_back(one->get());
    const toml::array* list = node.as_array();
    for (size_t i = 0; list != nullptr && i < list->size(); ++i) {
      const auto* text = list->get(i)->as_string();
      if (text == nullptr) return Error{At(node) + key + " should hold texts"};
      out->push_back(text->get());
    }
    if (out->empty()) return Error{At(node) + key + " should be a text or a list of texts that is not empty"};
    return {};
  }

  Status Text(const std::string& key, const toml::node& node, std::string* out) {
    const auto* text = node.as_string();
    if (text == nullptr) return Error{At(node) + key + " should be a text"};
    *out = text->get();
    return {};
  }

  Status Whole(const std::string& key, const toml::node& node, int64_t lowest, int64_t highest, int64_t* out) {
    const auto* number = node.as_integer();
    if (number == nullptr || number->get() < lowest || number->get() > highest)
      return Error{At(node) + key + " should be a whole number from " + std::to_string(lowest) + " to " +
                   std::to_string(highest)};
    *out = number->get();
    return {};
  }

  Status Seeds(const toml::node& node, std::vector<int64_t>* out) {
    constexpr int64_t kMost = 2147483647;
    out->clear();
    if (node.is_integer()) {
      int64_t count = 0;
      if (Status read = Whole("seeds", node, 1, 10000, &count); !read) return read;
      for (int64_t seed = 0; seed < count; ++seed) out->push_back(seed);
      return {};
    }
    const toml::array* list = node.as_array();
    if (list == nullptr || list->empty())
      return Error{At(node) + "seeds should be a number of seeds, or a list of them"};
    for (const toml::node& seed : *list) {
      int64_t value = 0;
      if (Status read = Whole("a seed", seed, 0, kMost, &value); !read) return read;
      out->push_back(value);
    }
    return {};
  }

  // A table of "section.name" = value; over what `out` holds.
  Status Changes(const std::string& key, const toml::node& node, Overrides* out) {
    const toml::table* table = node.as_table();
    if (table == nullptr)
      return Error{At(node) + key + " should be a table of settings, such as { \"eps.masks\" = 10 }"};
    for (const auto& [name, value] : *table) {
      const std::string setting(name.str());
      std::string text;
      if (const auto* flag = value.as_boolean()) text = flag->get() ? "true" : "false";
      if (const auto* words = value.as_string()) text = words->get();
      if (const auto* whole = value.as_integer()) text = std::to_string(whole->get());
      if (const auto* real = value.as_floating_point()) text = config::ToText(config::Value(real->get()));
      if (value.is_table() || value.is_array() || config::FindSpec(setting) == nullptr)
        return Error{At(value) + "unknown setting " + setting + "; the nearest known one is " +
                     config::NearestKey(setting) + ". Keys are written in quotes: \"eps.masks\" = 10"};
      for (const char* own : {"run.task", "run.agent", "run.seed", "run.episodes", "run.preset"})
        if (setting == own)
          return Error{At(value) + setting + " is not set here: name it in " + setting.substr(4) + "s"};
      out->erase(std::remove_if(out->begin(), out->end(), [&](const auto& one) { return one.first == setting; }),
                 out->end());
      out->emplace_back(setting, text);
    }
    return {};
  }

  Status Settings(const toml::node& node, Block* block) {
    block->settings.clear();
    const toml::array* list = node.as_array();
    if (list == nullptr || list->empty())
      return Error{At(node) + "settings should be a list of { name = \"...\", set = { ... } }"};
    for (const toml::node& one : *list) {
      const toml::table* table = one.as_table();
      if (table == nullptr) return Error{At(one) + "settings should hold tables: { name = \"...\", set = { ... } }"};
      std::string name;
      Overrides set;
      for (const auto& [key, value] : *table) {
        const std::string text(key.str());
        if (text != "name" && text != "set")
          return Error{At(value) + "unknown key " + text + "; a setting has name and set"};
        if (Status read = text == "name" ? Text(text, value, &name) : Changes(text, value, &set); !read) return read;
      }
      const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
      });
      if (!plain || (!name.empty() && name[0] == '.'))
        return Error{At(one) + "\"" + name + "\" is part of a folder's name: letters, digits, '.', '_' and '-'"};
      for (const auto& [other, changes] : block->settings)
        if (other == name) return Error{At(one) + "two settings are named \"" + name + "\""};
      block->settings.emplace_back(name, set);
    }
    return {};
  }

  Status ReadBlock(const toml::table& table, const std::vector<std::string>& skip, Block* block) {
    for (const auto& [name, node] : table) {
      const std::string key(name.str());
      if (std::find(skip.begin(), skip.end(), key) != skip.end()) continue;
      Status read;
      int64_t number = 0;
      if (key == "tasks") {
        read = Texts(key, node, &block->tasks);
      } else if (key == "agents") {
        read = Texts(key, node, &block->agents);
      } else if (key == "preset" || key == "presets") {
        read = Texts(key, node, &block->presets);
      } else if (key == "seeds") {
        read = Seeds(node, &block->seeds);
      } else if (key == "episodes") {
        read = Whole(key, node, 1, 1000000, &number);
        block->episodes = std::to_string(number);
      } else if (key == "failure") {
        read = Text(key, node, &block->failure);
      } else if (key == "set") {
        read = Changes(key, node, &block->set);
      } else if (key == "settings") {
        read = Settings(node, block);
      } else {
        return Error{At(node) + "unknown key " + key +
                     "; the known ones are tasks, agents, preset, presets, seeds, episodes, failure, set, settings" +
                     (skip.empty() ? "" : ", [slurm] and [[runs]]")};
      }
      if (!read) return read;
    }
    return {};
  }

  Status ReadSlurm(const toml::node* node) {
    if (node == nullptr) return {};
    const toml::table* table = node->as_table();
    if (table == nullptr) return Error{At(*node) + "slurm should be a table, written [slurm]"};
    SlurmWishes& wishes = out_.slurm;
    for (const auto& [name, value] : *table) {
      const std::string key(name.str());
      Status read;
      int64_t number = 0;
      if (key == "cpus") {
        read = Whole(key, value, 1, 64, &number);
        wishes.cpus = static_cast<int>(number);
      } else if (key == "at_once") {
        read = Whole(key, value, 1, 100000, &number);
        wishes.at_once = static_cast<int>(number);
      } else if (key == "options") {
        read = Texts(key, value, &wishes.options);
      } else if (key == "mem" || key == "time" || key == "partition") {
        read = Text(key, value, key == "mem" ? &wishes.mem : key == "time" ? &wishes.time : &wishes.partition);
      } else {
        return Error{At(value) + "unknown key " + key +
                     " in [slurm]; the known ones are cpus, mem, time, partition, at_once, options"};
      }
      if (!read) return read;
    }
    for (const std::string& text : {wishes.mem, wishes.time, wishes.partition})
      if (text.find('\n') != std::string::npos) return Error{At(*node) + "a line break in [slurm]"};
    for (const std::string& text : wishes.options)
      if (text.rfind("--", 0) != 0 || text.find('\n') != std::string::npos)
        return Error{At(*node) + "options: \"" + text + "\" should begin with -- and be one line"};
    return {};
  }

  Status AddRuns(const Block& block, const std::string& at) {
    for (const auto& [list, key] : {std::pair(&block.tasks, "tasks"), {&block.agents, "agents"}})
      if (list->empty()) return Error{at + "these runs have no " + key};
    std::vector<int64_t> seeds = block.seeds;
    if (seeds.empty()) return Error{at + "these runs have no seeds: write seeds = 3, or seeds = [0, 1, 2]"};
    auto settings = block.settings;
    if (settings.empty()) settings.push_back({"", {}});
    std::vector<std::string> presets = block.presets;
    if (presets.empty()) presets.push_back("");
    for (const std::string& task : block.tasks)
      for (const std::string& agent : block.agents)
        for (const std::string& preset : presets)
          for (const auto& [name, changes] : settings)
            for (const int64_t seed : seeds)
              if (Status added = AddRun(block, task, agent, preset, name, changes, seed, at); !added) return added;
    return {};
  }

  // A task file by a path: as it was when a begun sweep copied it; else from where this file lies, or from here.
  std::string PlaceOf(const std::string& task) const {
    namespace fs = std::filesystem;
    if (task.find('/') == std::string::npos && task.find('.') == std::string::npos) return task;
    const fs::path folder = fs::path(path_).parent_path();
    std::error_code error;
    if (HoldsSweep(folder.string())) {
      std::vector<std::string> copies;
      for (fs::directory_iterator it(SweepPaths(folder.string()).tasks, error), end; !error && it != end;
           it.increment(error))
        if (config::TaskStem(it->path().filename().string()) == fs::path(task).stem().string())
          copies.push_back(env::CopiedTaskFile(it->path().string()));
      if (copies.size() == 1 && !copies.front().empty()) return copies.front();
    }
    const std::string beside = (folder / task).string();
    return fs::exists(beside, error) ? beside : task;
  }

  Status AddRun(const Block& block, const std::string& asked, const std::string& agent, const std::string& preset,
                const std::string& name, const Overrides& changes, int64_t seed, const std::string& at) {
    const std::string place = PlaceOf(asked);
    const Result<std::string> task = env::TaskNameOf(place);
    if (!task) return Error{at + task.error().message};
    {
      config::Settings scratch;
      if (Status known = config::SetFromText(scratch, "run.agent", agent); !known)
        return Error{at + known.error().message};
    }
    Overrides all = {{"run.task", task.value()}, {"run.agent", agent}, {"run.seed", std::to_string(seed)}};
    if (!block.episodes.empty()) all.emplace_back("run.episodes", block.episodes);
    all.insert(all.end(), block.set.begin(), block.set.end());
    all.insert(all.end(), changes.begin(), changes.end());
    Result<config::Settings> resolved = env::LoadSettings(place, preset, all);
    if (!resolved) {
      std::string reason = resolved.error().message;
      if (const std::string from = "command line: "; reason.rfind(from, 0) == 0) reason = reason.substr(from.size());
      return Error{at + asked + ", " + agent + (name.empty() ? "" : ", " + name) + ": " + reason};
    }
    PlannedRun run;
    run.task = task.value();
    run.agent = agent;
    run.preset = resolved.value().run.preset;
    run.setting = name;
    run.failure = block.failure;
    run.seed = seed;
    run.episodes = resolved.value().run.episodes;
    run.settings = std::move(resolved).value();
    const auto [known, is_new] = by_name_.emplace(NameOf(run), out_.runs.size());
    if (!is_new) {
      if (config::ToToml(out_.runs[known->second].settings) == config::ToToml(run.settings)) return {};
      return Error{at + NameOf(run) +
                   " is named twice with unlike settings: give them names in settings = [{ name = ... }]"};
    }
    out_.runs.push_back(std::move(run));
    return {};
  }

  std::string path_;
  SweepFile out_;
  std::map<std::string, size_t> by_name_;
};

}  // namespace

std::string NameOf(const PlannedRun& run) {
  return config::TaskStem(run.task) + "-" + run.agent + (run.setting.empty() ? "" : "-" + run.setting) + "-" +
         run.preset + "-s" + std::to_string(run.seed);
}

Result<SweepFile> ReadSweepFile(const std::string& path) { return Reader(path).Read(); }

}  // namespace equipoise::sweep
