// Commands: how each is accepted, made to wait for its boundary, or refused; see engine_impl.h.
#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "engine/record/records.h"
#include "engine/run/engine_impl.h"

namespace equipoise::run {

namespace {

std::vector<PendingChange> Without(const std::string& key, std::vector<PendingChange> changes) {
  const auto is_of_key = [&key](const PendingChange& p) { return p.key == key; };
  changes.erase(std::remove_if(changes.begin(), changes.end(), is_of_key), changes.end());
  return changes;
}

}  // namespace

void EngineImpl::ProcessCommands() {
  std::deque<Command> commands;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    commands.swap(commands_);
    has_commands_ = false;
  }
  for (const Command& command : commands) std::visit([this](const auto& c) { Handle(c); }, command);
  if (!commands.empty()) last_publish_ = 0;  // answer at once
}

void EngineImpl::SetPaused(bool paused) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    paused_ = paused;
    if (paused) step_unit_ = -1;
  }
  changed_.notify_all();
}

void EngineImpl::Handle(const Pause&) { SetPaused(true); }

void EngineImpl::Handle(const Resume&) {
  step_unit_ = -1;
  SetPaused(false);
}

void EngineImpl::Handle(const Step& command) {
  step_unit_ = static_cast<int>(command.unit);
  SetPaused(false);
}

void EngineImpl::Handle(const SetSpeed& command) {
  if (!(command.factor >= 0 && command.factor <= 1000)) {
    Refuse("The speed must lie between 0 (as fast as possible) and 1000 times real time.");
    return;
  }
  speed_ = command.factor;
}

void EngineImpl::Handle(const ChangeSetting& command) {
  const config::Spec* spec = config::FindSpec(command.key);
  if (spec == nullptr) {
    Refuse("There is no setting " + command.key + "; the nearest known one is " + config::NearestKey(command.key) +
           ".");
    return;
  }
  if (spec->when != config::When::kEpisode) {
    Refuse(command.key + " is fixed for the whole run; start a new one to change it.");
    return;
  }
  if (const int* groups = std::get_if<int>(&command.value);
      command.key == "distractors.groups" && groups != nullptr && *groups > trainer_->most_groups()) {
    Refuse("This run was begun by an older version, whose episodes have room for " +
           std::to_string(trainer_->most_groups()) + " groups; start a new one for more.");
    return;
  }
  config::Settings next = trainer_->settings();
  if (const Status set = config::Set(next, command.key, command.value); !set.ok()) {
    Refuse(set.error().message);
    return;
  }
  const config::Value from = config::Get(trainer_->settings(), command.key), to = config::Get(next, command.key);
  std::vector<PendingChange> changes = Without(command.key, pending_);
  // Back to what is in force: nothing is pending any more.
  if (from != to)
    changes.push_back({command.key, from, to, NextBoundary()});
  else if (changes.size() == pending_.size())
    return;
  Accept(std::move(changes));
}

void EngineImpl::Handle(const CancelChange& command) {
  std::vector<PendingChange> changes = Without(command.key, pending_);
  if (changes.size() == pending_.size())
    Refuse("No change of " + command.key + " is pending.");
  else
    Accept(std::move(changes));
}

// The picked episode before whose learning a change that is accepted now takes effect.
int EngineImpl::NextBoundary() const { return working_on_ > 0 ? working_on_ + 1 : trainer_->episodes_picked() + 1; }

// What is pending from now on, or why not: on disk before anybody is told so.
void EngineImpl::Accept(std::vector<PendingChange> changes) {
  config::Settings next = trainer_->settings();
  for (const PendingChange& change : changes) (void)config::Set(next, change.key, change.to).ok();  // each was checked
  if (const Status valid = config::Validate(next); !valid.ok()) {
    Refuse(valid.error().message);
    return;
  }
  if (const Status noted = NoteChanges(changes, steered_); !noted) {
    Refuse("Not changed: " + noted.error().message + ".");
    return;
  }
  pending_ = std::move(changes);
}

Status EngineImpl::NoteChanges(const std::vector<PendingChange>& pending, bool steered) {
  if (!folder_) return {};
  std::vector<PendingChange> all = applied_;
  all.insert(all.end(), pending.begin(), pending.end());
  const std::string line = ChangesLine(all, steered);
  if (Status noted = folder_->WriteInCheckpoints([&] { return accepted_.Append(line); }); !noted) return noted;
  return accepted_.Sync();
}

void EngineImpl::Handle(const PushBody& command) {
  if (!live_.acting) {
    if (!IsRelease(command))
      Refuse(
          "Nobody moves at this moment: a body can be pushed while an episode is being acted. Slow it to real time.");
    return;
  }
  PushBody push = command;
  bool finite = true;
  for (double& v : push.wrench) {
    finite = finite && std::abs(v) <= 1e6;
    v = std::round(v * 1000) / 1000;  // no hand is finer, and the log stays short
  }
  if (!finite || (!IsRelease(push) && trainer_->BodyName(push.body).empty())) {
    Refuse("This push was not understood: it needs a body of the robot and a force of at most a million newtons.");
    return;
  }
  if (IsRelease(push)) push = {};
  wanted_ = push;
}

// Before every environment step: what a hand asked for since the last one, or asked for when this episode was first
// acted.
const PushBody* EngineImpl::PushAt(int attempt, int step) {
  if (step == 0) {
    if (attempt > push_attempt_) EndTouch(trainer_->horizon());  // the attempt diverged; its pushes stay on record
    push_attempt_ = attempt;
  }
  PushBody next = push_;
  for (const Stroke& s : scheduled_)
    if (s.attempt == attempt && s.step == step) next = s.push;
  if (wanted_) next = *wanted_;
  wanted_.reset();
  // Every step that is pushed, so that a killed process leaves how long it was; and the release.
  if (folder_ && (!IsRelease(next) || !IsRelease(push_)))
    Throw(folder_->WriteInCheckpoints([&] { return accepted_.Append(PushLine({attempt, step, next})); }));
  if (!SamePush(next, push_)) {
    touch_.push_back({attempt, step, next});
    touch_episode_ = trainer_->acting_episode();
    push_ = next;
    if (IsRelease(push_)) EndTouch(step);
  }
  return IsRelease(push_) ? nullptr : &push_;
}

void EngineImpl::EndTouch(int step) {
  push_ = {};
  if (touch_.empty()) return;
  std::vector<Stroke> strokes;
  strokes.swap(touch_);
  steered_ = true;
  Event event;
  event.kind = Event::Kind::kIntervention;
  event.number = ++interventions_;
  event.episode = touch_episode_;
  event.key = kPushKey;
  event.to = ToText(strokes);
  event.text = PushSentence(strokes, trainer_->BodyName(strokes.front().push.body), event.episode, step);
  AddEvent(std::move(event));
  if (folder_) Throw(folder_->SetCondition(store::RunCondition::kRunning, steered_));
}

void EngineImpl::Handle(const Quit&) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    quit_ = true;
  }
  changed_.notify_all();
}

void EngineImpl::Refuse(const std::string& reason) {
  refused_.push_back(Named(reason));
  if (refused_.size() > 20) refused_.erase(refused_.begin());
}

void EngineImpl::ApplyPending() {
  const int episode = trainer_->episodes_picked() + 1;
  // A run that ends here has no next episode: what else is pending waits until somebody asks for more.
  const bool ends = std::any_of(pending_.begin(), pending_.end(), [&](const PendingChange& c) {
    return c.key == kLengthKey && c.episode <= episode && std::get<int>(c.to) < episode;
  });
  std::vector<PendingChange> changes, later;
  for (const PendingChange& change : pending_) {
    const bool due = change.episode <= episode && (!ends || change.key == kLengthKey);
    (due ? changes : later).push_back(change);
  }
  if (changes.empty()) return;
  const bool by_hand =
      std::any_of(changes.begin(), changes.end(), [](const PendingChange& c) { return c.key != kLengthKey; });
  // All of it is done again if the process ends before the episode does; but the run has been touched from here on.
  Throw(NoteChanges(pending_, steered_ || by_hand));
  const std::string checkpoint = by_hand ? KeepCheckpoint() : "";
  applied_.insert(applied_.end(), changes.begin(), changes.end());
  pending_ = std::move(later);
  for (PendingChange& change : changes) {
    change.from = config::Get(trainer_->settings(), change.key);
    trainer_->Apply(change.key, change.to);
    Event event;
    event.episode = episode;
    event.key = change.key;
    event.from = config::ToText(change.from);
    event.to = config::ToText(change.to);
    if (change.key == kLengthKey) {
      event.text = "The run was set to end after " + event.to + " episodes instead of " + event.from + ".";
    } else {
      steered_ = true;
      event.kind = Event::Kind::kIntervention;
      event.number = ++interventions_;
      event.checkpoint = checkpoint;
      if (change.key == "distractors.active") {
        const int count = trainer_->data().distractors().size();
        event.text = (event.to == "true" ? "You injected " : "You removed ") + std::to_string(count) +
                     " distractors; in force from episode " + std::to_string(episode) + ".";
      } else {
        event.text = "You set " + change.key + " from " + event.from + " to " + event.to + "; in force from episode " +
                     std::to_string(episode) + ".";
      }
    }
    if (!event.checkpoint.empty()) event.text += " Checkpoint " + event.checkpoint + " kept.";
    AddEvent(std::move(event));
  }
  settings_ = std::make_shared<config::Settings>(trainer_->settings());
  if (!folder_) return;
  folder_->SetEpisodes(settings_->run.episodes);
  Throw(folder_->SetCondition(store::RunCondition::kRunning, steered_));
}

void EngineImpl::AddEvent(Event event) {
  event.wall_seconds = WallSeconds();
  auto list = std::make_shared<List<Event>>(*events_);
  list->push_back(std::make_shared<const Event>(event));
  events_ = list;
  if (folder_) Throw(Log(&*folder_, event));
}

}  // namespace equipoise::run
