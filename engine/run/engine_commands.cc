// Commands: how each is accepted, made to wait for its boundary, or refused; see engine_impl.h.
#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "engine/run/engine_impl.h"
#include "engine/run/records.h"

namespace equipoise::run {

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
  for (const PendingChange& p : pending_) {
    if (p.key != command.key && !config::Set(next, p.key, p.to).ok()) continue;
  }
  Status set = config::Set(next, command.key, command.value);
  if (set.ok()) set = config::Validate(next);
  if (!set.ok()) {
    Refuse(set.error().message);
    return;
  }
  const config::Value from = config::Get(trainer_->settings(), command.key), to = config::Get(next, command.key);
  pending_.erase(
      std::remove_if(pending_.begin(), pending_.end(), [&](const PendingChange& p) { return p.key == command.key; }),
      pending_.end());
  if (from == to) return;  // back to what is in force: nothing is pending any more
  pending_.push_back({command.key, from, to, trainer_->episodes_picked() + (trainer_->learning() ? 2 : 1)});
}

void EngineImpl::Handle(const CancelChange& command) {
  const auto end =
      std::remove_if(pending_.begin(), pending_.end(), [&](const PendingChange& p) { return p.key == command.key; });
  if (end == pending_.end()) Refuse("No change of " + command.key + " is pending.");
  pending_.erase(end, pending_.end());
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
  refused_.push_back(reason);
  if (refused_.size() > 20) refused_.erase(refused_.begin());
}

void EngineImpl::ApplyPending() {
  std::vector<PendingChange> changes;
  changes.swap(pending_);
  const int episode = trainer_->episodes_picked() + 1;
  const bool by_hand =
      std::any_of(changes.begin(), changes.end(), [](const PendingChange& c) { return c.key != "run.episodes"; });
  const std::string checkpoint = by_hand ? KeepCheckpoint() : "";
  for (const PendingChange& change : changes) {
    trainer_->Apply(change.key, change.to);
    Event event;
    event.episode = episode;
    event.key = change.key;
    event.from = config::ToText(change.from);
    event.to = config::ToText(change.to);
    if (change.key == "run.episodes") {
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
  if (changes.empty()) return;
  settings_ = std::make_shared<config::Settings>(trainer_->settings());
  if (!folder_) return;
  folder_->SetEpisodes(settings_->run.episodes);
  Throw(folder_->SetCondition(store::RunCondition::kRunning, steered_));
}

void EngineImpl::AddEvent(Event event) {
  event.wall_seconds = WallSeconds();
  auto list = std::make_shared<std::vector<std::shared_ptr<const Event>>>(*events_);
  list->push_back(std::make_shared<const Event>(event));
  events_ = list;
  if (folder_) Throw(Log(&*folder_, event));
}

}  // namespace equipoise::run
