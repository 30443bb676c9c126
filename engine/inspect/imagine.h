// imagine.h: rolls a kept model forward under one mask, or under all, and keeps every step; see imagined.h.
//
// Streams  a policy's rollouts draw as the check does (engine/eps/check.h). With real actions: "inspect.dyn" of (seed,
//          episode, mask + 1), where 0 stands for all masks together
// Thread   any; const moment
#pragma once

#include "engine/agent/decision_moment.h"
#include "engine/env/task.h"
#include "engine/inspect/real_episode.h"

namespace equipoise::run {

constexpr int kMeasured = 32;  // rollouts of one mask that a quantile over them rests on

struct ImagineScene {  // borrowed
  const DecisionMoment& moment;
  const learn::StartPool& starts;
  const env::Task& task;
  const RealEpisode* real;  // null: not acted yet
};

// M rollouts of one of the policies that were kept, of which the first `shown` keep their poses.
MaskImagined ImaginePolicy(const ImagineScene& scene, eps::Pick policy, int mask, int shown);
// `mask` < 0: one rollout under each of the check's masks, no poses. The real episode must be there.
MaskImagined ImagineRealActions(const ImagineScene& scene, int mask, int shown);

}  // namespace equipoise::run
