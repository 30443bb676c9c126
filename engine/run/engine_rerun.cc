// A run that is made again by another one's script; see engine_impl.h and rerun_script.h.
#include <algorithm>
#include <utility>

#include "engine/run/engine_impl.h"
#include "engine/run/or_throw.h"
#include "engine/store/kept_checkpoints.h"

namespace equipoise::run {

const RerunScript* EngineImpl::Script() const {
  if (script_) return &*script_;
  return fork_ ? &fork_->script : nullptr;
}

// What is told again before this episode, and what is to be changed.
std::vector<PendingChange> EngineImpl::ScriptedChanges(int episode) {
  const RerunScript* script = Script();
  if (script == nullptr) return {};
  for (Event& event : script->Told(episode)) TellAgain(std::move(event));
  std::vector<PendingChange> changes = script->Changes(episode);
  // The number of episodes may also have been given when the run was continued, which is no event.
  for (const PendingChange& change : changes)
    if (change.key == kLengthKey) trainer_->Apply(change.key, change.from);
  return changes;
}

// A roll back that was made elsewhere led to the state that there is now: from here one can go back to it too.
void EngineImpl::TellAgain(Event event) {
  const std::vector<KeptCheckpoint>& kept = checkpoints_.kept();
  const auto named = [&event](const KeptCheckpoint& c) { return c.name == event.checkpoint; };
  const int number = store::InterventionOf(event.checkpoint);
  const ScopedInterruptHandler patient = Patiently();
  if (number > 0 && std::none_of(kept.begin(), kept.end(), named))
    OrThrow(checkpoints_.Keep(number, event.episode, trainer_->settings().log.kept));
  AddEvent(std::move(event));
}

// True: the run is finished. Does not return where the stretch ends here in another way.
bool EngineImpl::EndsBetweenEpisodes() {
  if (!script_->Made(history_.episodes()->size())) return false;
  const int next = trainer_->episodes_picked() + 1;
  // Something was done in the episode that was then given up.
  const bool goes_into = !script_->Strokes(trainer_->acting_episode()).empty() ||
                         (trainer_->learning() && !script_->Changes(next).empty());
  if (goes_into) return false;
  if (script_->back_to().empty() && trainer_->episodes_picked() >= trainer_->settings().run.episodes) return true;
  EndStretch();
  return false;
}

void EngineImpl::BeginScriptedEpisode() {
  std::vector<Stroke> strokes = Script()->Strokes(trainer_->acting_episode());
  if (script_ && script_->Made(history_.episodes()->size())) {
    if (strokes.empty()) EndStretch();
    last_stroke_ = strokes.back();
  }
  pushes_.Repeat(std::move(strokes), Script()->PushReasons(trainer_->acting_episode()));
}

void EngineImpl::EndStretch() {
  if (script_->back_to().empty()) {
    OrThrow(control_.Obey(Quit{}));
  } else {
    OrThrow(PlanRollBack({script_->back_to(), script_->why()}));
    control_.Abandon();
  }
  control_.ThrowIfEnding();
}

}  // namespace equipoise::run
