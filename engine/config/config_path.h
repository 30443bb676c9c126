// config_path.h: where a configuration file is.
#pragma once

#include <string>

#include "engine/base/result.h"

namespace equipoise::config {

// A name ("cartpole") is that of a configuration that came with the program, in the source tree it was built from or
// where it was installed (configs/, and the tasks in assets/tasks/); a file that happens to be called so is not meant.
// What has a slash or ends in .toml is a path: that file as it stands, which may be a pipe, else for "cartpole.toml" and
// "configs/cartpole.toml" the one that came along; sweeps likewise ("sweeps/table1", "configs/sweeps/table1.toml"). "-":
// standard input. Errors name every place that was tried.
Result<std::string> FindConfig(const std::string& name);

}  // namespace equipoise::config
