// resolve.h: from the command line to the settings and the folder of a run.
#pragma once

#include "app/commands.h"
#include "engine/config/settings.h"

namespace equipoise::app {

// The file named by --config, else the one of --task, else the quick start; then --preset, --set, and the other
// options, which win over the file.
Result<config::Settings> Resolve(const RunOptions& options);

// runs/<task>-<agent>-<preset>-s<seed>, with -2, -3, ... behind it when that is taken.
std::string DefaultFolder(const config::Settings& settings);

}  // namespace equipoise::app
