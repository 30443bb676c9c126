// The stages of an episode and how far each is; see engine_impl.h.
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/run/engine_impl.h"

namespace equipoise::run {

void EngineImpl::OnProgress(const std::string& stage, int done, int total) {
  const Phase phase = PhaseOf(stage);
  {
    const MutexLock lock(told_mutex_);
    PhaseClock& clock = phases_[static_cast<size_t>(phase)];
    const double now = MonotonicSeconds();
    if (!clock.progress.active && clock.started == 0) clock.started = now;
    clock.progress.done = done;
    clock.progress.total = total;
    clock.progress.active = done < total;
    clock.progress.seconds = now - clock.started;
  }
  const bool gradient = phase == Phase::kModelFit || phase == Phase::kModelPolicy || phase == Phase::kSac;
  if (gradient) control_.Ended(Step::Unit::kGradientStep);
}

void EngineImpl::BeginPhases() {
  const std::vector<Stage> stages = trainer_->Stages();
  const MutexLock lock(told_mutex_);
  for (PhaseClock& clock : phases_) {
    clock = {};
    clock.progress.used = false;
  }
  for (const Stage& stage : stages) {
    PhaseProgress& progress = phases_[static_cast<size_t>(PhaseOf(stage.id))].progress;
    progress.used = true;
    progress.total = stage.total;
  }
  PhaseProgress& random = phases_[static_cast<size_t>(Phase::kRandom)].progress;
  random.done = trainer_->random_done();
  random.active = random.used;
}

}  // namespace equipoise::run
