// Snapshots: how the engine shows itself; see engine_impl.h.
#include <utility>

#include "engine/base/clock.h"
#include "engine/record/health.h"
#include "engine/run/engine_impl.h"

namespace equipoise::run {

void EngineImpl::PublishIfDue() {
  if (publisher_.IsDue()) Publish();
}

void EngineImpl::Publish() {
  auto s = std::make_shared<Snapshot>();
  s->state = state_;
  s->stopped_reason = stopped_reason_;
  s->steered = history_.steered();
  s->info = info_;
  s->settings = settings_;
  s->pending = changes_.waiting();
  s->kept = checkpoints_.kept();
  s->refused = refused_;
  s->episode = trainer_->episodes_picked() + (trainer_->learning() && state_ != RunState::kFinished ? 1 : 0);
  s->random_done = trainer_->random_done();
  const int64_t partial = live_.acting ? live_.step : 0;
  s->environment_steps = trainer_->data().size() * trainer_->horizon() + partial;
  s->wall_seconds = WallSeconds();
  s->speed = control_.speed();
  s->eta_seconds = pace_.SecondsAnEpisode() * (trainer_->settings().run.episodes - trainer_->episodes_picked());
  {
    const MutexLock lock(told_mutex_);
    const double now = MonotonicSeconds();
    for (const StageClock& clock : stages_) {
      s->stages.push_back(clock.progress);
      if (clock.progress.active && clock.started > 0) s->stages.back().seconds = now - clock.started;
    }
  }
  const List<EpisodeSummary>& episodes = *history_.episodes();
  s->gradient_steps = episodes.empty() ? 0 : episodes.back()->gradient_steps;
  if (!live_.acting && state_ != RunState::kFinished)
    for (const StageProgress& stage : s->stages)
      if (stage.learns()) s->gradient_steps += stage.done;
  s->episodes = history_.episodes();
  s->events = history_.events();
  s->decision = decision_;
  s->trace = trainer_->trace();
  s->live = live_;
  s->scalars = trainer_->scalars();
  // A run that was taken up again has not learned anything yet: what its last episode recorded still holds.
  if (s->scalars.empty() && !episodes.empty()) s->scalars = episodes.back()->scalars.ToMap();
  if (trainer_->learning())
    s->health = Diagnose(trainer_->settings(), info_->parts, episodes, decision_.get(),
                         ModelOutputs(trainer_->settings(), trainer_->task_info()));
  if (time_needed_ && trainer_->episodes_picked() == 0)
    s->health.insert(s->health.begin(), {"run.long", time_needed_->Sentence() + ".", {}});
  if (!disk_.waits_for.empty() && state_ == RunState::kPaused)
    s->health.insert(s->health.begin(), {"disk.full",
                                         "The disk is full (" + disk_.waits_for +
                                             "). Training waits, has lost nothing, and goes on by itself when there is "
                                             "room.",
                                         {"free some space"}});
  publisher_.Publish(std::move(s));
}

}  // namespace equipoise::run
