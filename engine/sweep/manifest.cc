#include "engine/sweep/manifest.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/base/json.h"
#include "engine/config/config_file.h"
#include "engine/config/task_name.h"
#include "engine/env/task_library.h"
#include "engine/store/run_folder.h"

namespace equipoise::sweep {
namespace {

namespace fs = std::filesystem;

std::string ToLine(const ManifestLine& run) {
  Json json = Json::object();
  json["line"] = run.line;
  json["name"] = run.name;
  json["task"] = run.task;
  json["agent"] = run.agent;
  json["preset"] = run.preset;
  if (!run.setting.empty()) json["setting"] = run.setting;
  if (!run.failure.empty()) json["failure"] = run.failure;
  json["seed"] = run.seed;
  json["episodes"] = run.episodes;
  return OneLine(json);
}

Result<ManifestLine> FromLine(const std::string& text, const std::string& origin, size_t number) {
  Result<Json> json = ParseJson(text, origin);
  if (!json) return json.error();
  const Json& j = json.value();
  try {
    const auto optional = [&j](const char* key) { return j.contains(key) ? TextFrom(j, key) : std::string(); };
    ManifestLine run;
    run.line = static_cast<size_t>(IntFrom(j, "line"));
    run.name = TextFrom(j, "name");
    run.task = TextFrom(j, "task");
    run.agent = TextFrom(j, "agent");
    run.preset = TextFrom(j, "preset");
    run.setting = optional("setting");
    run.failure = optional("failure");
    run.seed = IntFrom(j, "seed");
    run.episodes = static_cast<int>(IntFrom(j, "episodes"));
    if (run.line != number || run.name.empty() || run.name.find('/') != std::string::npos || run.name[0] == '.')
      return Error{origin + ": it should be line " + std::to_string(number) + " and name a folder"};
    return run;
  } catch (const std::exception& problem) {
    return Error{origin + ": " + problem.what()};
  }
}

// All that its agent goes by, without what may change while the run is the same one.
std::string IdentityOf(config::Settings settings) {
  settings.run.episodes = config::Settings().run.episodes;
  return config::ToToml(settings);
}

// The settings that a line was written with.
Result<std::string> WrittenIdentity(const SweepPaths& paths, const std::string& name) {
  Result<config::Settings> before = config::LoadFile(paths.Config(name), "", {});
  if (!before) return before.error();
  return IdentityOf(before.value());
}

Status MakeFolders(const SweepPaths& paths) {
  for (const std::string& folder : {paths.configs, paths.runs, paths.log}) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return Error{folder + ": cannot be made: " + error.message()};
  }
  return {};
}

class Planner {
 public:
  Planner(const SweepFile& file, const std::string& folder, bool dry) : file_(file), paths_(folder), dry_(dry) {}

  Result<Manifest> Plan() {
    if (HoldsSweep(paths_.folder)) {
      Result<Manifest> before = ReadManifest(paths_.folder);
      if (!before) return before.error();
      out_ = std::move(before).value();
    } else if (std::error_code absent; fs::exists(paths_.folder, absent) && !OnlyOurs()) {
      return Error{paths_.folder + " holds something else than a sweep: choose another folder with --out"};
    }
    for (const ManifestLine& line : out_.lines) newest_[line.name] = line.line;
    if (!dry_)
      if (Status made = MakeFolders(paths_); !made) return made.error();
    out_.wanted.clear();
    for (const PlannedRun& run : file_.runs)
      if (Status added = Add(run); !added) return added.error();
    std::sort(out_.wanted.begin(), out_.wanted.end());
    if (dry_) return std::move(out_);
    if (Status written = Write(); !written) return written.error();
    return std::move(out_);
  }

 private:
  // A lock is there before the first manifest is.
  bool OnlyOurs() const {
    std::error_code error;
    for (fs::directory_iterator it(paths_.folder, error), end; !error && it != end; it.increment(error)) {
      const std::string path = it->path().string();
      if (path != paths_.configs && path != paths_.tasks && path != paths_.runs && path != paths_.log &&
          it->path().filename() != ".lock")
        return false;
    }
    return !error;
  }

  Status Add(const PlannedRun& run) {
    const std::string wanted = IdentityOf(run.settings);
    const std::string base = NameOf(run);
    bool other = false;
    for (int version = 1;; ++version) {
      const std::string name = version == 1 ? base : base + "-v" + std::to_string(version);
      const auto known = newest_.find(name);
      if (known == newest_.end()) {
        if (other) out_.superseded.push_back(newest_[version == 2 ? base : base + "-v" + std::to_string(version - 1)]);
        return Append(run, name);
      }
      Result<std::string> written = WrittenIdentity(paths_, name);
      if (!written) return written.error();
      other = written.value() != wanted;
      if (other) continue;
      const ManifestLine& line = out_.lines[known->second];
      if (line.episodes != run.episodes || line.failure != run.failure) return Append(run, name);
      out_.wanted.push_back(line.line);
      return {};
    }
  }

  Status Append(const PlannedRun& run, const std::string& name) {
    ManifestLine line;
    line.line = out_.lines.size();
    line.name = name;
    line.task = run.task;
    line.agent = run.agent;
    line.preset = run.preset;
    line.setting = run.setting;
    line.failure = run.failure;
    line.seed = run.seed;
    line.episodes = run.episodes;
    out_.lines.push_back(line);
    out_.wanted.push_back(line.line);
    ++out_.added;
    newest_[name] = line.line;
    if (dry_) return {};
    if (Status copied = KeepTask(run.task); !copied) return copied;
    return WriteFileAtomically(paths_.Config(name), "# Line " + std::to_string(line.line) +
                                                        " of manifest.jsonl, as resolved when it was written.\n" +
                                                        config::ToToml(run.settings));
  }

  // Of a task that came from a file, once.
  Status KeepTask(const std::string& task) {
    const std::string place = paths_.Task(task);
    if (!config::NamesTaskFile(task) || !env::CopiedTaskFile(place).empty()) return {};
    std::error_code error;
    fs::create_directories(place, error);
    if (error) return Error{place + ": cannot be made: " + error.message()};
    return env::CopyTask(task, place);
  }

  // The configurations are there before a line that needs them.
  Status Write() {
    std::string lines;
    for (size_t i = out_.lines.size() - out_.added; i < out_.lines.size(); ++i) lines += ToLine(out_.lines[i]) + "\n";
    // Of a process that was killed in the middle of a line nothing stays.
    const Result<std::vector<std::string>> there = store::ReadLines(paths_.manifest);
    if (!there) return there.error();
    int64_t whole = 0;
    for (const std::string& line : there.value()) whole += static_cast<int64_t>(line.size()) + 1;
    Result<AppendFile> opened = AppendFile::Open(paths_.manifest, whole);
    if (!opened) return opened.error();
    AppendFile manifest = std::move(opened).value();
    if (!lines.empty()) {
      if (Status written = manifest.Append(lines); !written) return written;
      if (Status synced = manifest.Sync(); !synced) return synced;
    }
    Json wanted = Json::object();
    wanted["lines"] = out_.wanted;
    if (Status written = WriteFileAtomically(paths_.sweep_toml, file_.text); !written) return written;
    return WriteFileAtomically(paths_.wanted, OneLine(wanted) + "\n");
  }

  const SweepFile& file_;
  SweepPaths paths_;
  bool dry_;
  Manifest out_;
  std::map<std::string, size_t> newest_;  // line of each folder
};

}  // namespace

SweepPaths::SweepPaths(const std::string& at)
    : folder(at),
      manifest(at + "/manifest.jsonl"),
      sweep_toml(at + "/sweep.toml"),
      wanted(at + "/wanted.json"),
      configs(at + "/configs"),
      tasks(at + "/tasks"),
      runs(at + "/runs"),
      log(at + "/log"),
      slurm(at + "/slurm"),
      report(at + "/report") {}

bool HoldsSweep(const std::string& folder) {
  std::error_code absent;
  return fs::exists(SweepPaths(folder).manifest, absent);
}

Result<Manifest> ReadManifest(const std::string& folder) {
  const SweepPaths paths(folder);
  Result<std::vector<std::string>> lines = store::ReadLines(paths.manifest);
  if (!lines) return lines.error();
  Manifest manifest;
  for (size_t i = 0; i < lines.value().size(); ++i) {
    Result<ManifestLine> line = FromLine(lines.value()[i], paths.manifest + ":" + std::to_string(i + 1), i);
    if (!line) return line.error();
    manifest.lines.push_back(std::move(line).value());
  }
  std::error_code absent;
  if (!fs::exists(paths.wanted, absent)) return manifest;  // its first Plan did not come so far
  const Result<std::string> text = ReadFile(paths.wanted);
  if (!text) return text.error();
  const Result<Json> json = ParseJson(text.value(), paths.wanted);
  if (!json) return json.error();
  try {
    for (const Json& line : MemberOf(json.value(), "lines")) manifest.wanted.push_back(line.get<size_t>());
  } catch (const std::exception& problem) {
    return Error{paths.wanted + ": " + problem.what()};
  }
  for (const size_t line : manifest.wanted)
    if (line >= manifest.lines.size())
      return Error{paths.wanted + ": there is no line " + std::to_string(line) + " in manifest.jsonl"};
  return manifest;
}

Result<Manifest> Plan(const SweepFile& file, const std::string& folder, bool dry) {
  return Planner(file, folder, dry).Plan();
}

}  // namespace equipoise::sweep
