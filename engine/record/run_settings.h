// run_settings.h: the settings that a run's folder says it was begun with.
//
// From then on this process knows where the copy of the run's task lies, where that came from a file.
//
// Thread   any
// Errors   as config::FromJson, and run.json's name before it
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/config/settings.h"
#include "engine/store/run_description.h"

namespace equipoise::run {

// `folder`: the one that the description was read from.
Result<config::Settings> SettingsOf(const store::RunDescription& description, const std::string& folder);

}  // namespace equipoise::run
