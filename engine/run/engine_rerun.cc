// A run that is made again by another one's script; see engine_impl.h and rerun_script.h.
#include <algorithm>
#include <utility>

#include "engine/run/engine_impl.h"
#include "engine/run/or_throw.h"

namespace equipoise::run {

PendingChanges::Due EngineImpl::ScriptedChanges(int episode) {
  PendingChanges::Due due;
  due.changes = script_->Changes(episode);
  for (const PendingChange& change : due.changes) {
    // The number of episodes may also have been given when the run was continued, which is no event.
    if (change.key == kLengthKey)
      trainer_->Apply(change.key, change.from);
    else
      due.by_hand = true;
  }
  return due;
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
  std::vector<Stroke> strokes = script_->Strokes(trainer_->acting_episode());
  if (script_->Made(history_.episodes()->size())) {
    if (strokes.empty()) EndStretch();
    last_stroke_ = strokes.back();
  }
  pushes_.Repeat(std::move(strokes));
}

void EngineImpl::EndStretch() {
  if (script_->back_to().empty()) {
    OrThrow(control_.Obey(Quit{}));
  } else {
    OrThrow(PlanRollBack(script_->back_to()));
    control_.Abandon();
  }
  control_.ThrowIfEnding();
}

}  // namespace equipoise::run
