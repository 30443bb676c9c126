// tasks.h: makers of the six tasks, from a loaded model; MakeTask (task.h) is what others call.
#pragma once

#include <memory>

#include "engine/env/mujoco_model.h"
#include "engine/env/task.h"

namespace equipoise::env {

std::unique_ptr<Task> MakeAnt(ModelPtr model, AliveBonus alive);
std::unique_ptr<Task> MakeHopper(ModelPtr model, AliveBonus alive);
std::unique_ptr<Task> MakeWalker2d(ModelPtr model, AliveBonus alive);
std::unique_ptr<Task> MakeHalfCheetah(ModelPtr model);
std::unique_ptr<Task> MakeCartpole(ModelPtr model);
std::unique_ptr<Task> MakeDClaw(ModelPtr model);

}  // namespace equipoise::env
