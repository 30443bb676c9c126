#include "engine/run/accepted.h"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/json.h"

namespace equipoise::run {
namespace {

// Adds a change given as text, with what it changes from.
Status AddChange(const std::string& key, const std::string& to, int episode, const std::string& why,
                 config::Settings* settings, std::vector<PendingChange>* changes) {
  if (config::FindSpec(key) == nullptr)
    return Error{"there is no setting " + key + " in this version; the nearest known one is " +
                 config::NearestKey(key)};
  PendingChange change{key, config::Get(*settings, key), {}, episode, why};
  if (Status set = config::SetFromText(*settings, key, to); !set) return set;
  change.to = config::Get(*settings, key);
  changes->push_back(std::move(change));
  return {};
}

// From what was in force at single steps to strokes: what begins, and that it ends.
std::vector<Stroke> StrokesOfSteps(const std::map<std::pair<int, int>, PushBody>& steps) {
  std::vector<Stroke> strokes;
  const Stroke* held = nullptr;  // of the step before
  Stroke last;
  const auto let_go = [&] {
    if (held != nullptr) strokes.push_back({last.attempt, last.step + 1, {}});
    held = nullptr;
  };
  for (const auto& [when, push] : steps) {
    const Stroke now{when.first, when.second, push};
    if (held != nullptr && (now.attempt != last.attempt || now.step != last.step + 1)) let_go();
    const bool same = held != nullptr ? SamePush(last.push, push) : IsRelease(push);
    if (!same) strokes.push_back(now);
    last = now;
    held = IsRelease(push) ? nullptr : &last;
  }
  let_go();
  return strokes;
}

}  // namespace

std::string ChangesLine(const std::vector<PendingChange>& changes, bool steered) {
  Json line;
  line["changes"] = Json::array();
  for (const PendingChange& change : changes) {
    Json one;
    one["key"] = change.key;
    one["to"] = config::ToText(change.to);
    one["episode"] = change.episode;
    if (!change.why.empty()) one["why"] = change.why;
    line["changes"].push_back(std::move(one));
  }
  line["steered"] = steered;
  return OneLine(line);
}

std::string PushLine(const Stroke& stroke, const std::string& why) {
  Json line;
  line["push"] = ToText({stroke});
  if (!why.empty()) line["why"] = why;
  return OneLine(line);
}

Result<Accepted> AcceptedFrom(const std::vector<std::string>& lines, const config::Settings& settings,
                              const std::string& origin) {
  Accepted accepted;
  std::map<std::pair<int, int>, PushBody> steps;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string where = origin + ":" + std::to_string(i + 2);  // the first line names the checkpoint
    Result<Json> parsed = ParseJson(lines[i], where);
    if (!parsed) return parsed.error();
    const Json& line = parsed.value();
    try {
      if (line.contains("push")) {
        const Result<std::vector<Stroke>> strokes = StrokesFromText(TextFrom(line, "push"));
        if (!strokes) return Error{where + ": " + strokes.error().message};
        for (const Stroke& s : strokes.value()) {
          steps[{s.attempt, s.step}] = s.push;
          if (line.contains("why")) accepted.push_reasons[{s.attempt, s.step}] = TextFrom(line, "why");
        }
        continue;
      }
      config::Settings then = settings;
      accepted.changes.emplace();
      accepted.steered = BoolFrom(line, "steered");
      for (const Json& one : MemberOf(line, "changes")) {
        const std::string why = one.contains("why") ? TextFrom(one, "why") : "";
        const Status added = AddChange(TextFrom(one, "key"), TextFrom(one, "to"),
                                       static_cast<int>(IntFrom(one, "episode")), why, &then, &*accepted.changes);
        if (!added) return Error{where + ": " + added.error().message};
      }
    } catch (const std::exception& problem) {  // FormatError, or the JSON library's own
      return Error{where + ": " + problem.what()};
    }
  }
  accepted.strokes = StrokesOfSteps(steps);
  accepted.steered = accepted.steered || !accepted.strokes.empty();
  return accepted;
}

PushReasons PushReasonsOf(const std::vector<Event>& events, int episode) {
  PushReasons reasons;
  for (const Event& event : events) {
    if (event.key != kPushKey || event.episode != episode || event.why.empty()) continue;
    const Result<std::vector<Stroke>> strokes = StrokesFromText(event.to);
    if (strokes && !strokes.value().empty())
      reasons[{strokes.value().front().attempt, strokes.value().front().step}] = event.why;
  }
  return reasons;
}

Result<Accepted> AcceptedFrom(const std::vector<Event>& events, const config::Settings& settings, int episode) {
  Accepted accepted;
  config::Settings then = settings;
  std::vector<PendingChange> changes;
  for (const Event& event : events) {
    const config::Spec* spec = config::FindSpec(event.key);
    if (spec == nullptr || spec->when != config::When::kEpisode) continue;
    if (Status added = AddChange(event.key, event.to, event.episode, event.why, &then, &changes); !added)
      return added.error();
    accepted.steered = accepted.steered || event.kind == Event::Kind::kIntervention;
  }
  if (!changes.empty()) accepted.changes = std::move(changes);
  Result<std::vector<Stroke>> strokes = StrokesOf(events, episode);
  if (!strokes) return strokes.error();
  accepted.strokes = std::move(strokes).value();
  accepted.push_reasons = PushReasonsOf(events, episode);
  accepted.steered = accepted.steered || !accepted.strokes.empty();
  return accepted;
}

std::vector<std::string> LinesOf(const Accepted& accepted, int horizon) {
  std::vector<std::string> lines;
  if (accepted.changes) lines.push_back(ChangesLine(*accepted.changes, accepted.steered));
  for (size_t i = 0; i < accepted.strokes.size(); ++i) {
    Stroke stroke = accepted.strokes[i];
    // A line says what is in force at its own step alone.
    const bool followed = i + 1 < accepted.strokes.size() && accepted.strokes[i + 1].attempt == stroke.attempt;
    const int until = followed ? accepted.strokes[i + 1].step : horizon;
    const int end = IsRelease(stroke.push) ? stroke.step + 1 : until;
    for (; stroke.step < end; ++stroke.step) {
      const auto why = accepted.push_reasons.find({stroke.attempt, stroke.step});
      lines.push_back(PushLine(stroke, why != accepted.push_reasons.end() ? why->second : ""));
    }
  }
  return lines;
}

void SaveChanges(const std::vector<PendingChange>& changes, ArchiveWriter& out) {
  out.Put(kHasAcceptedLog, int64_t{1});
  out.Put("engine.pending", static_cast<int64_t>(changes.size()));
  for (size_t i = 0; i < changes.size(); ++i) {
    const std::string n = std::to_string(i);
    out.Put("engine.pending_key" + n, changes[i].key);
    out.Put("engine.pending_value" + n, config::ToText(changes[i].to));
    out.Put("engine.pending_episode" + n, static_cast<int64_t>(changes[i].episode));
    if (!changes[i].why.empty()) out.Put("engine.pending_why" + n, changes[i].why);
  }
}

Result<std::vector<PendingChange>> LoadChanges(const ArchiveReader& in, const config::Settings& settings, int next) {
  std::vector<PendingChange> changes;
  config::Settings then = settings;
  const int64_t count = in.Int("engine.pending");
  for (int64_t i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    const int episode =
        in.Has("engine.pending_episode" + n) ? static_cast<int>(in.Int("engine.pending_episode" + n)) : next;
    const std::string why = in.Has("engine.pending_why" + n) ? in.Text("engine.pending_why" + n) : "";
    const Status added = AddChange(in.Text("engine.pending_key" + n), in.Text("engine.pending_value" + n), episode, why,
                                   &then, &changes);
    if (!added) return added.error();
  }
  return changes;
}

}  // namespace equipoise::run
