// Snapshots: how the engine shows itself; see engine_impl.h.
#include <cmath>

#include "engine/base/clock.h"
#include "engine/record/health.h"
#include "engine/run/engine_impl.h"

namespace equipoise::run {

void EngineImpl::PublishIfDue() {
  constexpr double kPeriod = 0.03;
  if (MonotonicSeconds() - last_publish_ >= kPeriod) Publish();
}

void EngineImpl::Publish() {
  auto s = std::make_shared<Snapshot>();
  s->sequence = ++sequence_;
  s->state = state_;
  s->stopped_reason = stopped_reason_;
  s->steered = steered_;
  s->info = info_;
  s->settings = settings_;
  s->pending = pending_;
  s->kept = kept_;
  s->refused = refused_;
  s->episode = trainer_->episodes_picked() + (trainer_->learning() && state_ != RunState::kFinished ? 1 : 0);
  s->random_done = trainer_->random_done();
  const int64_t partial = live_.acting ? live_.step : 0;
  s->environment_steps = trainer_->data().size() * trainer_->horizon() + partial;
  s->wall_seconds = WallSeconds();
  s->speed = speed_;
  s->eta_seconds = Eta();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (size_t i = 0; i < phases_.size(); ++i) s->phases[i] = phases_[i].progress;
  }
  s->gradient_steps = episodes_->empty() ? 0 : episodes_->back()->gradient_steps;
  for (Phase phase : {Phase::kModelFit, Phase::kModelPolicy, Phase::kSac}) {
    const bool counted = !live_.acting && state_ != RunState::kFinished;
    if (counted) s->gradient_steps += s->phases[static_cast<size_t>(phase)].done;
  }
  s->episodes = episodes_;
  s->events = events_;
  s->decision = decision_;
  s->trace = trainer_->trace();
  s->live = live_;
  s->scalars = trainer_->scalars();
  // A run that was taken up again has not learned anything yet: what its last episode recorded still holds.
  if (s->scalars.empty() && !episodes_->empty()) s->scalars = episodes_->back()->scalars.ToMap();
  s->health = Health();
  std::function<void()> callback;
  {
    const std::lock_guard<std::mutex> lock(snapshot_mutex_);
    latest_ = std::move(s);
    callback = on_publish_;
  }
  last_publish_ = MonotonicSeconds();
  if (callback) callback();
}

double EngineImpl::Eta() const {
  if (episode_walls_.size() < 2) return NAN;
  const double pace = (episode_walls_.back() - episode_walls_.front()) / static_cast<double>(episode_walls_.size() - 1);
  const int left = trainer_->settings().run.episodes - trainer_->episodes_picked();
  return pace * left;
}

std::vector<std::string> EngineImpl::Health() const {
  if (!trainer_->learning()) return {};
  return Diagnose(trainer_->settings(), *episodes_, decision_.get(),
                  ModelOutputs(trainer_->settings(), trainer_->task_info()));
}

}  // namespace equipoise::run
