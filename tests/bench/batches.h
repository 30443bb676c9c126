// batches.h: what an on-policy learner is measured on.
//
// Thread   one
#pragma once

#include <memory>

#include "engine/learn/on_policy.h"
#include "engine/model/world_model.h"

namespace equipoise::bench {

// The same batch of recorded steps each time, drawn and valued by the policy that asks first.
std::unique_ptr<learn::OnPolicySource> NewStandingBatch();

// learn::ImaginedBatches in plain LibTorch operations, from starts of episodes: all trajectories at once, and the policy
// in LibTorch as well. The model, one that aten/world.h knows, outlives it.
std::unique_ptr<learn::OnPolicySource> NewPlainBatches(const model::WorldModel& model);

}  // namespace equipoise::bench
