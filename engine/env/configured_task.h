// configured_task.h: what the settings of a run say about its task, each rule in this one place.
//
// Thread   any; values
// Errors   as MakeTask (task.h)
#pragma once

#include "engine/config/settings.h"
#include "engine/env/distractors.h"
#include "engine/env/task.h"

namespace equipoise::env {

// The task of run.task with the bonus of env.alive_bonus.
Result<std::unique_ptr<Task>> MakeTask(const config::Settings& settings);
// Steps of an episode: env.horizon, and as many as the task has of its own where that is 0.
int HorizonOf(const config::Settings& settings, const TaskInfo& info);
DistractorSpec DistractorSpecOf(const config::Settings& settings);

}  // namespace equipoise::env
