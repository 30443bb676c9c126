#include "engine/record/records.h"

#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/record/episode_fields.h"

namespace equipoise::run {
namespace {

constexpr const char* kEventKinds[] = {"note", "intervention", "guard", "error", "lifecycle"};

Event::Kind KindFrom(const std::string& name) {
  for (size_t i = 0; i < std::size(kEventKinds); ++i)
    if (name == kEventKinds[i]) return static_cast<Event::Kind>(i);
  throw FormatError("kind \"" + name + "\" is unknown");
}

Json ToJson(double number) { return equipoise::ToJson(number); }
Json ToJson(int64_t number) { return number; }
Json ToJson(bool yes) { return yes; }
Json ToJson(const std::map<std::string, double>& numbers) {
  Json json = Json::object();
  for (const auto& [name, number] : numbers) json[name] = equipoise::ToJson(number);
  return json;
}

Json ToJson(const eps::Decision& d) {
  Json json;
  json["episode"] = d.episode;
  json["checked"] = d.checked;
  json["proved"] = d.proved;
  json["masks"] = d.masks;
  json["rollouts"] = d.rollouts;
  json["evaluated"] = d.evaluated;
  json["pairing"] = d.pairing;
  json["force_every"] = d.force_every;
  json["seed"] = d.seed;
  json["clamped_fraction"] = equipoise::ToJson(d.clamped_fraction);
  Json& policies = json["policies"] = Json::array();
  for (const eps::PolicyReturns& p : d.policies) {
    policies.push_back({{"id", p.policy.id()}, {"returns", equipoise::ToJson(p.returns)}});
    if (d.bonus > 0) policies.back()["information"] = equipoise::ToJson(p.information);
  }
  Json& comparisons = json["comparisons"] = Json::array();
  for (const eps::Comparison& c : d.comparisons)
    comparisons.push_back({{"preferred", c.preferred.id()},
                           {"challenger", c.challenger.id()},
                           {"delta", equipoise::ToJson(c.delta)},
                           {"standard_error", equipoise::ToJson(c.standard_error)}});
  json["decisive"] = d.decisive;
  if (d.bonus > 0) json["bonus"] = equipoise::ToJson(d.bonus);
  if (d.most_rollouts > 0) {
    json["most_rollouts"] = d.most_rollouts;
    json["mask_rollouts"] = d.mask_rollouts;
  }
  return json;
}

// Parses `line` and hands it to `read`, whose complaints get the origin.
template <class T, class Read>
Result<T> FromLine(const std::string& line, const std::string& origin, Read read) {
  Result<Json> json = ParseJson(line, origin);
  if (!json) return json.error();
  try {
    return read(json.value());
  } catch (const FormatError& problem) {
    return Error{origin + ": " + problem.what()};
  }
}

}  // namespace

std::string ToLine(const EpisodeRecord& r) {
  Json json;
  json["episode"] = r.episode;
  json["pick"] = r.decision.pick.id();
  json["reason"] = eps::Name(r.decision.reason);
  const auto put = [](Json* to) {
    return [to](const Field& field, const auto& value) { (*to)[field.name] = ToJson(value); };
  };
  VisitCourse(put(&json), r);
  VisitMeasured(put(&json), r);
  json["scalars"] = ToJson(r.scalars);
  json["decision"] = ToJson(r.decision);
  json["open_loop_error"] = equipoise::ToJson(r.open_loop_error);
  json["open_loop_lo"] = equipoise::ToJson(r.open_loop_lo);
  json["open_loop_hi"] = equipoise::ToJson(r.open_loop_hi);
  if (!r.open_loop_by_state.empty()) json["open_loop_by_state"] = equipoise::ToJson(r.open_loop_by_state);
  if (!r.nll_by_output.empty()) json["nll_by_output"] = equipoise::ToJson(r.nll_by_output);
  Json& clock = json["clock"];
  VisitClock(put(&clock), r);
  clock["decision_seconds"] = equipoise::ToJson(r.decision.seconds);
  clock["seconds"] = ToJson(r.seconds);
  return OneLine(json);
}

std::string ToLine(const Event& e) {
  Json json;
  json["kind"] = kEventKinds[static_cast<size_t>(e.kind)];
  json["number"] = e.number;
  json["episode"] = e.episode;
  json["key"] = e.key;
  json["from"] = e.from;
  json["to"] = e.to;
  json["text"] = e.text;
  if (!e.checkpoint.empty()) json["checkpoint"] = e.checkpoint;
  if (!e.why.empty()) json["why"] = e.why;
  json["clock"]["wall_seconds"] = equipoise::ToJson(e.wall_seconds);
  return OneLine(json);
}

Result<Event> EventFromLine(const std::string& line, const std::string& origin) {
  return FromLine<Event>(line, origin, [](const Json& json) {
    Event e;
    e.kind = KindFrom(TextFrom(json, "kind"));
    e.number = static_cast<int>(IntFrom(json, "number"));
    e.episode = static_cast<int>(IntFrom(json, "episode"));
    e.key = TextFrom(json, "key");
    e.from = TextFrom(json, "from");
    e.to = TextFrom(json, "to");
    e.text = TextFrom(json, "text");
    if (json.contains("checkpoint")) e.checkpoint = TextFrom(json, "checkpoint");
    if (json.contains("why")) e.why = TextFrom(json, "why");
    e.wall_seconds = RealFrom(MemberOf(json, "clock"), "wall_seconds");
    return e;
  });
}

Result<std::string> WithoutClock(const std::string& line) {
  return FromLine<std::string>(line, "line", [](Json json) {
    (void)MemberOf(json, "clock");
    json.erase("clock");
    json.erase("check");
    return OneLine(json);
  });
}

Status Log(store::RunFolder* folder, const EpisodeRecord& record) {
  if (Status status = folder->AppendEpisode(ToLine(record)); !status) return status;
  if (Status status = folder->AppendProgress(ProgressRow(record)); !status) return status;
  return folder->AppendScalars(record.environment_steps, record.wall_seconds, ScalarsOf(record));
}

Status Log(store::RunFolder* folder, const Event& event) { return folder->AppendEvent(ToLine(event)); }

Result<std::vector<Event>> ReadEvents(const std::string& folder) {
  const store::RunPaths paths(folder);
  Result<std::vector<std::string>> lines = store::ReadLines(paths.events);
  if (!lines) return lines.error();
  std::vector<Event> events;
  for (size_t i = 0; i < lines.value().size(); ++i) {
    Result<Event> event = EventFromLine(lines.value()[i], paths.events + ":" + std::to_string(i + 1));
    if (!event) return event.error();
    events.push_back(std::move(event).value());
  }
  return events;
}

Result<History> ReadHistory(const std::string& folder) {
  const store::RunPaths paths(folder);
  History history;
  Result<std::vector<std::string>> lines = store::ReadLines(paths.episodes);
  if (!lines) return lines.error();
  for (size_t i = 0; i < lines.value().size(); ++i) {
    Result<EpisodeRecord> episode = EpisodeFromLine(lines.value()[i], paths.episodes + ":" + std::to_string(i + 1));
    if (!episode) return episode.error();
    history.episodes.push_back(std::move(episode).value());
  }
  Result<std::vector<Event>> events = ReadEvents(folder);
  if (!events) return events.error();
  history.events = std::move(events).value();
  return history;
}

}  // namespace equipoise::run
