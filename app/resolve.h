// resolve.h: from the command line to the settings and the folder of a run.
#pragma once

#include "app/commands.h"
#include "engine/config/settings.h"
#include "engine/record/command.h"
#include "engine/record/snapshot.h"
#include "engine/store/run_description.h"

namespace equipoise::app {

// The file named by --config, else the one of --task, else the quick start; then --preset, --set, and the other
// options, which win over the file. Says on standard error what was asked for and changes nothing.
Result<config::Settings> Resolve(const RunOptions& options);

// What "key=value" texts ask a run to change; how long it is to be has an option of its own.
Result<std::vector<run::ChangeSetting>> ChangesOf(const std::vector<std::string>& set);

// Says on standard error which of these are in force already, since they are not among what waits.
void WarnOfIdle(const std::vector<run::ChangeSetting>& changes, const std::vector<run::PendingChange>& waiting);

// What `wanted` asks for and the run in `folder` was not begun with, in a sentence; "": nothing. How long it is to be
// is left out.
std::string Contradiction(const config::Settings& wanted, const store::RunDescription& begun,
                          const std::string& folder);

// runs/<task>-<agent>-<preset>-s<seed>, with -2, -3, ... behind it when that is taken at this moment. See
// run::BeginRun.
std::string DefaultFolder(const config::Settings& settings);

}  // namespace equipoise::app
