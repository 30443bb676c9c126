#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/store/run_folder.h"

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

}  // namespace

std::string ToJsonText(const RunDescription& d) {
  Json json;
  json["name"] = d.name;
  json["program"] = "Equipoise " + d.version;
  json["version"] = d.version;
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
  Result<Json> settings = ParseJson(d.settings_json, "settings");
  EQ_CHECK(settings.ok(), "settings_json is not JSON");
  json["settings"] = settings.value();
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<RunDescription> DescriptionFromJson(const std::string& text, const std::string& origin) {
  Result<Json> parsed = ParseJson(text, origin);
  if (!parsed) return parsed.error();
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
    d.settings_json = OneLine(MemberOf(json, "settings"));
    return d;
  } catch (const std::exception& problem) {  // FormatError, or the JSON library's own
    return Error{origin + ": " + problem.what()};
  }
}

}  // namespace equipoise::store
