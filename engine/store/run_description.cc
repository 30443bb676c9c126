#include "engine/store/run_description.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/json.h"

namespace equipoise::store {

const char* Name(RunCondition condition) {
  switch (condition) {
    case RunCondition::kRunning:
      return "running";
    case RunCondition::kStopped:
      return "stopped";
    case RunCondition::kFinished:
      return "finished";
    case RunCondition::kCrashed:
      return "crashed";
  }
  return "";
}

namespace {

RunCondition ConditionOf(const std::string& name) {
  for (const RunCondition condition :
       {RunCondition::kRunning, RunCondition::kStopped, RunCondition::kFinished, RunCondition::kCrashed})
    if (name == Name(condition)) return condition;
  throw FormatError("state \"" + name + "\" is unknown");
}

Json ToJson(const RunLife& life) {
  Json json;
  json["host"] = life.host;
  json["processor"] = life.processor;
  json["kernels"] = life.kernels;
  json["version"] = life.version;
  json["build"] = life.build;
  json["versions"] = life.versions;
  json["started"] = life.started;
  json["ended"] = life.ended;
  json["end"] = life.end;
  json["first_episode"] = life.first_episode;
  return json;
}

RunLife LifeFrom(const Json& json) {
  RunLife life;
  life.host = TextFrom(json, "host");
  life.processor = TextFrom(json, "processor");
  life.kernels = TextFrom(json, "kernels");
  life.version = TextFrom(json, "version");
  life.build = TextFrom(json, "build");
  life.versions = MemberOf(json, "versions").get<std::map<std::string, std::string>>();
  life.started = TextFrom(json, "started");
  life.ended = TextFrom(json, "ended");
  life.end = TextFrom(json, "end");
  life.first_episode = IntFrom(json, "first_episode");
  return life;
}

std::string WithoutTrailingSlash(std::string folder) {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder;
}

// A name of ours in the folder itself, so that nothing else is ever written to.
bool IsEventFileName(const std::string& name) {
  return name.rfind("events.out.tfevents.", 0) == 0 && name.find('/') == std::string::npos;
}

}  // namespace

RunPaths::RunPaths(const std::string& given)
    : folder(WithoutTrailingSlash(given)),
      run_json(folder + "/run.json"),
      episodes(folder + "/episodes.jsonl"),
      events(folder + "/events.jsonl"),
      progress(folder + "/progress.csv"),
      checkpoints(folder + "/checkpoints"),
      state(checkpoints + "/state.eqps"),
      previous(checkpoints + "/previous.eqps"),
      replay(checkpoints + "/replay.bin"),
      dashboard(folder + "/dashboard.png") {}

std::string ToJsonText(const RunDescription& d) {
  Json json;
  json["name"] = d.name;
  json["program"] = "Equipoise " + d.version;
  json["version"] = d.version;
  json["format"] = kRunFormat;
  json["task"] = d.task;
  json["agent"] = d.agent;
  json["preset"] = d.preset;
  json["seed"] = d.seed;
  json["state"] = Name(d.condition);
  json["steered"] = d.steered;
  if (!d.reason.empty()) json["reason"] = d.reason;
  json["host"] = d.host;
  json["device"] = d.device;
  json["started"] = d.started;
  json["resumed"] = d.resumed;
  json["episodes"] = d.episodes;
  json["versions"] = d.versions;
  json["lives"] = Json::array();
  for (const RunLife& life : d.lives) json["lives"].push_back(ToJson(life));
  if (!d.tensorboard.empty()) json["tensorboard"] = d.tensorboard;
  if (d.forked) json["forked"] = {{"from", d.forked->folder}, {"episode", d.forked->episode}};
  Result<Json> settings = ParseJson(d.settings_json, "settings");
  EQ_CHECK(settings.ok(), "settings_json is not JSON");
  json["settings"] = settings.value();
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Status RefuseNewerFormat(const std::string& text, const std::string& origin) {
  const Result<Json> json = ParseJson(text, origin);
  if (!json || !json.value().is_object() || !json.value().contains("format")) return {};
  const Json& format = json.value()["format"];
  if (format.is_number_integer() && format.get<int64_t>() <= kRunFormat) return {};
  return Error{origin + " is of run format " + OneLine(format) + ", and this program reads up to " +
               std::to_string(kRunFormat) + ": a newer version of Equipoise wrote it. Open it with that version"};
}

Result<RunDescription> DescriptionFromJson(const std::string& text, const std::string& origin) {
  Result<Json> parsed = ParseJson(text, origin);
  if (!parsed) return parsed.error();
  if (Status known = RefuseNewerFormat(text, origin); !known) return known.error();
  const Json& json = parsed.value();
  try {
    RunDescription d;
    d.name = TextFrom(json, "name");
    d.version = TextFrom(json, "version");
    d.task = TextFrom(json, "task");
    d.agent = TextFrom(json, "agent");
    d.preset = TextFrom(json, "preset");
    d.seed = IntFrom(json, "seed");
    d.condition = ConditionOf(TextFrom(json, "state"));
    d.steered = BoolFrom(json, "steered");
    if (json.contains("reason")) d.reason = TextFrom(json, "reason");
    d.host = TextFrom(json, "host");
    d.device = TextFrom(json, "device");
    d.started = TextFrom(json, "started");
    d.resumed = MemberOf(json, "resumed").get<std::vector<std::string>>();
    d.versions = MemberOf(json, "versions").get<std::map<std::string, std::string>>();
    if (json.contains("episodes")) d.episodes = IntFrom(json, "episodes");  // not in older folders
    if (json.contains("lives"))
      for (const Json& life : MemberOf(json, "lives")) d.lives.push_back(LifeFrom(life));
    if (json.contains("tensorboard")) d.tensorboard = TextFrom(json, "tensorboard");
    if (!IsEventFileName(d.tensorboard)) d.tensorboard.clear();
    if (json.contains("forked")) {
      const Json& forked = MemberOf(json, "forked");
      d.forked = ForkedFrom{TextFrom(forked, "from"), IntFrom(forked, "episode")};
    }
    d.settings_json = OneLine(MemberOf(json, "settings"));
    return d;
  } catch (const std::exception& problem) {  // FormatError, or the JSON library's own
    return Error{origin + ": " + problem.what()};
  }
}

const RunLife* LifeOf(const RunDescription& description, int64_t episode) {
  const RunLife* found = nullptr;
  for (const RunLife& life : description.lives)
    if (life.first_episode <= episode) found = &life;
  return found;
}

std::string RunName(const std::string& folder) {
  namespace fs = std::filesystem;
  const fs::path path = fs::absolute(WithoutTrailingSlash(folder)).lexically_normal();
  const fs::path whole = path.has_filename() ? path : path.parent_path();
  const std::string name = whole.filename().string();
  std::error_code error;
  const bool aside = name.rfind("rolled-back-", 0) == 0 && fs::exists(whole.parent_path() / "run.json", error);
  return aside ? RunName(whole.parent_path().string()) + "-" + name : name;
}

Result<RunDescription> ReadDescription(const std::string& folder) {
  const RunPaths paths(folder);
  std::error_code error;
  if (!std::filesystem::is_directory(paths.folder, error)) return Error{"there is no folder " + paths.folder};
  const std::string repair =
      std::filesystem::exists(paths.state, error)
          ? ". The rest of the run is there: `equipoise repair " + paths.folder + "` makes it again from a checkpoint"
          : ". There is no checkpoint either: the folder holds no run";
  if (!std::filesystem::exists(paths.run_json, error)) {
    const bool checkpoint = std::filesystem::exists(paths.state, error);
    return Error{paths.folder + " is not a run: it holds no run.json" + (checkpoint ? repair : "")};
  }
  Result<std::string> text = ReadFile(paths.run_json);
  if (!text) return text.error();
  if (Status known = RefuseNewerFormat(text.value(), paths.run_json); !known) return known.error();
  Result<RunDescription> description = DescriptionFromJson(text.value(), paths.run_json);
  if (!description) return Error{description.error().message + repair};
  RunDescription named = std::move(description).value();
  named.name = RunName(paths.folder);
  return named;
}

}  // namespace equipoise::store
