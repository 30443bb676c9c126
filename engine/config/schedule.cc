#include "engine/config/schedule.h"

#include <algorithm>
#include <charconv>

#include "engine/config/section.h"

namespace equipoise::config {
namespace {

std::string Trimmed(std::string text) {
  constexpr char kBlanks[] = " \t\r\n";
  text.erase(0, std::min(text.find_first_not_of(kBlanks), text.size()));
  text.erase(text.find_last_not_of(kBlanks) + 1);
  return text;
}

bool HasPartFor(const Settings& settings, const std::string& key) {
  const std::vector<const Section*> sections = SectionsOf(settings);
  return std::any_of(sections.begin(), sections.end(),
                     [&key](const Section* section) { return key.rfind(section->id + ".", 0) == 0; });
}

Result<ScheduledChange> ReadOne(const std::string& text) {
  const auto wrong = [&text](const std::string& what) { return Error{"run.schedule: \"" + text + "\" " + what}; };
  const size_t blank = text.find_first_of(" \t"), equals = text.find('=');
  if (blank == std::string::npos || equals == std::string::npos || equals < blank)
    return wrong("should be an episode and a change, as in \"100 eps.force_every=5\"");
  ScheduledChange change;
  const char *begin = text.data(), *end = begin + blank;
  const auto [stop, error] = std::from_chars(begin, end, change.episode);
  if (error != std::errc() || stop != end || change.episode < 1)
    return wrong("should begin with the number of an episode, from 1");
  change.key = Trimmed(text.substr(blank, equals - blank));
  const Spec* spec = FindSpec(change.key);
  if (spec == nullptr)
    return wrong("names an unknown setting, " + change.key + "; the nearest known one is " + NearestKey(change.key));
  if (change.key == "run.episodes") return wrong("cannot be: how long the run is to be is said once");
  if (spec->when != When::kEpisode) return wrong("cannot be: " + change.key + " is fixed for the whole run");
  Settings any;
  if (Status set = SetFromText(any, change.key, text.substr(equals + 1)); !set)
    return wrong("cannot be: " + set.error().message);
  change.value = Get(any, change.key);
  return change;
}

}  // namespace

Result<std::vector<ScheduledChange>> ReadSchedule(const std::string& text) {
  std::vector<ScheduledChange> changes;
  for (size_t at = 0; at <= text.size();) {
    const size_t comma = std::min(text.find(',', at), text.size());
    const std::string one = Trimmed(text.substr(at, comma - at));
    at = comma + 1;
    if (one.empty()) continue;
    auto change = ReadOne(one);
    if (!change) return change.error();
    changes.push_back(std::move(change).value());
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const ScheduledChange& a, const ScheduledChange& b) { return a.episode < b.episode; });
  return changes;
}

Status CheckSchedule(const Settings& settings) {
  auto changes = ReadSchedule(settings.run.schedule);
  if (!changes) return changes.error();
  Settings then = settings;
  then.run.schedule.clear();
  for (const ScheduledChange& change : changes.value()) {
    if (!HasPartFor(settings, change.key)) continue;
    if (Status set = Set(then, change.key, change.value); !set) return set;
    if (Status valid = Validate(then); !valid)
      return Error{"run.schedule, from episode " + std::to_string(change.episode) + " on: " + valid.error().message};
  }
  return {};
}

std::vector<ScheduledChange> ScheduledFor(const Settings& settings, int episode) {
  if (settings.run.schedule.empty()) return {};
  auto changes = ReadSchedule(settings.run.schedule);
  if (!changes) return {};  // no such settings are made
  std::vector<ScheduledChange> due;
  for (const ScheduledChange& change : changes.value())
    if (change.episode == episode && HasPartFor(settings, change.key)) due.push_back(change);
  return due;
}

}  // namespace equipoise::config
