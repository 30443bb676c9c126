#include "engine/run/records.h"

#include <nlohmann/json.hpp>

#include "engine/base/json.h"

namespace equipoise::run {
namespace {

// The enumerator in [0, count) whose Name is `name`.
template <class Enum>
Enum FromName(const std::string& name, int count, const char* what) {
  for (int i = 0; i < count; ++i)
    if (name == eps::Name(static_cast<Enum>(i))) return static_cast<Enum>(i);
  throw FormatError(std::string(what) + " \"" + name + "\" is unknown");
}
eps::Pick PickFrom(const Json& json) { return FromName<eps::Pick>(TextFrom(json, "pick"), 3, "pick"); }
eps::Reason ReasonFrom(const Json& json) {
  return FromName<eps::Reason>(TextFrom(json, "reason"), static_cast<int>(eps::Reason::kNoModel) + 1, "reason");
}

constexpr const char* kEventKinds[] = {"note", "intervention", "guard", "error", "lifecycle"};

Event::Kind KindFrom(const std::string& name) {
  for (size_t i = 0; i < std::size(kEventKinds); ++i)
    if (name == kEventKinds[i]) return static_cast<Event::Kind>(i);
  throw FormatError("kind \"" + name + "\" is unknown");
}

Json ToJson(const std::map<std::string, double>& numbers) {
  Json json = Json::object();
  for (const auto& [name, number] : numbers) json[name] = equipoise::ToJson(number);
  return json;
}

std::map<std::string, double> NumbersFrom(const Json& json, const std::string& key) {
  const Json& member = MemberOf(json, key);
  if (!member.is_object()) throw FormatError("\"" + key + "\" should be an object");
  std::map<std::string, double> out;
  for (const auto& [name, value] : member.items()) out[name] = RealOf(value, name);
  return out;
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
  json["delta"] = equipoise::ToJson(d.delta);
  json["return_mb"] = equipoise::ToJson(d.return_mb);
  json["return_mf"] = equipoise::ToJson(d.return_mf);
  json["standard_error"] = equipoise::ToJson(d.standard_error);
  return json;
}

eps::Decision DecisionFrom(const Json& line, const Json& json, double seconds) {
  eps::Decision d;
  d.pick = PickFrom(line);
  d.reason = ReasonFrom(line);
  d.episode = static_cast<int>(IntFrom(json, "episode"));
  d.checked = BoolFrom(json, "checked");
  d.proved = BoolFrom(json, "proved");
  d.masks = static_cast<int>(IntFrom(json, "masks"));
  d.rollouts = static_cast<int>(IntFrom(json, "rollouts"));
  d.evaluated = static_cast<int>(IntFrom(json, "evaluated"));
  d.pairing = TextFrom(json, "pairing");
  d.force_every = static_cast<int>(IntFrom(json, "force_every"));
  const Json& seed = MemberOf(json, "seed");
  if (!seed.is_number_integer()) throw FormatError("\"seed\" should be a whole number");
  d.seed = seed.get<uint64_t>();
  d.clamped_fraction = RealFrom(json, "clamped_fraction");
  d.delta = RealsFrom(json, "delta");
  d.return_mb = RealsFrom(json, "return_mb");
  d.return_mf = RealsFrom(json, "return_mf");
  d.standard_error = RealsFrom(json, "standard_error");
  d.seconds = seconds;
  return d;
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
  json["pick"] = eps::Name(r.decision.pick);
  json["reason"] = eps::Name(r.decision.reason);
  json["episode_return"] = equipoise::ToJson(r.episode_return);
  json["environment_steps"] = r.environment_steps;
  json["gradient_steps"] = r.gradient_steps;
  json["fraction_model_free"] = equipoise::ToJson(r.fraction_model_free);
  json["predicted_mean"] = equipoise::ToJson(r.predicted_mean);
  json["predicted_lo"] = equipoise::ToJson(r.predicted_lo);
  json["predicted_hi"] = equipoise::ToJson(r.predicted_hi);
  json["nll"] = equipoise::ToJson(r.nll);
  json["nll_distractors"] = equipoise::ToJson(r.nll_distractors);
  json["coverage"] = equipoise::ToJson(r.coverage);
  json["guard_tripped"] = r.guard_tripped;
  json["scalars"] = ToJson(r.scalars);
  json["decision"] = ToJson(r.decision);
  json["open_loop_error"] = equipoise::ToJson(r.open_loop_error);
  json["open_loop_lo"] = equipoise::ToJson(r.open_loop_lo);
  json["open_loop_hi"] = equipoise::ToJson(r.open_loop_hi);
  Json& clock = json["clock"];
  clock["wall_seconds"] = equipoise::ToJson(r.wall_seconds);
  clock["decision_seconds"] = equipoise::ToJson(r.decision.seconds);
  clock["seconds"] = ToJson(r.seconds);
  return OneLine(json);
}

Result<EpisodeRecord> EpisodeFromLine(const std::string& line, const std::string& origin) {
  return FromLine<EpisodeRecord>(line, origin, [](const Json& json) {
    const Json& clock = MemberOf(json, "clock");
    EpisodeRecord r;
    r.episode = static_cast<int>(IntFrom(json, "episode"));
    r.decision = DecisionFrom(json, MemberOf(json, "decision"), RealFrom(clock, "decision_seconds"));
    r.episode_return = RealFrom(json, "episode_return");
    r.environment_steps = IntFrom(json, "environment_steps");
    r.gradient_steps = IntFrom(json, "gradient_steps");
    r.fraction_model_free = RealFrom(json, "fraction_model_free");
    r.predicted_mean = RealFrom(json, "predicted_mean");
    r.predicted_lo = RealFrom(json, "predicted_lo");
    r.predicted_hi = RealFrom(json, "predicted_hi");
    r.nll = RealFrom(json, "nll");
    r.nll_distractors = RealFrom(json, "nll_distractors");
    r.coverage = RealFrom(json, "coverage");
    r.guard_tripped = BoolFrom(json, "guard_tripped");
    r.scalars = NumbersFrom(json, "scalars");
    r.open_loop_error = FloatsFrom(json, "open_loop_error");
    r.open_loop_lo = FloatsFrom(json, "open_loop_lo");
    r.open_loop_hi = FloatsFrom(json, "open_loop_hi");
    r.wall_seconds = RealFrom(clock, "wall_seconds");
    r.seconds = NumbersFrom(clock, "seconds");
    if (auto acting = r.seconds.extract("act"); !acting.empty()) {  // its name in older runs
      acting.key() = Name(Phase::kAct);
      r.seconds.insert(std::move(acting));
    }
    return r;
  });
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

namespace {

template <class T>
Status ReadInto(std::vector<T>* out, const std::string& path,
                Result<T> (*from_line)(const std::string&, const std::string&)) {
  Result<std::vector<std::string>> lines = store::ReadLines(path);
  if (!lines) return lines.error();
  for (size_t i = 0; i < lines.value().size(); ++i) {
    Result<T> item = from_line(lines.value()[i], path + ":" + std::to_string(i + 1));
    if (!item) return item.error();
    out->push_back(std::move(item).value());
  }
  return {};
}

}  // namespace

Result<History> ReadHistory(const std::string& folder) {
  const store::RunPaths paths(folder);
  History history;
  if (Status status = ReadInto(&history.episodes, paths.episodes, EpisodeFromLine); !status) return status.error();
  if (Status status = ReadInto(&history.events, paths.events, EventFromLine); !status) return status.error();
  return history;
}

}  // namespace equipoise::run
