#include "engine/run/fork_plan.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/base/json.h"
#include "engine/run/lives.h"
#include "engine/run/same_records.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {
namespace {

std::string PlanPath(const std::string& folder) { return ForkFolder(folder) + "/plan.json"; }

}  // namespace

std::string ForkFolder(const std::string& folder) { return folder + "/fork"; }

std::string ForkPlan::Text() const {
  Json json;
  json["from"] = from;
  json["path"] = path;
  json["episode"] = episode;
  json["changes"] = Json::array();
  for (const PendingChange& change : changes) {
    Json one;
    one["key"] = change.key;
    one["to"] = config::ToText(change.to);
    if (!change.why.empty()) one["why"] = change.why;
    json["changes"].push_back(std::move(one));
  }
  json["episodes"] = episodes;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<ForkPlan> ForkPlan::Read(const std::string& folder) {
  const std::string file = PlanPath(folder);
  auto text = ReadFile(file);
  if (!text) return text.error();
  const Result<Json> parsed = ParseJson(text.value(), file);
  if (!parsed) return parsed.error();
  const Json& json = parsed.value();
  try {
    ForkPlan plan;
    plan.from = TextFrom(json, "from");
    plan.path = TextFrom(json, "path");
    plan.episode = static_cast<int>(IntFrom(json, "episode"));
    plan.episodes = static_cast<int>(IntFrom(json, "episodes"));
    for (const Json& one : MemberOf(json, "changes")) {
      config::Settings any;
      PendingChange change;
      change.key = TextFrom(one, "key");
      if (one.contains("why")) change.why = TextFrom(one, "why");
      if (Status set = config::SetFromText(any, change.key, TextFrom(one, "to")); !set)
        return Error{file + ": " + set.error().message};
      change.to = config::Get(any, change.key);
      change.episode = plan.episode;
      plan.changes.push_back(std::move(change));
    }
    return plan;
  } catch (const std::exception& problem) {  // FormatError, or the JSON library's own
    return Error{file + ": " + problem.what()};
  }
}

Result<ForkAhead> ForkAhead::Read(const std::string& folder) {
  const std::string other = ForkFolder(folder);
  auto plan = ForkPlan::Read(folder);
  if (!plan) return plan.error();
  auto script = RerunScript::ReadStraight(other);
  if (!script) return script.error();
  auto episodes = EpisodeRecords(store::RunPaths(other).episodes);
  if (!episodes) return episodes.error();
  auto events = EventRecords(store::RunPaths(other).events);
  if (!events) return events.error();
  auto description = store::ReadDescription(other);
  if (!description) return description.error();
  ForkAhead ahead{std::move(plan).value(), std::move(script).value(), std::move(episodes).value(),
                  std::move(events).value(), ""};
  const store::RunLife here = LifeHere(0);
  const std::vector<store::RunLife>& lives = description.value().lives;
  for (size_t i = 0; i < lives.size() && ahead.unlike.empty(); ++i)
    if (lives[i].first_episode < ahead.plan.episode) ahead.unlike = UnlikeIn(&lives[i], here);
  return ahead;
}

}  // namespace equipoise::run
