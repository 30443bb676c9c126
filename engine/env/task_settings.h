// task_settings.h: settings for a task by any name that a person gives it.
//
//   "cartpole"             one that came with the program, configs/cartpole.toml
//   "my/robot.toml"        a file that holds a table [task]: it becomes known (task_library.h), and its other tables
//                          stand on configs/stock.toml
//   "pendulum"             such a file that came with the program, in assets/tasks
//   "robot@1f2e3d4c5b6a"   one that is known
//   "my/settings.toml"     a configuration, whose run.task says which task
//
// Thread   any
// Errors   as config_file.h and LearnTask; what is none of these
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/settings.h"

namespace equipoise::env {

// As config::LoadFile. A run.task among the overrides holds.
Result<config::Settings> LoadSettings(const std::string& name, const std::string& preset,
                                      const config::Overrides& overrides, std::vector<std::string>* idle = nullptr);
// What run.task calls this task. A file that holds none is an error.
Result<std::string> TaskNameOf(const std::string& name);
// Presets that LoadSettings takes; empty when it cannot be read.
std::vector<std::string> PresetsFor(const std::string& name, const std::string& agent);

}  // namespace equipoise::env
