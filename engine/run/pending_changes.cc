#include "engine/run/pending_changes.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/config/section.h"
#include "engine/run/accepted.h"

namespace equipoise::run {
namespace {

std::vector<PendingChange> Without(const std::string& key, std::vector<PendingChange> changes) {
  const auto is_of_key = [&key](const PendingChange& p) { return p.key == key; };
  changes.erase(std::remove_if(changes.begin(), changes.end(), is_of_key), changes.end());
  return changes;
}

}  // namespace

Status PendingChanges::AskAll(const std::vector<ChangeSetting>& commands, const Standing& standing) {
  std::vector<PendingChange> changes = waiting_;
  bool any = false;  // what is in force already is asked for in vain
  for (const ChangeSetting& command : commands)
    if (Status added = Add(command, standing, &changes, &any); !added) return added;
  return any ? Accept(std::move(changes), standing) : Status();
}

// May it be changed, and to that? Then it waits among the others; `any`: that is something new.
Status PendingChanges::Add(const ChangeSetting& command, const Standing& standing, std::vector<PendingChange>* changes,
                           bool* any) {
  constexpr size_t kLongestWhy = 500;
  const auto is_control = [](unsigned char c) { return c < ' '; };
  if (command.why.size() > kLongestWhy || std::any_of(command.why.begin(), command.why.end(), is_control))
    return Error{"A reason is one line of at most " + std::to_string(kLongestWhy) + " characters."};
  const config::Spec* spec = config::FindSpec(command.key);
  if (spec == nullptr)
    return Error{"There is no setting " + command.key + "; the nearest known one is " +
                 config::NearestKey(command.key) + "."};
  if (spec->when != config::When::kEpisode)
    return Error{command.key + " is fixed for the whole run; start a new one to change it."};
  const std::string& agent = standing.settings.run.agent;
  for (const config::Section& section : config::Sections())
    if (command.key.rfind(section.id + ".", 0) == 0 &&
        !config::Contains(config::SectionsOf(standing.settings), section))
      return Error{command.key + " would change nothing: this run's agent, " + agent + ", has no " + section.title +
                   "."};
  const int* groups = std::get_if<int>(&command.value);
  if (command.key == "distractors.groups" && groups != nullptr && *groups > standing.most_groups)
    return Error{"This run was begun by an older version, whose episodes have room for " +
                 std::to_string(standing.most_groups) + " groups; start a new one for more."};
  config::Settings next = standing.settings;
  if (Status set = config::Set(next, command.key, command.value); !set) return set;
  const config::Value from = config::Get(standing.settings, command.key), to = config::Get(next, command.key);
  const size_t had = changes->size();
  *changes = Without(command.key, std::move(*changes));
  // Back to what is in force: nothing is pending any more.
  if (from != to) changes->push_back({command.key, from, to, standing.boundary, command.why});
  *any = *any || from != to || changes->size() < had;
  return {};
}

Status PendingChanges::TakeBack(const CancelChange& command, const Standing& standing) {
  std::vector<PendingChange> changes = Without(command.key, waiting_);
  if (changes.size() == waiting_.size()) return Error{"No change of " + command.key + " is pending."};
  return Accept(std::move(changes), standing);
}

// What waits from now on, or why not: on disk before anybody is told so.
Status PendingChanges::Accept(std::vector<PendingChange> changes, const Standing& standing) {
  config::Settings next = standing.settings;
  for (const PendingChange& change : changes) (void)config::Set(next, change.key, change.to).ok();  // each was checked
  if (Status valid = config::Validate(next); !valid) return valid;
  if (const Status noted = NoteAll(changes, standing.steered); !noted)
    return Error{"Not changed: " + noted.error().message + "."};
  waiting_ = std::move(changes);
  return {};
}

Status PendingChanges::NoteAll(const std::vector<PendingChange>& waiting, bool steered) const {
  std::vector<PendingChange> all = in_force_;
  all.insert(all.end(), waiting.begin(), waiting.end());
  return note_(ChangesLine(all, steered));
}

int PendingChanges::Episodes(int set) const {
  for (const PendingChange& change : waiting_)
    if (change.key == kLengthKey) set = std::max(set, std::get<int>(change.to));
  return set;
}

PendingChanges::Due PendingChanges::DueBefore(int episode) const {
  // A run that ends here has no next episode: what else is pending waits until somebody asks for more.
  const bool ends = std::any_of(waiting_.begin(), waiting_.end(), [&](const PendingChange& c) {
    return c.key == kLengthKey && c.episode <= episode && std::get<int>(c.to) < episode;
  });
  Due due;
  for (const PendingChange& change : waiting_) {
    const bool now = change.episode <= episode && (!ends || change.key == kLengthKey);
    (now ? due.changes : due.later).push_back(change);
    due.by_hand = due.by_hand || (now && change.key != kLengthKey);
  }
  return due;
}

void PendingChanges::PutInForce(const Due& due) {
  in_force_.insert(in_force_.end(), due.changes.begin(), due.changes.end());
  waiting_ = due.later;
}

Event ToEvent(const PendingChange& change, const config::Value& from, int episode, int64_t distractors,
              const std::string& checkpoint) {
  Event event;
  event.episode = episode;
  event.key = change.key;
  event.from = config::ToText(from);
  event.to = config::ToText(change.to);
  event.why = change.why;
  if (change.key == kLengthKey) {
    event.text = "The run was set to end after " + event.to + " episodes instead of " + event.from + ".";
    return event;
  }
  event.kind = Event::Kind::kIntervention;
  event.checkpoint = checkpoint;
  const std::string since = "; in force from episode " + std::to_string(episode) + ".";
  if (change.key == "distractors.active") {
    const char* done = event.to == "true" ? "You injected " : "You removed ";
    event.text = done + std::to_string(distractors) + " distractors" + since;
  } else {
    event.text = "You set " + change.key + " from " + event.from + " to " + event.to + since;
  }
  if (!checkpoint.empty()) event.text += " Checkpoint " + checkpoint + " kept.";
  return event;
}

Event ToEvent(const config::ScheduledChange& change, const config::Value& from) {
  Event event;
  event.episode = change.episode;
  event.key = change.key;
  event.from = config::ToText(from);
  event.to = config::ToText(change.value);
  event.text = "As scheduled, " + event.key + " went from " + event.from + " to " + event.to +
               "; in force from episode " + std::to_string(event.episode) + ".";
  return event;
}

}  // namespace equipoise::run
