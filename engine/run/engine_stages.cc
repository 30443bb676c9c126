// The stages of an episode and how far each is; see engine_impl.h.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/run/engine_impl.h"

namespace equipoise::run {

void EngineImpl::OnProgress(const std::string& stage, int done, int total) {
  bool learns = false;
  {
    const MutexLock lock(told_mutex_);
    const auto found =
        std::find_if(stages_.begin(), stages_.end(), [&](const StageClock& c) { return c.progress.id == stage; });
    EQ_CHECK(found != stages_.end(), "no stage is called " + stage);
    const double now = MonotonicSeconds();
    if (!found->progress.active && found->started == 0) found->started = now;
    found->progress.done = done;
    found->progress.total = total;
    found->progress.active = done < total;
    found->progress.seconds = now - found->started;
    learns = found->progress.learns();
  }
  if (learns && done > 0) control_.Ended(Step::Unit::kGradientStep);
}

void EngineImpl::BeginStages() {
  std::vector<Stage> all = trainer_->Stages();
  std::vector<StageClock> stages;
  for (Stage& stage : all) {
    stages.push_back({StageProgress(std::move(stage)), 0});
    StageProgress& progress = stages.back().progress;
    if (progress.id != kRandomStage) continue;
    progress.done = trainer_->random_done();
    progress.active = true;
  }
  const MutexLock lock(told_mutex_);
  stages_ = std::move(stages);
}

}  // namespace equipoise::run
