#include "engine/run/rerun_script.h"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <utility>

#include "engine/config/settings.h"
#include "engine/record/records.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {
namespace {

constexpr char kAside[] = "rolled-back-";

bool IsRollBack(const Event& e) { return e.kind == Event::Kind::kIntervention && e.key.empty(); }

bool IsFork(const Event& e) { return e.key == kForkKey; }

bool Knows(const std::vector<Event>& events, const std::string& checkpoint) {
  return std::any_of(events.begin(), events.end(), [&](const Event& e) { return e.checkpoint == checkpoint; });
}

// The number of the folder that this roll back left: named in its sentence, or else the newest below `below`.
int AsideOf(const Event& event, const std::string& root, int below) {
  std::smatch named;
  if (std::regex_search(event.text, named, std::regex("rolled-back-([0-9]{1,6})"))) return std::stoi(named[1]);
  int newest = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!std::regex_match(name, named, std::regex("rolled-back-([0-9]{1,6})"))) continue;
    const int number = std::stoi(named[1]);
    if (number >= below || number <= newest) continue;
    const auto events = ReadEvents(it->path().string());
    if (events && Knows(events.value(), event.checkpoint)) newest = number;
  }
  return newest;
}

}  // namespace

Status RerunScript::ReadInto(const std::string& root, const std::string& folder, int below, std::vector<Stretch>* out) {
  auto read_events = ReadEvents(folder);
  if (!read_events) return read_events.error();
  auto lines = store::ReadLines(store::RunPaths(folder).episodes);
  if (!lines) return lines.error();
  std::vector<Event> all = std::move(read_events).value();
  const auto forked = std::find_if(all.rbegin(), all.rend(), IsFork);
  auto last = std::find_if(all.rbegin(), forked, IsRollBack);
  if (last == forked) last = all.rend();
  Stretch stretch;
  stretch.episodes = lines.value().size();
  if (last != all.rend()) {
    const int number = AsideOf(*last, root, below);
    const std::string aside = root + "/" + kAside + std::to_string(number);
    if (number == 0 || !std::filesystem::exists(aside))
      return Error{folder + " was rolled back to " + last->checkpoint +
                   ", and the folder of what came before that is gone: it cannot be made again"};
    if (Status read = ReadInto(root, aside, number, out); !read) return read;
    out->back().back_to = last->checkpoint;
    out->back().why = last->why;
    stretch.events.assign(last.base(), all.end());
  } else {
    stretch.events = std::move(all);
  }
  return Add(std::move(stretch), out);
}

Status RerunScript::Add(Stretch stretch, std::vector<Stretch>* out) {
  for (const Event& e : stretch.events)
    if (e.key == kPushKey)
      if (auto strokes = StrokesFromText(e.to); !strokes) return strokes.error();
  out->push_back(std::move(stretch));
  return {};
}

Result<RerunScript> RerunScript::Read(const std::string& folder) {
  RerunScript script;
  if (Status read = ReadInto(folder, folder, 1 << 30, &script.stretches_); !read) return read.error();
  return script;
}

Result<RerunScript> RerunScript::ReadStraight(const std::string& folder) {
  auto events = ReadEvents(folder);
  if (!events) return events.error();
  auto lines = store::ReadLines(store::RunPaths(folder).episodes);
  if (!lines) return lines.error();
  RerunScript script;
  if (Status added = Add({std::move(events).value(), lines.value().size(), ""}, &script.stretches_); !added)
    return added.error();
  return script;
}

std::vector<Event> RerunScript::Told(int episode) const {
  std::vector<Event> told;
  for (const Event& e : Now().events)
    if (e.episode == episode && (IsRollBack(e) || IsFork(e))) told.push_back(e);
  return told;
}

std::vector<PendingChange> RerunScript::Changes(int episode) const {
  std::vector<PendingChange> changes;
  for (const Event& e : Now().events) {
    if (e.episode != episode || e.key.empty() || e.key == kPushKey) continue;
    const bool by_hand = e.kind == Event::Kind::kIntervention || e.key == kLengthKey;
    if (!by_hand) continue;  // what is scheduled lies in the settings
    config::Settings from, to;
    if (!config::SetFromText(from, e.key, e.from) || !config::SetFromText(to, e.key, e.to)) continue;  // compared later
    changes.push_back({e.key, config::Get(from, e.key), config::Get(to, e.key), episode, e.why});
  }
  return changes;
}

}  // namespace equipoise::run
