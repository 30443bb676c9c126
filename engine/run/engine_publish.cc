// Snapshots: how the engine shows itself; see engine_impl.h.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/base/clock.h"
#include "engine/run/engine_impl.h"

namespace equipoise::run {
namespace {

std::string Number(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace

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
  std::vector<std::string> sentences;
  const config::Settings& s = trainer_->settings();
  if (trainer_->HasModel() && trainer_->learning()) {
    const double share = s.model.eta / static_cast<double>(std::max<int64_t>(trainer_->data().size(), 1));
    if (share >= 1.0) {
      sentences.push_back("The model sleeps: its prior outweighs " + std::to_string(trainer_->data().size()) +
                          " trajectories (eta/N = " + Number("%.3g", share) +
                          "). Lower model.eta, or wait for more data.");
    }
  }
  if (decision_ != nullptr && decision_->checked) {
    const auto broken =
        std::count_if(decision_->delta.begin(), decision_->delta.end(), [](double d) { return !std::isfinite(d); });
    if (2 * broken > static_cast<std::ptrdiff_t>(decision_->delta.size()))
      sentences.push_back(
          "The model gives no finite return under most masks. Lower model.lr, or go back to a checkpoint.");
  }
  int count = 0;
  double gap = 0;
  for (auto it = episodes_->rbegin(); it != episodes_->rend() && count < 10; ++it) {
    if ((*it)->decision.pick != eps::Pick::kModelBased || std::isnan((*it)->predicted_mean)) continue;
    const double spread = (*it)->predicted_hi - (*it)->predicted_lo;
    if (spread > 0) {
      gap += ((*it)->predicted_mean - (*it)->episode_return) / spread;
      ++count;
    }
  }
  if (count >= 5 && gap / count > 1.0)
    sentences.push_back("The model overrates the model-based policy: its last " + std::to_string(count) +
                        " episodes returned less than the masks' whole band. More model steps or data may help.");
  return sentences;
}

}  // namespace equipoise::run
