// config_path.h: where a configuration file is.
#pragma once

#include <string>

#include "engine/base/result.h"

namespace equipoise::config {

// A file of that name as it stands, or a pipe or device; "-" is standard input. Else, for "cartpole", "cartpole.toml"
// or "configs/cartpole.toml", the one that came with the program: in the source tree it was built from, or where it was
// installed. Errors name every place that was tried.
Result<std::string> FindConfig(const std::string& name);

}  // namespace equipoise::config
